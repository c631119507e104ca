// ConvertId ([MS-OXWSCVTID]; BEHAVIOUR §3): EwsId, EwsLegacyId, EntryId, HexEntryId, StoreId and OwaId of the same thing.
import { childOf, childrenOf, escapeAttribute, type XmlElement } from '../../src/xml/index.ts';
import type { Context } from '../context.ts';
import { EwsError } from '../errors.ts';
import { forEach } from '../responses.ts';
import { parseId } from '../state/ids.ts';
import type { Operation } from './operation.ts';

/** The bytes behind an id are the same in every format; their spelling differs. */
const formats: Readonly<Record<string, { read(id: string): Buffer; write(bytes: Buffer): string }>> = {
  EwsId: base64(),
  EwsLegacyId: base64(),
  EntryId: base64(),
  StoreId: base64(),
  HexEntryId: { read: (id) => Buffer.from(id, 'hex'), write: (bytes) => bytes.toString('hex').toUpperCase() },
  OwaId: {
    read: (id) => Buffer.from(decodeURIComponent(id), 'base64'),
    write: (bytes) => encodeURIComponent(bytes.toString('base64')),
  },
};

export const convertId: Operation = (request, context) => {
  const sources = childOf(request, 'SourceIds');
  const destination = request.attrs['DestinationFormat'] ?? '';
  return forEach(context, sources === undefined ? [] : childrenOf(sources), {
    emptyPayload: '',
    answer: (source) => convert(source, destination, context),
  });
};

function convert(source: XmlElement, destination: string, context: Context): string {
  const { attrs } = source;
  const from = formats[attrs['Format'] ?? ''];
  const to = formats[destination];
  if (source.name !== 'AlternateId' || from === undefined || to === undefined)
    throw new EwsError('ErrorInvalidOperation', 'Ids of public folders are not simulated.');
  const mailbox = attrs['Mailbox'] ?? '';
  if (!/^[^@\s]+@[^@\s]+$/.test(mailbox)) throw new EwsError('ErrorInvalidSmtpAddress');
  const bytes = from.read(attrs['Id'] ?? '');
  // The id itself says whose it is: DavMail learns the address of its user from an answer to an invented one.
  const owner = context.world.byNo.get(parseId(bytes.toString('base64')).mailboxNo);
  if (owner === undefined) throw new EwsError('ErrorNonExistentMailbox');
  return `<m:AlternateId xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="t:AlternateIdType" Format="${destination}" Id="${to.write(bytes)}" Mailbox="${escapeAttribute(owner.address)}"/>`;
}

function base64(): { read(id: string): Buffer; write(bytes: Buffer): string } {
  return { read: (id) => Buffer.from(id, 'base64'), write: (bytes) => bytes.toString('base64') };
}
