// Pictures and certificates of contacts: their type is what they are, their size is judged before anything is written, and
// what no card can show stays on the item.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { childOf, childrenOf, textOf, xml } from '../../src/xml/index.ts';
import { openOutlook, type Outlook } from './outlook.ts';
import { alice, asCard, cardsOf, cardText, conditionOf, openStage, type Stage } from './stage.ts';

let stage: Stage;
let outlook: Outlook;
beforeAll(async () => {
  stage = await openStage({ settings: { EXDAV_MAX_RESOURCE_MB: '60' } });
  outlook = openOutlook(stage.simulator.url, alice);
});
afterAll(() => stage.stop());

const href = (name: string): string => `${cardsOf(alice)}${name}.vcf`;
const put = (name: string, ...lines: readonly string[]) =>
  stage.ask('PUT', href(name), { body: cardText(name, ...lines), headers: asCard });

async function photoLine(name: string, version: '3.0' | '4.0'): Promise<string> {
  const answer = await stage.ask('GET', href(name), {
    headers: { accept: `text/vcard; version=${version}` },
  });
  return /^PHOTO.*$/m.exec(answer.text.replaceAll('\r\n ', ''))?.[0].trim() ?? '';
}

const bytes = (text: string): string => Buffer.from(text, 'latin1').toString('base64');

it.each([
  ['PNG', 'image/png', '\x89PNG\r\n\x1a\n\0\0\0\rIHDR'],
  ['GIF', 'image/gif', 'GIF89a\x01\0\x01\0\0\0\0'],
  ['WEBP', 'image/webp', 'RIFF\x20\0\0\0WEBPVP8 '],
  ['BMP', 'image/bmp', 'BM\x20\0\0\0\0\0\0\0\x36\0\0\0\0'],
  ['HEIC', 'image/heic', '\0\0\0\x18ftypheic\0\0\0\0mif1'],
  ['JPEG', 'image/jpeg', '\xff\xd8\xff\xe0\0\x10JFIF\0'],
])(
  'a picture that is %s is called so, whatever the client and Exchange called it',
  async (type, media, head) => {
    const base64 = bytes(head);
    expect((await put(type, `PHOTO;ENCODING=b;TYPE=JPEG:${base64}`)).status).toBe(201);
    await stage.restart();
    expect(await photoLine(type, '4.0')).toBe(`PHOTO:data:${media};base64,${base64}`);
    expect(await photoLine(type, '3.0')).toMatch(
      new RegExp(`^PHOTO;(?:ENCODING=b;TYPE=${type}|TYPE=${type};ENCODING=b):`),
    );
  },
);

it('a picture of no known kind keeps the type that the client gave it', async () => {
  const base64 = bytes('something else entirely');
  await put('odd', `PHOTO;ENCODING=b;TYPE=X-ODD:${base64}`);
  await stage.restart();
  expect(await photoLine('odd', '4.0')).toBe(`PHOTO:data:image/x-odd;base64,${base64}`);
});

it('a picture beyond what the mailbox takes is refused before anything is written', async () => {
  stage.sent.length = 0;
  const answer = await put('huge', `PHOTO;ENCODING=b;TYPE=JPEG:${'/9j/'.repeat(13 * 1024 * 1024)}`);
  expect([answer.status, conditionOf(answer)]).toEqual([403, 'max-resource-size']);
  expect(stage.sent.filter((text) => text.includes('CreateItem'))).toEqual([]);
});

it('two pictures and a logo: the first is the photo, the others come back', async () => {
  const other = bytes('\x89PNG\r\n\x1a\nother');
  const lines = [
    `PHOTO;ENCODING=b;TYPE=PNG:${bytes('\x89PNG\r\n\x1a\none')}`,
    `PHOTO;ENCODING=b;TYPE=PNG:${other}`,
  ];
  await put(
    'two',
    ...lines,
    'LOGO;VALUE=URI:https://example.org/l.png',
    `SOUND;ENCODING=b;TYPE=OGG:${bytes('OggS')}`,
  );
  await stage.restart();
  const { text } = await stage.ask('GET', href('two'));
  const plain = text.replaceAll('\r\n ', '');
  expect(plain.match(/^PHOTO/gm)).toHaveLength(2);
  expect(plain).toContain(other);
  expect(plain).toMatch(/^LOGO;VALUE=URI:https:\/\/example\.org\/l\.png\r$/m);
  expect(plain).toMatch(/^SOUND.*:T2dnUw==\r$/m);
});

/** PidTagUserX509Certificate: what Outlook keeps there is no certificate as it stands, so no KEY is made of it. */
const certificates = xml('t:ExtendedFieldURI', { PropertyTag: '0x3A70', PropertyType: 'BinaryArray' });

it('certificates that Outlook keeps with a contact survive every edit of a client', async () => {
  const held = xml(
    't:ExtendedProperty',
    {},
    certificates,
    xml('t:Values', {}, xml('t:Value', {}, 'AQIDBA==')),
  );
  const item = await outlook.createPerson('Contact', held, xml('t:DisplayName', {}, 'Certified'));
  stage.advance();
  const listing = await stage.ask('PROPFIND', cardsOf(alice), { headers: { depth: '1' } });
  const names = [...listing.text.matchAll(/[^<>]*\.vcf/g)].map((match) => match[0]);
  const texts = await Promise.all(
    names.map(async (name) => [name, (await stage.ask('GET', name)).text] as const),
  );
  const [name, text] = texts.find(([, each]) => each.includes('FN:Certified'))!;
  const changed = text.replace('FN:Certified', 'FN:Changed\r\nTITLE:Chief\r\nKEY;TYPE=PGP;ENCODING=b:AAAA');
  expect((await stage.ask('PUT', name, { body: changed, headers: asCard })).status).toBe(204);
  const shown = await outlook.show(item, certificates, xml('t:FieldURI', { FieldURI: 'contacts:JobTitle' }));
  expect(textOf(childOf(shown, 'JobTitle'))).toBe('Chief');
  const values = childOf(childOf(shown, 'ExtendedProperty'), 'Values');
  expect(childrenOf(values!).map(textOf)).toEqual(['AQIDBA==']);
  await stage.restart();
  expect((await stage.ask('GET', name)).text).toMatch(/^KEY;.*:AAAA\r$/m);
});
