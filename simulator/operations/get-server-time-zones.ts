// GetServerTimeZones ([MS-OXWSGTZ]; BEHAVIOUR §8).
import { childOf, childrenOf, textOf } from '../../src/xml/index.ts';
import { serverTimeZones } from '../calendar/index.ts';
import { respond, success } from '../responses.ts';
import type { Operation } from './operation.ts';

export const getServerTimeZones: Operation = (request, context) => {
  const ids = childOf(request, 'Ids');
  const full = /^(true|1)$/.test(request.attrs['ReturnFullTimeZoneData'] ?? 'true');
  const zones = serverTimeZones(ids === undefined ? undefined : childrenOf(ids).map(textOf), full);
  const definitions = zones.map((zone) => zone.xml).join('');
  return respond(context.operation, [
    success(context, `<m:TimeZoneDefinitions>${definitions}</m:TimeZoneDefinitions>`),
  ]);
};
