// A small part of `npm run fidelity`, and that its page tells what the code does.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compareTexts } from './compare.ts';
import { mappingTables } from './mapping.ts';
import { normalisations } from './normalisations.ts';
import { refusals } from './refusals.ts';
import { measureFidelity } from './run.ts';

test('objects of full width come back whole', async () => {
  const { faults, accepted } = await measureFidelity({
    only: /^(?:contact-|event-|tasks?-|apple|davx5|thunderbird|tasks-org)/,
    edits: false,
  });
  expect(faults).toEqual([]);
  expect(accepted).toBeGreaterThan(10);
});

test('edits of a series with everything, from both sides', async () => {
  const { faults, edited } = await measureFidelity({
    only: /^(?:event-commented|contact-full)/,
    edits: true,
  });
  expect(faults).toEqual([]);
  expect(edited).toBe(3);
});

describe('the page', () => {
  const page = readFileSync(new URL('../../docs/fidelity.md', import.meta.url), 'utf8');
  const cells = (text: string): string => text.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---');

  test('has the mapping tables of the code (npm run fidelity -- --write)', () => {
    expect(cells(page)).toContain(cells(mappingTables()));
  });
  test('has every normalisation and every reason to refuse', () => {
    for (const { what } of normalisations) expect(page).toContain(what.replaceAll('|', String.raw`\|`));
    for (const { why } of refusals) expect(page).toContain(why);
  });
});

describe('the comparer', () => {
  const event = (...lines: string[]): string =>
    ['BEGIN:VCALENDAR', 'BEGIN:VEVENT', ...lines, 'END:VEVENT', 'END:VCALENDAR', ''].join('\r\n');

  test.each([
    ['SUMMARY:a', 'SUMMARY:b', 'changed'],
    ['SUMMARY:a', 'X-OTHER:a', 'lost'],
    ['SUMMARY;LANGUAGE=en:a', 'SUMMARY:a', 'changed'],
    ['DTSTART;TZID=Europe/Vienna:20260101T100000', 'DTSTART;TZID=Europe/Berlin:20260101T100000', 'changed'],
    ['CATEGORIES:a,b', 'CATEGORIES:a', 'lost'],
    ['RRULE:FREQ=DAILY;COUNT=2', 'RRULE:FREQ=DAILY;COUNT=3', 'changed'],
    ['ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b.test', 'ATTENDEE;PARTSTAT=DECLINED:mailto:a@b.test', 'changed'],
    ['X-P:a\\,b', 'X-P:a\\nb', 'changed'],
  ] as const)('%s is not %s', (sent, got, kind) => {
    expect(compareTexts(event(sent), event(got))[kind]).toHaveLength(1);
  });
  test.each([
    ['SUMMARY:a\\,b\\Nc', 'SUMMARY:a,b\\nc'],
    ['CATEGORIES:a,b', 'CATEGORIES:b\r\nCATEGORIES:a'],
    ['RRULE:FREQ=DAILY;INTERVAL=1;COUNT=2', 'RRULE:COUNT=2;FREQ=DAILY'],
    ['X-P;A="b";C=d:e', 'X-P;C=d;A=b:e'],
    ['DTSTART:20260101', 'DTSTART;VALUE=DATE:20260101'],
  ])('%s is %s', (sent, got) => {
    const { changed, lost, added } = compareTexts(event(sent), event(got));
    expect([...changed, ...lost, ...added]).toEqual([]);
  });
});
