// ResolveNames ([MS-OXWSRSLNM]; BEHAVIOUR §6): over the users of the simulator, then the caller's Contacts.
import { childOf, escapeText, textOf } from '../../src/xml/index.ts';
import { answerOf, type Context } from '../context.ts';
import { EwsError } from '../errors.ts';
import { tag } from '../fields/row.ts';
import { renderMail } from '../fields/mailboxes-xml.ts';
import { failure, respond, success, warning } from '../responses.ts';
import { folderOf, type Mail } from '../state/index.ts';
import type { Operation } from './operation.ts';

const mostHits = 100;

export const resolveNames: Operation = (request, context) => {
  const entry = textOf(childOf(request, 'UnresolvedEntry'))
    .trim()
    .replace(/^smtp:/i, '')
    .toLowerCase();
  const scope = request.attrs['SearchScope'] ?? 'ActiveDirectoryContacts';
  const withContact = /^(true|1)$/.test(request.attrs['ReturnFullContactData'] ?? 'false');
  const directory = scope === 'Contacts' ? [] : directoryHits(context, entry);
  const contacts = scope === 'ActiveDirectory' ? [] : contactHits(context, entry);
  const all = scope === 'ContactsActiveDirectory' ? [...contacts, ...directory] : [...directory, ...contacts];
  const hits = all.slice(0, mostHits);
  if (hits.length === 0)
    return respond(context.operation, [failure(context, new EwsError('ErrorNameResolutionNoResults'), '')]);
  const answer = answerOf(context, { bodyType: 'HTML', listing: false });
  const resolutions = hits.map((mail) =>
    tag('Resolution', renderMail(mail, answer) + (withContact ? renderContact(mail) : '')),
  );
  const payload = `<m:ResolutionSet TotalItemsInView="${hits.length}" IncludesLastItemInRange="${String(hits.length === all.length)}">${resolutions.join('')}</m:ResolutionSet>`;
  return respond(context.operation, [
    hits.length === 1
      ? success(context, payload)
      : warning(context, new EwsError('ErrorNameResolutionMultipleResults'), payload),
  ]);
};

function directoryHits(context: Context, entry: string): Mail[] {
  return [...context.world.mailboxes.values()]
    .filter((mailbox) => matches(entry, [mailbox.address, mailbox.name]))
    .map((mailbox) => ({ name: mailbox.name, address: mailbox.address }));
}

function contactHits(context: Context, entry: string): Mail[] {
  const found: Mail[] = [];
  for (const { values, kind } of folderOf(context.user, 'contacts').items.values()) {
    const address = values.emails?.['EmailAddress1']?.address;
    if (kind !== 'contact' || address === undefined) continue;
    const names = [values.displayName, values.fileAs, values.givenName, values.surname, address];
    if (matches(entry, names)) found.push({ name: values.displayName ?? values.fileAs ?? address, address });
  }
  return found;
}

/** Ambiguous name resolution: the beginning of a name, of one of its words, or of an address. */
function matches(entry: string, names: readonly (string | undefined)[]): boolean {
  return names.some((name) => {
    const text = name?.toLowerCase() ?? '';
    return text.startsWith(entry) || text.split(/\s+/).some((word) => word.startsWith(entry));
  });
}

function renderContact(mail: Mail): string {
  const address = escapeText(mail.address ?? '');
  const [first = '', ...rest] = (mail.name ?? '').split(' ');
  return tag(
    'Contact',
    tag('DisplayName', escapeText(mail.name ?? '')) +
      tag('GivenName', escapeText(first)) +
      tag('EmailAddresses', `<t:Entry Key="EmailAddress1">SMTP:${address}</t:Entry>`) +
      tag('ContactSource', 'ActiveDirectory') +
      tag('Surname', escapeText(rest.join(' '))),
  );
}
