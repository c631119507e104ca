// What Outlook changes in a contact that a client described in its own words: only that differs, and the words stay.
import { describe, expect, it } from 'vitest';
import type { ContactItem } from '../../src/model/item.ts';
import { card, put, render, stored } from './contacts.ts';

/** The lines of a card after Outlook's change. */
function edited(
  lines: readonly string[],
  change: (item: ContactItem) => Partial<ContactItem>,
  version: '3.0' | '4.0' = '4.0',
): string[] {
  const held = put(card(`VERSION:${version}`, ...lines));
  const item = held.item as ContactItem;
  return linesOf(render(stored({ ...item, ...change(item) }, held.tags.residue), version));
}

function linesOf(text: string): string[] {
  return text
    .replaceAll('\r\n ', '')
    .split('\r\n')
    .filter((line) => line !== '' && !/^(?:BEGIN|END|VERSION|PRODID|UID|N:;;;;|FN:Ada)/.test(line));
}

describe('a slot that Outlook changed', () => {
  it('keeps the label that the client gave it', () => {
    expect(
      edited(['item1.TEL;TYPE=cell;X-P=1:1', 'item1.X-ABLABEL:Boat', 'TEL;TYPE=cell:2'], () => ({
        phones: { mobile: '9' },
      })),
    ).toEqual(['item1.TEL;X-P=1;TYPE=cell:9', 'TEL;TYPE=cell:2', 'item1.X-ABLABEL:Boat']);
  });

  it('of a URI becomes a text in the same words', () => {
    expect(
      edited(['TEL;VALUE=uri;TYPE="voice,work";X-P=1:tel:+1;ext=5'], () => ({ phones: { business: '+2' } })),
    ).toEqual(['TEL;X-P=1;TYPE=voice,work:+2']);
  });

  it('one number in two slots stays two', () => {
    expect(
      edited(['TEL;TYPE=work:1', 'TEL;TYPE=cell;X-P=1:1', 'TEL;TYPE=pager:3'], ({ phones }) => ({
        phones: { ...phones, pager: '4' },
      })),
    ).toEqual(['TEL;TYPE=work:1', 'TEL;X-P=1;TYPE=cell:1', 'TEL;TYPE=pager:4']);
  });

  it('an e-mail address keeps its types, an account of another service does not', () => {
    expect(
      edited(
        ['EMAIL;TYPE=x-boat:a@x.org', 'IMPP;X-SERVICE-TYPE=Skype:skype:a', 'X-JABBER;TYPE=home:j@x.org'],
        () => ({
          emails: { email1: { address: 'b@x.org' } },
          ims: { im1: 'xmpp:b@x.org', im2: 'xmpp:k@x.org' },
        }),
      ),
    ).toEqual(['EMAIL;TYPE=x-boat:b@x.org', 'IMPP:xmpp:b@x.org', 'X-JABBER;TYPE=home:k@x.org']);
  });

  it('an address keeps its group, not the label as it was printed', () => {
    expect(
      edited(
        ['item1.ADR;TYPE=home;LABEL="A 1";X-P=1:;;A 1;Wien;;;', 'item1.X-ABADR:at'],
        ({ addresses }) => ({
          addresses: { home: { ...addresses.home!, street: 'B 2' } },
        }),
      ),
    ).toEqual(['item1.ADR;X-P=1;TYPE=home:;;B 2;Wien;;;', 'item1.X-ABADR:at']);
  });

  it('PREF goes to the address that Outlook chose', () => {
    const lines = ['ADR;PREF=1;TYPE=work;X-P=1:;;A;;;;', 'ADR;TYPE=home;X-P=2:;;B;;;;'];
    expect(edited(lines, () => ({ mailingAddress: 'home' }))).toEqual([
      'ADR;X-P=1;TYPE=work:;;A;;;;',
      'ADR;X-P=2;PREF=1;TYPE=home:;;B;;;;',
    ]);
  });

  it('pages: each in its place, the third stays', () => {
    expect(
      edited(['URL;X-P=1:https://a/', 'URL;TYPE=home:https://b/', 'URL:https://c/'], () => ({
        pages: { business: 'https://z/', personal: 'https://b/' },
      })),
    ).toEqual(['URL;X-P=1:https://z/', 'URL;TYPE=home:https://b/', 'URL:https://c/']);
  });
});

describe('a value among several', () => {
  it.each([
    ['title', ['TITLE;X-P=1:a', 'TITLE:b'], ['TITLE;X-P=1:new', 'TITLE:b']],
    [
      'profession',
      ['ROLE;LANGUAGE=de:a', 'ROLE;LANGUAGE=en:b'],
      ['ROLE;LANGUAGE=de:new', 'ROLE;LANGUAGE=en:b'],
    ],
    ['note', ['NOTE:a', 'NOTE:b'], ['NOTE:new', 'NOTE:b']],
    ['fullName', ['FN;LANGUAGE=ja:山'], ['FN:new', 'FN;LANGUAGE=ja:山']],
    ['manager', ['X-MANAGER:a', 'X-EVOLUTION-MANAGER:a'], ['X-MANAGER:new']],
    ['assistant', ['X-EVOLUTION-ASSISTANT;X-P=1:a'], ['X-EVOLUTION-ASSISTANT;X-P=1:new']],
  ] as const)('%s: the first changes, the others stay', (field, lines, expected) => {
    const held = put(card('VERSION:4.0', ...lines));
    const text = render(stored({ ...(held.item as ContactItem), [field]: 'new' }, held.tags.residue), '4.0');
    expect(linesOf(text)).toEqual(expected);
  });

  it('units below the department stay while the organisation is the same', () => {
    const lines = ['ORG;SORT-AS="X";X-P=1:X Inc.;A;B;C', 'ORG:Second'];
    expect(edited(lines, () => ({ department: 'Z' }))).toEqual(['ORG;X-P=1:X Inc.;Z;B;C', 'ORG:Second']);
    expect(edited(lines, () => ({ company: 'Y', department: 'Z' }))).toEqual(['ORG;X-P=1:Y;Z', 'ORG:Second']);
  });

  it('another name is not sorted as the old one', () => {
    const name = { prefix: '', given: 'Eve', middle: '', family: 'Roe', suffix: '' };
    expect(edited(['N;SORT-AS="Doe,Jane";LANGUAGE=en:Doe;Jane;;;'], () => ({ name }))).toEqual([
      'N;LANGUAGE=en:Roe;Eve;;;',
    ]);
  });

  it('dates keep what the client called them', () => {
    expect(
      edited(
        ['item1.X-ABDATE;TYPE=pref:2001-02-03', 'item1.X-ABLABEL:Anniversary'],
        () => ({ anniversary: '2002-03-04' }),
        '3.0',
      ),
    ).toEqual(['item1.X-ABDATE;TYPE=PREF:2002-03-04', 'item1.X-ABLABEL:Anniversary']);
    expect(
      edited(['X-EVOLUTION-ANNIVERSARY:2001-02-03'], () => ({ anniversary: '2002-03-04' }), '3.0'),
    ).toEqual(['X-EVOLUTION-ANNIVERSARY:2002-03-04']);
  });

  it('a spouse and children keep the words, a new child has those of the version', () => {
    expect(
      edited(
        ['X-SPOUSE:Eve', 'X-CHILD;X-P=1:Kim', 'X-CHILD:Lou'],
        () => ({ spouse: 'Al', children: ['Kim', 'Sam'] }),
        '3.0',
      ),
    ).toEqual([
      'X-SPOUSE:Al',
      'X-CHILD;X-P=1:Kim',
      'item1.X-ABRELATEDNAMES:Sam',
      'item1.X-ABLABEL:_$!<Child>!$_',
    ]);
  });
});

describe('what a card does not say', () => {
  const held = (item: Partial<ContactItem>) => {
    const base = put(card('VERSION:4.0')).item as ContactItem;
    return stored({ ...base, ...item });
  };

  it('how it is filed and where letters go stays, and is not said to who did not', () => {
    const address = { street: 'A', city: '', region: '', postalCode: '', country: '' };
    const before = held({ fileAs: 'X', addresses: { home: address }, mailingAddress: 'home' });
    const after = put(card('VERSION:4.0', 'ADR;TYPE=home:;;A;;;;', 'TITLE:t'), before);
    expect(after.item).toMatchObject({ fileAs: 'X', mailingAddress: 'home' });
    expect(linesOf(render(after, '4.0'))).toEqual(['ADR;TYPE=home:;;A;;;;', 'TITLE:t']);
    expect(put(card('VERSION:4.0', 'TITLE:t'), before).item).toMatchObject({ mailingAddress: undefined });
  });

  it('a box that Exchange keeps apart stays apart while it is the same', () => {
    const address = { street: 'A', city: 'Wien', region: '', postalCode: '', country: '', box: 'Box 1' };
    const before = held({ addresses: { home: address } });
    expect(linesOf(render(before, '4.0'))).toEqual(['ADR;TYPE=home:Box 1;;A;Wien;;;']);
    const moved = put(card('VERSION:4.0', 'ADR;TYPE=home;X-P=1:Box 1;;B;Wien;;;'), before);
    expect((moved.item as ContactItem).addresses.home).toEqual({ ...address, street: 'B' });
    const other = put(card('VERSION:4.0', 'ADR;TYPE=home;X-P=1:Box 2;;B;Wien;;;'), before);
    expect((other.item as ContactItem).addresses.home).toEqual({
      street: 'B\nBox 2',
      city: 'Wien',
      region: '',
      postalCode: '',
      country: '',
    });
    expect(linesOf(render(other, '4.0'))).toEqual(['ADR;X-P=1;TYPE=home:Box 2;;B;Wien;;;']);
  });

  it('an e-mail address that is no address to others keeps its slot', () => {
    const before = held({ emails: { email1: { address: '', name: 'Bob' }, email2: { address: 'b@x.org' } } });
    expect(linesOf(render(before, '4.0'))).toEqual(['EMAIL;TYPE=home:b@x.org']);
    const after = put(card('VERSION:4.0', 'EMAIL;X-P=1:c@x.org', 'EMAIL:b@x.org'), before);
    expect((after.item as ContactItem).emails).toEqual({
      email1: { address: '', name: 'Bob' },
      email2: { address: 'c@x.org' },
      email3: { address: 'b@x.org' },
    });
  });
});

describe('accounts', () => {
  it('that two properties name take one slot', () => {
    const { item } = put(card('IMPP;X-SERVICE-TYPE=Jabber:xmpp:a@x.org', 'X-JABBER:a@x.org', 'X-SKYPE:s'));
    expect((item as ContactItem).ims).toEqual({ im1: 'xmpp:a@x.org', im2: 'skype:s' });
  });
});
