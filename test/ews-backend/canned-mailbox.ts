// A mailbox over a server that answers what the test says: for what the simulated Exchange does not play.
import { afterEach } from 'vitest';
import { openEwsBackend } from '../../src/ews-backend/index.ts';
import type { Mailbox } from '../../src/model/backend.ts';
import { envelope, message, openCannedServer, reply, type Asked } from './canned-server.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const operationOf = ({ body }: Asked): string => /<s:Body><m:(\w+)/.exec(body)?.[1] ?? '';
export const folder = (id: string, content = '', element = 'CalendarFolder', parent = 'root') =>
  `<t:${element}><t:FolderId Id="${id}" ChangeKey="k"/><t:ParentFolderId Id="${parent}"/>${content}</t:${element}>`;

export function several(name: string, contents: readonly string[]): string {
  const messages = contents.map(
    (content) =>
      `<m:${name}ResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode>${content}</m:${name}ResponseMessage>`,
  );
  return `<m:${name}Response><m:ResponseMessages>${messages.join('')}</m:ResponseMessages></m:${name}Response>`;
}
const known = several(
  'GetFolder',
  ['calendar', 'tasks', 'contacts', 'root', 'deleted'].map((id) => `<m:Folders>${folder(id)}</m:Folders>`),
);
export const failure = (name: string, code: string): string => message(name, '', code);

type Answers = Record<string, string | ((asked: Asked, index: number) => string)>;

export async function openTest(
  answers: Answers,
): Promise<{ mailbox: Mailbox; asked: (operation: string) => string[] }> {
  const counts: Record<string, number> = {};
  const server = await openCannedServer((asked, response) => {
    if (asked.headers.authorization === undefined)
      return reply(response, 401, '', { 'WWW-Authenticate': 'Basic realm="x"' });
    const name = operationOf(asked);
    const answer = answers[name] ?? (name === 'GetFolder' ? known : failure(name, 'ErrorInvalidOperation'));
    const index = counts[name] ?? 0;
    counts[name] = index + 1;
    try {
      reply(response, 200, envelope(typeof answer === 'string' ? answer : answer(asked, index)));
    } catch {
      asked.socket.destroy();
    }
  });
  const backend = openEwsBackend({ url: server.url });
  open.push(backend, server);
  const mailbox = await backend.open({ kind: 'password', user: 'ann@example.test', password: 'x' });
  return {
    mailbox,
    asked: (operation) =>
      server.asked.filter((one) => operationOf(one) === operation).map(({ body }) => body),
  };
}

export const item = (id: string, key: string, more = '') =>
  `<m:Items><t:CalendarItem><t:ItemId Id="${id}" ChangeKey="${key}"/>${more}<t:UID>u</t:UID><t:CalendarItemType>Single</t:CalendarItemType></t:CalendarItem></m:Items>`;
