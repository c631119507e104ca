// examples/MimeContent: calendar items as Exchange wrote them. Each object twice into the mailbox: by a DAV client's PUT, and by
// another program as the MimeContent of a new item, which the gateway has then never seen before.
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CorpusObject } from '../fidelity/corpus.ts';
import { objectsOf } from '../fidelity/corpus.ts';
import { renderComponent, parseLines } from '../fidelity/content-lines.ts';
import { alice, asCalendar, asXml, basic, calendarOf, etagsBody, type Stage } from '../gateway/stage.ts';
import { responsesOf } from '../gateway/stage.ts';
import { spec } from '../ews-backend/spec.ts';

/** `MimeContent-08-ms-timezones-2`: the second object of that file. */
export function readMimeObjects(): CorpusObject[] {
  const folder = resolve(spec ?? '', 'examples/MimeContent');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ics'))
    .sort()
    .flatMap((file) => objectsOf(file, readFileSync(resolve(folder, file))))
    .map((object) => ({
      ...object,
      name: `MimeContent-${object.name.replace('.ics', '').replace('#', '-')}`,
    }));
}

export function textOfObject({ body }: CorpusObject): string {
  return parseLines(body).roots.map(renderComponent).join('');
}

/** What a client reads after a client has put it; or the answer that refuses it. */
export async function throughDav(stage: Stage, object: CorpusObject): Promise<string> {
  const href = `${calendarOf(alice)}${object.name}.ics`;
  const put = await stage.ask('PUT', href, { headers: asCalendar, body: textOfObject(object) });
  if (put.status !== 201) throw new Error(`${put.status} ${put.text}`);
  const { text } = await stage.ask('GET', href);
  await stage.ask('DELETE', href);
  return text;
}

/** What a client reads after another program has made the item; or the code of the answer that refuses it. */
export async function throughExchange(stage: Stage, object: CorpusObject): Promise<string> {
  const mime = Buffer.from(textOfObject(object)).toString('base64');
  const code = await createItem(stage, mime);
  if (code !== 'NoError') throw new Error(code);
  stage.advance();
  const headers = { ...asXml, depth: '1' };
  const list = await stage.ask('PROPFIND', calendarOf(alice), { headers, body: etagsBody });
  const [href] = [...responsesOf(list).keys()].filter((each) => each.endsWith('.ics'));
  const { text } = await stage.ask('GET', href ?? '');
  await stage.ask('DELETE', href ?? '');
  return text;
}

async function createItem(stage: Stage, mime: string): Promise<string> {
  const body = `<m:CreateItem SendMeetingInvitations="SendToNone"><m:Items><t:CalendarItem><t:MimeContent CharacterSet="UTF-8">${mime}</t:MimeContent></t:CalendarItem></m:Items></m:CreateItem>`;
  const answer = await fetch(stage.simulator.url, {
    method: 'POST',
    body: `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages" xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types"><s:Header><t:RequestServerVersion Version="Exchange2016"/></s:Header><s:Body>${body}</s:Body></s:Envelope>`,
    headers: { authorization: basic(alice), 'content-type': 'text/xml; charset=utf-8' },
  });
  return /<m:ResponseCode>(\w+)</.exec(await answer.text())?.[1] ?? 'no answer';
}
