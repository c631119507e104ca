// A believable mailbox that no client of ours has written: everything is shown, and what is sent back unchanged writes nothing.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { meaningOf } from './meaning.ts';
import {
  alice,
  asCalendar,
  asCard,
  asXml,
  calendarOf,
  cardsOf,
  etagsBody,
  openStage,
  responsesOf,
  type Stage,
} from './stage.ts';

let stage: Stage;
const collections: { path: string; hrefs: string[] }[] = [];

beforeAll(async () => {
  stage = await openStage({ seed: 'small' });
  const listing = await stage.ask('PROPFIND', `/calendars/${alice.address}/`, {
    body: etagsBody,
    headers: { ...asXml, depth: '1' },
  });
  const paths = [...responsesOf(listing).keys()].slice(1);
  for (const path of [...paths, cardsOf(alice)]) {
    const members = await stage.ask('PROPFIND', path, { body: etagsBody, headers: { ...asXml, depth: '1' } });
    collections.push({ path, hrefs: [...responsesOf(members).keys()].filter((href) => href !== path) });
  }
});
afterAll(() => stage.stop());

const headersOf = (href: string) => (href.endsWith('.vcf') ? asCard : asCalendar);

const fieldsIn = (texts: readonly string[]): string[] =>
  texts.flatMap((text) =>
    [
      ...text.matchAll(
        /<t:(?:Set|Delete|AppendTo)ItemField><t:(?:FieldURI|IndexedFieldURI) FieldURI="([^"]+)"/g,
      ),
    ].map((match) => match[1] ?? ''),
  );

describe('a mailbox of Outlook', () => {
  it('is listed with its calendars, tasks and contacts', () => {
    expect(collections.map(({ path }) => path)).toContain(calendarOf(alice));
    expect(collections.length).toBeGreaterThanOrEqual(6);
    expect(collections.flatMap(({ hrefs }) => hrefs).length).toBeGreaterThan(400);
  });

  it(
    'gives back what was put back unchanged, and nothing is written or sent for it',
    { timeout: 60_000 },
    async () => {
      const problems: string[] = [];
      for (const { hrefs } of collections) {
        for (const href of hrefs) {
          const before = await stage.ask('GET', href);
          if (before.status !== 200) {
            problems.push(`${href}: GET ${before.status} ${before.text}`);
            continue;
          }
          stage.sent.length = 0;
          const put = await stage.ask('PUT', href, {
            body: before.text,
            headers: { ...headersOf(href), 'if-match': before.headers.etag! },
          });
          const fields = fieldsIn(stage.sent);
          const other = stage.sent.flatMap(
            (text) =>
              /<m:(CreateItem|DeleteItem|CreateAttachment|DeleteAttachment|MoveItem)/.exec(text)?.[1] ?? [],
          );
          if (put.status !== 204) problems.push(`${href}: PUT ${put.status} ${put.text} ${before.text}`);
          if (fields.length + other.length > 0)
            problems.push(`${href}: wrote ${[...fields, ...other].join(' ')} ${before.text}`);
          const after = await stage.ask('GET', href);
          if (JSON.stringify(meaningOf(after.text)) !== JSON.stringify(meaningOf(before.text)))
            problems.push(`${href}: now ${after.text}\nwas ${before.text}`);
        }
      }
      expect(problems.length, problems.slice(0, 500).join('\n\n')).toBe(0);
      expect(stage.simulator.sentMessages()).toEqual([]);
    },
  );

  it('is written only where a client changed something', { timeout: 60_000 }, async () => {
    const allowed = { ics: ['item:Subject'], vcf: ['contacts:JobTitle'] } as const;
    const problems: string[] = [];
    for (const href of collections.flatMap(({ hrefs }) => hrefs.filter((_, index) => index % 5 === 1))) {
      const { text } = await stage.ask('GET', href);
      const isCard = href.endsWith('.vcf');
      if (text.includes('RECURRENCE-ID')) continue;
      const changed = isCard
        ? text.replace(/^TITLE:.*(?:\r\n .*)*\r\n/m, '').replace('END:VCARD', 'TITLE:Changed\r\nEND:VCARD')
        : text.replace(/^SUMMARY:.*(?:\r\n .*)*/m, 'SUMMARY:Changed');
      stage.sent.length = 0;
      const put = await stage.ask('PUT', href, { body: changed, headers: headersOf(href) });
      const shown = (await stage.ask('GET', href)).text;
      const expected: readonly string[] = isCard ? allowed.vcf : allowed.ics;
      const fields = fieldsIn(stage.sent).filter((field) => !expected.includes(field));
      if (put.status !== 204 || fields.length > 0)
        problems.push(`${href}: ${put.status} ${fields.join(' ')} ${put.text}`);
      // In somebody else's meeting the organizer's words stay (DESIGN §6).
      const isForeign = /^ORGANIZER/m.test(text) && !/^ORGANIZER[^\r]*(?:\r\n [^\r]*)*alice@/m.test(text);
      const wanted = isForeign ? text : changed;
      if (JSON.stringify(meaningOf(shown)) !== JSON.stringify(meaningOf(wanted)))
        problems.push(`${href}: now ${shown}\nput ${changed}`);
    }
    expect(problems.length, problems.slice(0, 5).join('\n\n')).toBe(0);
    // Attendees hear of what is to come, once.
    const messages = stage.simulator.sentMessages();
    expect(new Set(messages.map(({ kind, from, subject }) => `${kind} ${from} ${subject}`))).toEqual(
      new Set([`update ${alice.address} Changed`]),
    );
    expect(new Set(messages.map(({ uid }) => uid)).size).toBe(messages.length);
  });
});
