// What Outlook and other programs write into contacts in ways of their own.
import { describe, expect, it } from 'vitest';
import type { Stored } from '../../../src/model/backend.ts';
import { emptyContact, type ContactItem } from '../../../src/model/item.ts';
import { instantOf } from '../../../src/model/zones.ts';
import { diff, readStored, renderCreate } from '../../../src/ews-backend/fields/index.ts';
import type { XmlElement } from '../../../src/xml/index.ts';
import { el } from './stand-in.ts';

function read(zone: string | undefined, ...parts: readonly XmlElement[]): ContactItem {
  const { item } = readStored(el('Contact', {}, el('ItemId', { Id: 'i' }), ...parts), [], zone);
  if (item.kind !== 'contact') throw new Error('no contact');
  return item;
}

function changes(before: ContactItem, after: ContactItem): string[] {
  const stored: Stored = { id: 'i', version: 'v', tags: {}, item: before };
  return diff(stored, { item: after, tags: {} }).changes.map(({ xml }) => xml);
}

const named = (id: number, value: string): XmlElement =>
  el(
    'ExtendedProperty',
    {},
    el('ExtendedFieldURI', {
      DistinguishedPropertySetId: 'Address',
      PropertyId: String(id),
      PropertyType: 'String',
    }),
    el('Value', {}, value),
  );

describe('a birthday', () => {
  const zones = [
    'Pacific/Pago_Pago',
    'Pacific/Honolulu',
    'America/Los_Angeles',
    'America/St_Johns',
    'America/Sao_Paulo',
    'UTC',
    'Europe/London',
    'Europe/Vienna',
    'Asia/Kolkata',
    'Asia/Kathmandu',
    'Asia/Tokyo',
    'Australia/Lord_Howe',
    'Pacific/Auckland',
    'Pacific/Chatham',
    'Pacific/Tongatapu',
    'Pacific/Kiritimati',
  ];
  const dates = ['1604-02-29', '1960-04-15', '1985-12-31', '2001-07-01'];
  const birthday = (zone: string | undefined, instant: number) =>
    read(zone, el('Birthday', {}, new Date(instant).toISOString())).birthday;

  it.each(zones)('is the day that a program in %s meant', (zone) => {
    for (const date of dates) {
      const utc = Date.parse(`${date}T00:00:00Z`);
      expect(birthday(zone, utc), `${date}, midnight UTC`).toBe(date);
      expect(birthday(zone, utc + 11 * 3_600_000 + 59 * 60_000), `${date}, 11:59 UTC`).toBe(date);
      if (date < '1970') continue;
      expect(birthday(zone, instantOf(`${date}T00:00:00`, zone)), `${date}, midnight there`).toBe(date);
      expect(birthday(zone, instantOf(`${date}T12:00:00`, zone)), `${date}, noon there`).toBe(date);
    }
  });

  it('of long ago is reckoned with the offsets of today, as Windows does', () => {
    expect(birthday('Pacific/Auckland', Date.parse('1603-12-24T11:00:00Z'))).toBe('1603-12-25');
    expect(birthday('Europe/Vienna', Date.parse('1603-12-24T23:00:00Z'))).toBe('1603-12-25');
  });

  it('is the nearest day when the zone is not known, or another', () => {
    expect(birthday(undefined, Date.parse('1960-04-14T22:00:00Z'))).toBe('1960-04-15');
    expect(birthday('Europe/Vienna', Date.parse('1960-04-15T05:00:00Z'))).toBe('1960-04-15');
  });
});

describe('an e-mail address picked from the directory', () => {
  const entry = (text: string, name: string): XmlElement =>
    el('EmailAddresses', {}, el('Entry', { Key: 'EmailAddress1', Name: name, RoutingType: 'EX' }, text));
  const x500 = '/o=First/ou=Exchange/cn=Recipients/cn=bob';

  it('is shown by its SMTP address where Outlook wrote it beside', () => {
    expect(read('UTC', entry(x500, 'Bob'), named(0x8084, 'bob@example.test')).emails).toEqual({
      email1: { address: 'bob@example.test', name: 'Bob' },
    });
  });

  it('else keeps its slot, and is not written', () => {
    const before = read('UTC', entry(x500, 'Bob'));
    expect(before.emails).toEqual({ email1: { address: '', name: 'Bob' } });
    const after = { ...before, emails: { ...before.emails, email2: { address: 'c@example.test' } } };
    expect(changes(before, after)).toEqual([
      '<t:SetItemField><t:IndexedFieldURI FieldURI="contacts:EmailAddress" FieldIndex="EmailAddress2"/><t:Contact><t:EmailAddresses><t:Entry Key="EmailAddress2">c@example.test</t:Entry></t:EmailAddresses></t:Contact></t:SetItemField>',
    ]);
    expect(renderCreate({ item: before, tags: {} }).xml).not.toContain('EmailAddresses');
  });
});

describe('a post office box', () => {
  it('of a field of its own is read there, also without a street, and changes there', () => {
    const before = read('UTC', named(0x804a, 'Box 1'));
    expect(before.addresses).toEqual({
      business: { street: '', city: '', region: '', country: '', postalCode: '', box: 'Box 1' },
    });
    const after: ContactItem = {
      ...before,
      addresses: { business: { street: 'Box 2', city: '', region: '', country: '', postalCode: '' } },
    };
    expect(changes(before, after)).toEqual([
      '<t:SetItemField><t:IndexedFieldURI FieldURI="contacts:PhysicalAddress:Street" FieldIndex="Business"/><t:Contact><t:PhysicalAddresses><t:Entry Key="Business"><t:Street>Box 2</t:Street></t:Entry></t:PhysicalAddresses></t:Contact></t:SetItemField>',
      '<t:DeleteItemField><t:ExtendedFieldURI DistinguishedPropertySetId="Address" PropertyId="32842" PropertyType="String"/></t:DeleteItemField>',
    ]);
  });
});

describe('the mailing address', () => {
  it('None is none', () => {
    expect(read('UTC', el('PostalAddressIndex', {}, 'None')).mailingAddress).toBeUndefined();
    expect(changes({ ...emptyContact, mailingAddress: 'home' }, emptyContact)).toEqual([
      '<t:DeleteItemField><t:FieldURI FieldURI="contacts:PostalAddressIndex"/></t:DeleteItemField>',
    ]);
  });
});
