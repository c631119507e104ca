// Contacts for tests: a mailbox that holds whatever it is given, and arbitrary contacts as it may hold them.
import * as fc from 'fast-check';
import type { Stored } from '../../src/model/backend.ts';
import type { Expression } from '../../src/model/expression.ts';
import { type ContactItem, emptyContact, type Item } from '../../src/model/item.ts';
import { parseIncoming } from '../../src/translate/incoming.ts';
import { residueOf } from '../../src/translate/kept.ts';
import { renderStored } from '../../src/translate/render.ts';

export const express = (item: Item): Expression => ({ kind: 'ok', held: item });

export const blank: ContactItem = { ...emptyContact, fullName: 'Ada Lovelace' };

export function stored(item: ContactItem, residue?: string): Stored {
  return { id: 'id', version: 'v', tags: { uid: 'u1', ...(residue && { residue }) }, item };
}

export function render(held: Stored, vcard: '3.0' | '4.0' = '3.0'): string {
  return renderStored([held], { uid: 'u1', express, ownAddresses: [], vcard });
}

/** A client's PUT: what the mailbox holds afterwards. */
export function put(text: string, present?: Stored): Stored {
  const incoming = parseIncoming(text, 'contacts', { ownAddresses: [], ...(present && { present }) });
  const item = incoming.item as ContactItem;
  return stored(item, residueOf(incoming, { kind: 'ok', held: item }, express));
}

export function card(...lines: readonly string[]): string {
  const head = lines.some((line) => line.startsWith('VERSION')) ? [] : ['VERSION:3.0'];
  return ['BEGIN:VCARD', ...head, 'UID:u1', 'FN:Ada Lovelace', ...lines, 'END:VCARD', ''].join('\r\n');
}

/** Text as people write it, with everything that vCard escapes; no blanks at the ends. */
const text = fc
  .stringMatching(/^[A-Za-zäöü€😀,;:\\"'^ .-]{1,20}$/u)
  .map((value) => value.trim())
  .filter((value) => value !== '');
const line = fc.oneof(fc.constant(''), text);
const lines = fc.array(text, { minLength: 1, maxLength: 3 }).map((all) => all.join('\n'));
const phone = fc.stringMatching(/^\+[1-9][0-9 ]{5,10}[0-9]$/);
const email = fc.stringMatching(/^[a-z]{1,8}@[a-z]{1,8}\.org$/).map((address) => ({ address }));
const day = fc
  .date({ min: new Date('1605-01-01'), max: new Date('2090-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const yearless = fc.constantFrom('1604-02-29', '1604-12-31');
const address = fc
  .record({ street: lines, city: line, region: line, postalCode: line, country: line })
  .filter((each) => each.street !== '');

/** Slots are filled from the first on, as a card without numbers can only say. */
const emails = fc
  .uniqueArray(email, { maxLength: 3, selector: (each) => each.address })
  .map((all) => Object.fromEntries(all.map((each, index) => [`email${index + 1}`, each])));
const ims = fc
  .uniqueArray(fc.stringMatching(/^(xmpp:|skype:)?[a-z]{2,8}$/), { maxLength: 3 })
  .map((all) => Object.fromEntries(all.map((each, index) => [`im${index + 1}`, each])));
const singlePhones = [
  'businessFax homeFax otherFax mobile pager car isdn assistant callback companyMain radio telex ttyTdd primary other business home',
].flatMap((names) => names.split(' '));
const phones = fc
  .record(Object.fromEntries(singlePhones.map((slot) => [slot, phone])), { requiredKeys: [] })
  .chain((all) =>
    fc.record({ second: fc.boolean(), number: phone }).map(({ second, number }) => ({
      ...all,
      ...(second && all['business'] !== undefined && { business2: number }),
      ...(second && all['home'] !== undefined && { home2: number }),
    })),
  );

export const contacts: fc.Arbitrary<ContactItem> = fc
  .record(
    {
      fullName: text,
      name: fc.record({ prefix: line, given: line, middle: line, family: line, suffix: line }),
      nickname: line,
      emails,
      phones,
      addresses: fc.record({ business: address, home: address, other: address }, { requiredKeys: [] }),
      ims,
      company: line,
      department: line,
      office: line,
      title: line,
      profession: line,
      manager: line,
      assistant: line,
      spouse: line,
      children: fc.array(text, { maxLength: 3 }),
      birthday: fc.oneof(day, yearless),
      anniversary: day,
      pages: fc.record({ business: fc.webUrl(), personal: fc.webUrl() }, { requiredKeys: [] }),
      freeBusyUrl: fc.oneof(fc.constant(''), fc.webUrl()),
      hobbies: line,
      phonetic: fc.record({ given: line, family: line, company: line }),
      gender: fc.constantFrom('female', 'male'),
      fileAs: text,
      mailingAddress: fc.constantFrom('business', 'home', 'other'),
      note: lines,
      categories: fc.uniqueArray(text, { maxLength: 3 }),
      sensitivity: fc.constantFrom('normal', 'personal', 'private', 'confidential'),
      photo: fc.uint8Array({ minLength: 1, maxLength: 40 }).map((bytes) => ({
        name: 'ContactPicture.jpg',
        contentType: 'image/png',
        base64: Buffer.from(bytes).toString('base64'),
      })),
    },
    { requiredKeys: [] },
  )
  .map(({ mailingAddress, ...fields }) => ({
    ...blank,
    ...fields,
    // Letters go to an address that there is.
    ...(mailingAddress !== undefined && fields.addresses?.[mailingAddress] && { mailingAddress }),
  }));
