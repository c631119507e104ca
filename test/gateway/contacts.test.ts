// Every fact of a contact through the whole stack: what a client puts lies where Outlook looks for it and comes back in both
// versions; what Outlook writes is shown; what Exchange has no place for comes back to the letter (DESIGN §7).
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { childOf, childrenOf, textOf, xml, type Markup, type XmlElement } from '../../src/xml/index.ts';
import { facts, kept, type Fact } from './contact-table.ts';
import { openOutlook, type Outlook, type OutlookItem } from './outlook.ts';
import { alice, cardsOf, openStage, type Stage } from './stage.ts';

let stage: Stage;
let outlook: Outlook;
beforeAll(async () => {
  stage = await openStage();
  outlook = openOutlook(stage.simulator.url, alice);
});
afterAll(() => stage.stop());

type Version = '3.0' | '4.0';
const versions = ['3.0', '4.0'] as const;
const target = `${cardsOf(alice)}one.vcf`;

async function put(version: Version, lines: readonly string[], name = target): Promise<void> {
  const own = lines.some((line) => line.startsWith('FN')) ? [] : ['FN:Jane Doe'];
  const text = ['BEGIN:VCARD', `VERSION:${version}`, 'UID:one', ...own, ...lines, 'END:VCARD', ''].join(
    '\r\n',
  );
  const headers = { 'content-type': `text/vcard; version=${version}; charset=utf-8` };
  const answer = await stage.ask('PUT', name, { body: text, headers });
  expect(answer.status, answer.text).toBeLessThan(300);
}

/** The lines of a card but its frame, in order. */
async function get(version: Version, name = target): Promise<string[]> {
  const answer = await stage.ask('GET', name, { headers: { accept: `text/vcard; version=${version}` } });
  expect(answer.status, answer.text).toBe(200);
  return answer.text
    .replaceAll('\r\n ', '')
    .split('\r\n')
    .filter((line) => line !== '' && !/^(?:BEGIN|END|VERSION|PRODID|UID|REV|N:;;;;|FN:Jane Doe$)/.test(line))
    .toSorted();
}

const sorted = (lines: readonly string[]): string[] => lines.toSorted();

/** `contacts:GivenName`, `contacts:PhoneNumber/Pager`, `0x3A45`, `Address/0x802c`. */
function pathOf(name: string): Markup {
  const [, set, id] = /^(Address)\/(0x.*)$/.exec(name) ?? [];
  if (set !== undefined)
    return xml('t:ExtendedFieldURI', {
      DistinguishedPropertySetId: set,
      PropertyId: Number(id),
      PropertyType: 'String',
    });
  if (name.startsWith('0x'))
    return xml('t:ExtendedFieldURI', {
      PropertyTag: name,
      PropertyType: name === '0x3A4D' ? 'Short' : 'String',
    });
  const [uri = '', index] = name.split('/');
  return index === undefined
    ? xml('t:FieldURI', { FieldURI: uri })
    : xml('t:IndexedFieldURI', { FieldURI: uri, FieldIndex: index });
}

/** The element that a path is found in, and the one inside an entry of an address. */
function elementOf(name: string): { readonly element: string; readonly part?: string } {
  if (!/^(?:contacts|item):/.test(name)) return { element: 'ExtendedProperty' };
  const uri = name.split('/')[0]!;
  const [, element = '', part] = uri.split(':');
  const dictionaries: Readonly<Record<string, string>> = {
    EmailAddress: 'EmailAddresses',
    PhoneNumber: 'PhoneNumbers',
    ImAddress: 'ImAddresses',
    PhysicalAddress: 'PhysicalAddresses',
  };
  return { element: dictionaries[element] ?? element, ...(part !== undefined && { part }) };
}

async function valueAt(item: OutlookItem, name: string): Promise<string> {
  const shown = await outlook.show(item, pathOf(name));
  const { element, part } = elementOf(name);
  const found = childOf(shown, element);
  if (element === 'ExtendedProperty') return textOf(childOf(found, 'Value'));
  const entries = found === undefined ? [] : childrenOf(found);
  if (entries[0]?.name === 'String') return entries.map(textOf).join('|');
  if (entries[0]?.name !== 'Entry') return textOf(found);
  const entry = entries.find((each: XmlElement) => each.attrs['Key'] === name.split('/')[1]);
  return part === undefined ? textOf(entry) : textOf(childOf(entry, part));
}

function setAt(name: string, value: string): Markup {
  const { element, part } = elementOf(name);
  const content = (): Markup => {
    if (element === 'ExtendedProperty')
      return xml('t:ExtendedProperty', {}, pathOf(name), xml('t:Value', {}, value));
    if (element === 'Children' || element === 'Categories')
      return xml(`t:${element}`, {}, ...value.split('|').map((each) => xml('t:String', {}, each)));
    if (element === 'Body') return xml('t:Body', { BodyType: 'Text' }, value);
    const key = name.split('/')[1];
    if (key === undefined) return xml(`t:${element}`, {}, value);
    const inner = part === undefined ? value : xml(`t:${part}`, {}, value);
    return xml(`t:${element}`, {}, xml('t:Entry', { Key: key }, inner));
  };
  return xml('t:SetItemField', {}, pathOf(name), xml('t:Contact', {}, content()));
}

const linesOf = (fact: Fact, version: Version): readonly string[] =>
  version === '3.0' ? fact.three : fact.four;

async function onlyItem(): Promise<OutlookItem> {
  const [item, ...others] = await outlook.items('contacts');
  expect(others).toEqual([]);
  return item!;
}

async function clear(): Promise<void> {
  for (const item of await outlook.items('contacts')) await outlook.remove(item);
  stage.advance();
}

describe.each(facts)('$name', (fact) => {
  it.each(versions)(
    'put as %s lies where Outlook looks for it, and comes back in both versions',
    async (version) => {
      await put(version, linesOf(fact, version));
      const item = await onlyItem();
      for (const [path, value] of Object.entries(fact.exchange))
        expect(await valueAt(item, path), path).toBe(value);
      await stage.restart();
      expect(await get('3.0')).toEqual(sorted(fact.three));
      expect(await get('4.0')).toEqual(sorted(fact.four));
      // A card without it takes it away again, and only it.
      stage.sent.length = 0;
      await put(version, []);
      expect(await get(version)).toEqual([]);
      const isKept = fact.name === 'file as';
      for (const path of Object.keys(fact.exchange)) {
        const left = await valueAt(item, path);
        expect(isKept || ['', 'None', 'Normal'].includes(left), `${path} ${left}`).toBe(true);
      }
      await clear();
    },
  );

  it('written by Outlook is shown, and what a client then puts again changes nothing', async () => {
    const item = await outlook.createPerson('Contact', xml('t:DisplayName', {}, 'Jane Doe'));
    await outlook.change(item, ...Object.entries(fact.exchange).map(([path, value]) => setAt(path, value)));
    stage.advance();
    const listing = await stage.ask('PROPFIND', cardsOf(alice), { headers: { depth: '1' } });
    const name = /[^<>]*\.vcf/.exec(listing.text)![0];
    for (const version of versions) {
      expect(await get(version, name)).toEqual(sorted(linesOf(fact, version)));
      const whole = await stage.ask('GET', name, { headers: { accept: `text/vcard; version=${version}` } });
      stage.sent.length = 0;
      const again = await stage.ask('PUT', name, {
        body: whole.text,
        headers: { 'content-type': `text/vcard; version=${version}` },
      });
      expect(again.status, again.text).toBe(204);
      const update = stage.sent.find((text) => text.includes('<m:UpdateItem')) ?? '';
      expect(update).not.toMatch(/FieldURI="(?:contacts|item):|PropertyTag|DistinguishedPropertySetId/);
      expect(update).not.toContain('exdav-residue');
    }
    await clear();
  });
});

describe('what no mailbox has a place for', () => {
  it.each(kept.map(([version, ...lines]) => ({ version, lines, name: lines.join(' | ') })))(
    '$version $name',
    async ({ version, lines }) => {
      await put(version, [...lines, 'X-OTHER:1']);
      await stage.restart();
      const shown = await get(version);
      expect(shown.map(canonical)).toEqual(sorted([...lines, 'X-OTHER:1'].map(canonical)));
      // What Outlook changes elsewhere leaves it alone.
      await outlook.change(await onlyItem(), setAt('contacts:Nickname', 'Janie'));
      await stage.restart();
      expect(await get(version)).toEqual(sorted([...shown, 'NICKNAME:Janie']));
      await clear();
    },
  );
});

/** Parameters and types in order, without the quotation marks and the VALUE that say nothing. */
function canonical(line: string): string {
  const [, head = '', value = ''] = /^((?:[^":]|"[^"]*")*):(.*)$/s.exec(line) ?? [];
  const [name = '', ...params] = head.match(/(?:[^";]|"[^"]*")+/g) ?? [];
  const plain = params
    .map((param) =>
      param
        .replaceAll('"', '')
        // RFC 6868 §3.1
        .replaceAll('^n', String.raw`\n`)
        .replace(/^VALUE=uri$/i, 'VALUE=URI')
        .replace(/^VALUE=text$/i, 'VALUE=TEXT'),
    )
    .filter((param) => param !== 'VALUE=URI')
    .map((param) =>
      param.startsWith('TYPE=')
        ? `TYPE=${param.slice(5).toLowerCase().split(',').toSorted().join(',')}`
        : param,
    )
    .toSorted();
  return `${[name, ...plain].join(';')}:${value.replace(/(?<!\\);+$/, '')}`;
}
