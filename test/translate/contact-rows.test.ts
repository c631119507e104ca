// Contacts both ways: laws for any contact, then slot by slot.
import * as fc from 'fast-check';
import { parse as parseStrictly } from 'vcard4';
import { describe, expect, it } from 'vitest';
import type { ContactItem } from '../../src/model/item.ts';
import { contactRows } from '../../src/translate/contact-rows.ts';
import { blank, card, contacts, put, render, stored } from './contacts.ts';

const versions = ['3.0', '4.0'] as const;
const read = (...lines: readonly string[]): ContactItem => put(card(...lines)).item as ContactItem;
const shown = (text: string, name: string): string[] =>
  text
    .replaceAll('\r\n ', '')
    .split('\r\n')
    .filter((line) => new RegExp(`^(\\w+\\.)?${name}[;:]`).test(line));

describe('any contact', () => {
  it.each(versions)('is read from its %s card as it was written', (version) => {
    fc.assert(
      fc.property(contacts, (item) => {
        const { item: back } = put(render(stored(item), version));
        expect(back).toEqual(item);
      }),
      { numRuns: 150 },
    );
  });

  it.each(versions)('leaves no residue when its own %s card comes back', (version) => {
    fc.assert(
      fc.property(contacts, (item) => {
        const held = stored({ ...item, photo: undefined });
        expect(put(render(held, version), held).tags.residue).toBeUndefined();
      }),
      { numRuns: 100 },
    );
  });

  it('gives a 4.0 card that a strict parser takes', () => {
    fc.assert(
      fc.property(contacts, (item) => {
        // vcard4 4.0.5 takes a quotation mark in a value for the beginning of a quoted parameter, and stumbles.
        const unquoted: ContactItem = JSON.parse(JSON.stringify(item), (_key, value: unknown) =>
          typeof value === 'string' ? value.replaceAll('"', "'") : value,
        );
        const text = render(stored(unquoted), '4.0');
        expect(() => parseStrictly(text)).not.toThrow();
      }),
      { numRuns: 150 },
    );
  });

  it('always gives the same bytes', () => {
    fc.assert(
      fc.property(contacts, (item) => {
        expect(render(stored(structuredClone(item)))).toBe(render(stored(item)));
      }),
      { numRuns: 30 },
    );
  });
});

describe('rows', () => {
  it('claim each name and each field once, and every field', () => {
    const claims = contactRows.flatMap((row) => row.claims);
    const fields = contactRows.flatMap((row) => row.fields);
    expect(new Set(claims).size).toBe(claims.length);
    expect(new Set(fields).size).toBe(fields.length);
    const optional = 'birthday anniversary gender mailingAddress photo fileAs created modified'.split(' ');
    const all = [...Object.keys(blank), ...optional];
    expect(new Set(fields)).toEqual(new Set(all.filter((field) => field !== 'kind')));
  });
});

describe('telephones', () => {
  it.each([
    ['TYPE=WORK', 'business'],
    ['TYPE=WORK,VOICE', 'business'],
    ['TYPE=VOICE;TYPE=WORK', 'business'],
    ['TYPE=HOME', 'home'],
    ['TYPE=CELL', 'mobile'],
    ['TYPE=CELL,WORK', 'mobile'],
    ['TYPE=iPhone,CELL,VOICE,PREF', 'mobile'],
    ['TYPE=FAX', 'otherFax'],
    ['TYPE=FAX,WORK', 'businessFax'],
    ['TYPE=HOME,FAX', 'homeFax'],
    ['TYPE=PAGER', 'pager'],
    ['TYPE=CAR', 'car'],
    ['TYPE=ISDN', 'isdn'],
    ['TYPE=WORK,X-EVOLUTION-ASSISTANT', 'assistant'],
    ['TYPE=X-EVOLUTION-TTYTDD', 'ttyTdd'],
    ['TYPE=MAIN', 'companyMain'],
    ['TYPE=VOICE', 'other'],
    ['TYPE=OTHER', 'other'],
    ['X-P=1', 'other'],
    ['TYPE=PREF', 'primary'],
  ])('%s is %s', (params, slot) => {
    expect(read(`TEL;${params}:+43 1`).phones).toEqual({ [slot]: '+43 1' });
  });

  it('of one kind fill the second slot, and a third is kept', () => {
    const held = put(
      card('TEL;TYPE=WORK:1', 'TEL;TYPE=WORK:2', 'TEL;TYPE=WORK:3', 'TEL;TYPE=CELL:4', 'TEL;TYPE=CELL:5'),
    );
    expect((held.item as ContactItem).phones).toEqual({ business: '1', business2: '2', mobile: '4' });
    expect(shown(render(held), 'TEL')).toEqual([
      'TEL;TYPE=WORK:1',
      'TEL;TYPE=WORK:2',
      'TEL;TYPE=WORK:3',
      'TEL;TYPE=CELL:4',
      'TEL;TYPE=CELL:5',
    ]);
  });

  it('edited in Outlook are shown so, the others in the words of the client, the extra ones too', () => {
    const held = put(card('TEL;TYPE=WORK;X-NOTE=a:1', 'TEL;TYPE=CELL:4', 'TEL;TYPE=CELL:5'));
    const edited = { ...(held.item as ContactItem), phones: { business: '1', mobile: '44', pager: '9' } };
    expect(shown(render(stored(edited, held.tags.residue)), 'TEL')).toEqual([
      'TEL;X-NOTE=a;TYPE=WORK:1',
      'TEL;TYPE=CELL:44',
      'TEL;TYPE=PAGER:9',
      'TEL;TYPE=CELL:5',
    ]);
  });

  it('may be URIs', () => {
    const held = put(
      card(
        'VERSION:4.0',
        'TEL;VALUE=uri;TYPE="work,voice":tel:+1-555',
        'TEL;VALUE=uri;TYPE=cell:tel:+1-555;ext=5',
      ),
    );
    expect((held.item as ContactItem).phones).toEqual({ business: '+1-555', mobile: '+1-555;ext=5' });
  });
});

describe('e-mail addresses', () => {
  it('go by preference, then by order, whatever their types', () => {
    const { emails } = read(
      'EMAIL;TYPE=HOME:a@x.org',
      'EMAIL;TYPE=WORK,PREF:b@x.org',
      'EMAIL:c@x.org',
      'EMAIL:d@x.org',
    );
    expect(emails).toEqual({
      email1: { address: 'b@x.org' },
      email2: { address: 'a@x.org' },
      email3: { address: 'c@x.org' },
    });
  });

  it('are shown in the words of the client, the fourth too', () => {
    const lines = [
      'EMAIL;TYPE=HOME:a@x.org',
      'EMAIL:b@x.org',
      'EMAIL:c@x.org',
      'item1.EMAIL;TYPE=INTERNET:d@x.org',
      'item1.X-ABLABEL:Boat',
    ];
    const text = render(put(card(...lines)));
    for (const line of lines) expect(text).toContain(`${line}\r\n`);
  });

  it('keep the display name the mailbox has for them', () => {
    const held = stored({ ...blank, emails: { email1: { address: 'a@x.org', name: 'Ada (a@x.org)' } } });
    const again = put(card('EMAIL;TYPE=HOME:b@x.org', 'EMAIL:a@x.org'), held);
    expect((again.item as ContactItem).emails).toEqual({
      email1: { address: 'b@x.org' },
      email2: { address: 'a@x.org', name: 'Ada (a@x.org)' },
    });
  });

  it('without an SMTP form are not shown', () => {
    expect(render(stored({ ...blank, emails: { email1: { address: '', name: 'Group' } } }))).not.toContain(
      'EMAIL',
    );
  });
});

describe('the rest', () => {
  it('addresses: every part of the street finds its place, and the original comes back', () => {
    const line = 'ADR;TYPE=HOME:Box 1;Floor 2;Street 3,rear;City;Region;1010;AT';
    const held = put(card(line));
    expect((held.item as ContactItem).addresses.home?.street).toBe('Street 3, rear\nFloor 2\nBox 1');
    expect(render(held)).toContain(`${line}\r\n`);
  });

  it.each([
    ['BDAY:1996-04-15', '1996-04-15'],
    ['BDAY:19960415', '1996-04-15'],
    ['BDAY;VALUE=DATE:1996-04-15', '1996-04-15'],
    ['BDAY:1996-04-15T00:00:00Z', '1996-04-15'],
    ['BDAY;X-APPLE-OMIT-YEAR=1604:1604-04-15', '1604-04-15'],
    ['BDAY:1996-02-31', undefined],
    ['BDAY:circa 1800', undefined],
    ['X-P:1', undefined],
  ])('%s is the birthday %s', (line, birthday) => expect(read(line).birthday).toBe(birthday));

  it('a birthday without year is said as each version says it', () => {
    const held = stored({ ...blank, birthday: '1604-04-15' });
    expect(render(held, '4.0')).toContain('BDAY:--0415\r\n');
    expect(render(held, '3.0')).toContain('BDAY;X-APPLE-OMIT-YEAR=1604:1604-04-15\r\n');
  });

  it.each([
    ['X-SPOUSE:Eve', { spouse: 'Eve' }],
    ['X-EVOLUTION-SPOUSE:Eve', { spouse: 'Eve' }],
    ['X-MANAGER:Doe\\, Jane', { manager: 'Doe, Jane' }],
    ['X-EVOLUTION-MANAGER:Jane', { manager: 'Jane' }],
    ['X-KADDRESSBOOK-X-AssistantsName:Bob', { assistant: 'Bob' }],
    ['X-CHILD:Kim', { children: ['Kim'] }],
    ['X-ANNIVERSARY:2001-02-03', { anniversary: '2001-02-03' }],
    ['ORG:A\\, B;C;D', { company: 'A, B', department: 'C' }],
    ['ROLE:Engineer', { profession: 'Engineer' }],
    ['NICKNAME:A,B', { nickname: 'A, B' }],
    ['IMPP;X-SERVICE-TYPE=Skype:skype:ada', { ims: { im1: 'skype:ada' } }],
    ['CLASS:CONFIDENTIAL', { sensitivity: 'confidential' }],
    ['CLASS:PUBLIC', { sensitivity: 'normal' }],
    ['NOTE:a\\nb\\,c', { note: 'a\nb,c' }],
    [
      'N:Doe;Jane,J.;A.;Dr.;Jr.',
      { name: { family: 'Doe', given: 'Jane J.', middle: 'A.', prefix: 'Dr.', suffix: 'Jr.' } },
    ],
  ] as const)('%s', (line, expected) => {
    expect(read(line)).toMatchObject(expected);
    expect(render(put(card(line))).replaceAll('\r\n ', '')).toContain(
      line.toUpperCase().startsWith('CLASS:PUBLIC') ? 'UID' : line.split(':')[1]!,
    );
  });

  it('RELATED of other kinds stays beside a spouse changed in Outlook', () => {
    const held = put(
      card('VERSION:4.0', 'RELATED;TYPE=spouse;VALUE=text:Eve', 'RELATED;TYPE=friend:urn:uuid:f81d4fae'),
    );
    const edited = stored({ ...(held.item as ContactItem), spouse: 'Alma' }, held.tags.residue);
    expect(shown(render(edited, '4.0'), 'RELATED')).toEqual([
      'RELATED;TYPE=spouse;VALUE=TEXT:Alma',
      'RELATED;TYPE=friend:urn:uuid:f81d4fae',
    ]);
  });

  it('a card without FN gets one from what it has', () => {
    const text = card('N:Doe;Jane;;;').replace('FN:Ada Lovelace\r\n', '');
    expect((put(text).item as ContactItem).fullName).toBe('Jane Doe');
    expect(render(stored({ ...blank, fullName: '', company: 'ACME' }))).toContain('FN:ACME\r\n');
  });

  it('a photo is shown from the bytes fetched, kept as it is when absent, and a link stays a link', () => {
    const line = 'PHOTO;VALUE=URI:https://example.com/a,b.jpg';
    expect(put(card(line)).item).not.toHaveProperty('photo.base64');
    expect(shown(render(put(card(line))), 'PHOTO')).toEqual(
      ['PHOTO:https://example.com/a,b.jpg'].map((each) => expect.stringContaining(each.slice(6))),
    );
    const inline = read('PHOTO;ENCODING=b;TYPE=PNG:iVBORw0=').photo;
    expect(inline).toMatchObject({ contentType: 'image/png', base64: 'iVBORw0=' });
  });

  it('what no card speaks of stays as the mailbox has it', () => {
    const held = stored({ ...blank, fileAs: 'Lovelace, A.', created: 5, modified: 6 });
    expect(put(card('NOTE:x'), held).item).toMatchObject({ fileAs: 'Lovelace, A.', created: 5 });
  });

  it('a card without UID is refused', () => {
    expect(() => put(card().replace('UID:u1\r\n', ''))).toThrow(/UID/);
  });
});
