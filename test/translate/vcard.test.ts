// One card in three versions: what comes in as one version goes out as the other, and back.
import { describe, expect, it } from 'vitest';
import { card, put, render } from './contacts.ts';

const body = (text: string): string[] =>
  text
    .replaceAll('\r\n ', '')
    .trim()
    .split('\r\n')
    .slice(1, -1)
    .filter((line) => !/^(VERSION|PRODID|UID|FN)[;:]/.test(line));

describe('versions', () => {
  it.each([
    ['TEL;TYPE=VOICE,WORK:+1', 'TEL;TYPE=voice,work:+1'],
    ['EMAIL;TYPE=WORK,PREF:a@x.org', 'EMAIL;PREF=1;TYPE=work:a@x.org'],
    ['BDAY:1996-04-15', 'BDAY:19960415'],
    ['CLASS:PRIVATE', 'X-CLASS:PRIVATE'],
    ['GEO:48.2;16.3', 'GEO:geo:48.2,16.3'],
    ['X-ADDRESSBOOKSERVER-KIND:group', 'KIND:group'],
    ['item1.X-ABADR:at', 'item1.X-ABADR:at'],
    ['X-FOO;X-BAR=1:raw\\,x', 'X-FOO;X-BAR=1:raw\\,x'],
    ['LABEL;TYPE=HOME:a\\nb', 'X-LABEL;TYPE=home:a\\nb'],
    ['NOTE:a\\nb', 'NOTE:a\\nb'],
    ['KEY;TYPE=X509;ENCODING=b:MIIB', 'KEY:data:application/pkix-cert;base64,MIIB'],
    ['KEY;TYPE=PGP;ENCODING=b:AAAA', 'KEY:data:application/pgp-keys;base64,AAAA'],
    ['KEY;ENCODING=b:AAAA', 'KEY:data:application/octet-stream;base64,AAAA'],
  ])('%s is %s in 4.0, and the other way round', (three, four) => {
    const fromThree = put(card(three));
    expect(body(render(fromThree, '4.0')), '3.0 as 4.0').toEqual([four]);
    expect(
      body(render(fromThree, '3.0')).filter((line) => line !== 'N:;;;;'),
      '3.0 as 3.0',
    ).toEqual([three]);
    const fromFour = put(card('VERSION:4.0', four));
    expect(
      body(render(fromFour, '3.0')).filter((line) => line !== 'N:;;;;'),
      '4.0 as 3.0',
    ).toEqual([three]);
    expect(body(render(fromFour, '4.0')), '4.0 as 4.0').toEqual([four]);
  });

  it.each([
    ['ANNIVERSARY:20010203', 'X-ABDATE:2001-02-03', 'Anniversary', 'X-ANNIVERSARY:2001-02-03'],
    ['ANNIVERSARY:--0203', 'X-ABDATE;X-APPLE-OMIT-YEAR=1604:1604-02-03', 'Anniversary', undefined],
    ['RELATED;TYPE=spouse;VALUE=TEXT:Eve', 'X-ABRELATEDNAMES:Eve', 'Spouse', 'X-SPOUSE:Eve'],
    ['RELATED;TYPE=child;VALUE=TEXT:Kim\\, jr', 'X-ABRELATEDNAMES:Kim\\, jr', 'Child', 'X-CHILD:Kim\\, jr'],
    ['X-MANAGER:Jane', 'X-ABRELATEDNAMES:Jane', 'Manager', 'X-MANAGER:Jane'],
    ['X-ASSISTANT:Bob', 'X-ABRELATEDNAMES:Bob', 'Assistant', 'X-ASSISTANT:Bob'],
  ])(
    '%s is Apple’s labelled property in 3.0, and what a client called it otherwise',
    (four, value, label, other) => {
      const apple = [`item1.${value}`, `item1.X-ABLABEL:_$!<${label}>!$_`];
      const lines = (text: string): string[] => body(text).filter((line) => line !== 'N:;;;;');
      const fromFour = put(card('VERSION:4.0', four));
      expect(lines(render(fromFour, '4.0'))).toEqual([four]);
      expect(lines(render(fromFour, '3.0'))).toEqual(apple);
      const fromApple = put(card(...apple));
      expect(lines(render(fromApple, '4.0'))).toEqual([four]);
      expect(lines(render(fromApple, '3.0'))).toEqual(apple);
      expect(fromApple.item).toEqual(fromFour.item);
      if (other === undefined) return;
      const fromOther = put(card(other));
      expect(lines(render(fromOther, '4.0'))).toEqual([four]);
      expect(lines(render(fromOther, '3.0'))).toEqual([other]);
      expect(fromOther.item).toEqual(fromFour.item);
    },
  );

  it('a labelled property of 4.0 stays one there; other labels are not touched', () => {
    const lines = [
      'item1.X-ABDATE;VALUE=DATE-AND-OR-TIME:20081210',
      'item1.X-ABLABEL:_$!<Anniversary>!$_',
      'item2.X-ABDATE:20210729',
      'item2.X-ABLABEL:First met',
      'item3.X-ABRELATEDNAMES:Al',
      'item3.X-ABLABEL:_$!<Friend>!$_',
      'item4.X-ABRELATEDNAMES:Jo',
      'item4.X-ABLABEL:Spouse',
    ];
    const held = put(card('VERSION:4.0', ...lines));
    expect(held.item).toMatchObject({ anniversary: '2008-12-10', spouse: 'Jo' });
    expect(body(render(held, '4.0')).toSorted()).toEqual(lines.toSorted());
  });

  it('names of this gateway’s own parameters mean nothing in a client’s text', () => {
    const held = put(card('X-MANAGER;X-EXDAV-FORM="3.0 x-abrelatednames EVIL":Jane'));
    expect(body(render(held, '3.0')).filter((line) => line !== 'N:;;;;')).toEqual(['X-MANAGER:Jane']);
  });

  it('a photo is a data: URI in 4.0 and binary in 3.0', () => {
    const photo = (text: string): string =>
      body(text)
        .filter((line) => line.startsWith('PHOTO'))
        .join('');
    const held = put(card('PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ'));
    expect(photo(render(held, '4.0'))).toBe('PHOTO:data:image/jpeg;base64,/9j/4AAQ');
    expect(photo(render(put(card('VERSION:4.0', 'PHOTO:data:image/jpeg;base64,/9j/4AAQ')), '3.0'))).toMatch(
      /^PHOTO;(TYPE=JPEG;ENCODING=b|ENCODING=b;TYPE=JPEG):\/9j\/4AAQ$/,
    );
  });

  it('2.1 is read', () => {
    const held = put(
      card(
        'VERSION:2.1',
        'N:Doe;Jane',
        'TEL;WORK;VOICE:+1',
        'PHOTO;JPEG;BASE64:/9j/4AAQ',
        'NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:=C3=A4',
      ),
    );
    expect(held.item).toMatchObject({
      name: { family: 'Doe', given: 'Jane' },
      phones: { business: '+1' },
      note: 'ä',
      photo: { contentType: 'image/jpeg', base64: '/9j/4AAQ' },
    });
  });

  it('3.0 always has an N', () => expect(render(put(card()), '3.0')).toContain('\r\nN:;;;;\r\n'));

  it('escaped semicolons are not escaped again', () => {
    const held = put(card('NOTE:a\\;b'));
    expect(body(render(held))).toContain('NOTE:a;b');
    expect(put(render(held)).item).toMatchObject({ note: 'a;b' });
  });

  it('a group is written in small letters', () => {
    const held = put(card('myGroup.TEL;TYPE=WORK:1', 'myGroup.X-ABLABEL:Boat'));
    expect(body(render(held)).filter((line) => line !== 'N:;;;;')).toEqual([
      'mygroup.TEL;TYPE=WORK:1',
      'mygroup.X-ABLABEL:Boat',
    ]);
  });

  it('a line that only looks like a group is left alone', () => {
    const held = put(card('item1.TEL;TYPE=WORK:1', 'NOTE:x\\nITEM1.TEL:y'));
    expect(body(render(held))).toContain('NOTE:x\\nITEM1.TEL:y');
  });
});
