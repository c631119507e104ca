// ConvertId: whose mailbox an id belongs to. The answer names the primary address, whatever was asked.
import { childOf, xml } from '../../xml/index.ts';
import { onlyMessageOf } from '../answer.ts';
import type { Soap } from '../soap.ts';

export async function mailboxOfId(soap: Soap, id: string): Promise<string | undefined> {
  const body = xml(
    'm:ConvertId',
    { DestinationFormat: 'EwsId' },
    xml(
      'm:SourceIds',
      {},
      xml('t:AlternateId', { Format: 'EwsId', Id: id, Mailbox: 'unknown@example.invalid' }),
    ),
  );
  const message = onlyMessageOf(await soap.call('ConvertId', body, { repeat: 'safe' }));
  return childOf(message, 'AlternateId')?.attrs['Mailbox'];
}
