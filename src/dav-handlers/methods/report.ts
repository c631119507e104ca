// REPORT (RFC 3253 §3.6): the body says which, whatever its Content-Type.
import { DavError, precondition } from '../../model/failure.ts';
import { clarkOf, renderXml } from '../../xml/index.ts';
import { parseBody } from '../body.ts';
import { parseDepth } from '../depth.ts';
import { multistatusResponse } from '../multistatus.ts';
import { appliedHeaders, parsePreferences } from '../prefer.ts';
import { reports } from '../reports/reports.ts';
import { reportNamesOf } from '../reports/supported.ts';
import { resourceAt } from '../resource.ts';
import type { Method } from './method.ts';

export const report: Method = {
  on: ['root', 'principals', 'homes', 'principal', 'proxy', 'home', 'outbox', 'collection', 'slot'],
  async run({ place, request }, context) {
    const body = parseBody(request);
    if (body === undefined) throw new DavError(400, 'REPORT needs a body');
    const depth = parseDepth(request.headers);
    const resource = await resourceAt(place, context.signal);
    const name = clarkOf(body);
    const run = reports.get(name);
    if (run === undefined || !reportNamesOf(resource).includes(name))
      throw new DavError(403, `the report ${name} is not answered here`, {
        precondition: precondition.supportedReport,
      });
    const { minimal } = parsePreferences(request.headers);
    const answer = await run({ body, resource, depth, minimal }, context);
    switch (answer.kind) {
      case 'multistatus':
        return multistatusResponse(answer, appliedHeaders({ minimal }));
      case 'document':
        return {
          status: 200,
          headers: { 'Content-Type': 'application/xml; charset=utf-8' },
          body: renderXml(answer.root),
        };
      case 'text':
        return { status: 200, headers: { 'Content-Type': answer.contentType }, body: answer.text };
    }
  },
};
