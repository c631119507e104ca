// ResolveNames: people and rooms of the directory, then of the contacts, that a text could mean; at most 100 (BEHAVIOUR §6).
import { BackendError } from '../../model/failure.ts';
import type { Person } from '../../model/item.ts';
import { childOf, childrenOf, textOf, xml, type XmlElement } from '../../xml/index.ts';
import { onlyMessageOf } from '../answer.ts';
import type { Soap } from '../soap.ts';

export async function resolveNames(soap: Soap, text: string): Promise<readonly Person[]> {
  const body = xml(
    'm:ResolveNames',
    { ReturnFullContactData: true, SearchScope: 'ActiveDirectoryContacts' },
    xml('m:UnresolvedEntry', {}, text),
  );
  try {
    const message = onlyMessageOf(await soap.call('ResolveNames', body, { repeat: 'safe' }));
    const set = childOf(message, 'ResolutionSet');
    return set === undefined ? [] : childrenOf(set).flatMap(personOf);
  } catch (error) {
    if (error instanceof BackendError && error.failure.kind === 'not-found') return [];
    throw error;
  }
}

function personOf(resolution: XmlElement): readonly Person[] {
  const mailbox = childOf(resolution, 'Mailbox');
  const address = smtpOf(mailbox) ?? smtpOfContact(childOf(resolution, 'Contact'));
  const name = textOf(childOf(mailbox, 'Name'));
  return address === undefined ? [] : [name === '' ? { address } : { address, name }];
}

function smtpOf(mailbox: XmlElement | undefined): string | undefined {
  const address = textOf(childOf(mailbox, 'EmailAddress'));
  return address.includes('@') ? address : undefined;
}

/**
 * Internal people may come with an X500 address; their SMTP addresses are then in the directory's contact data, which
 * writes the primary one `SMTP:`, others `smtp:`, and knows of other kinds (`SIP:`) too.
 */
function smtpOfContact(contact: XmlElement | undefined): string | undefined {
  const list = childOf(contact, 'EmailAddresses');
  const texts = list === undefined ? [] : childrenOf(list).map(textOf);
  const found =
    texts.find((text) => text.startsWith('SMTP:')) ??
    texts.find((text) => /^smtp:/i.test(text)) ??
    texts.find((text) => /^[^:]+@/.test(text));
  return found?.replace(/^smtp:/i, '');
}
