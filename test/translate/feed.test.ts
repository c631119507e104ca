// Feeds: many objects in one text.
import { describe, expect, it } from 'vitest';
import { parseComponents, stringify } from '../../src/translate/codec.ts';
import { type FeedOptions, mergeCards, openCalendarFeed } from '../../src/translate/feed.ts';
import { renderVtimezone } from '../../src/translate/vtimezone.ts';
import { calendar, event, todo } from './objects.ts';

const vienna = (year: number): string =>
  stringify(
    renderVtimezone('Europe/Vienna', { from: Date.UTC(year, 0, 1), to: Date.UTC(year, 11, 1) })!,
  ).trim();
const local = (uid: string, year: number): string =>
  calendar(
    vienna(year),
    event(`UID:${uid}`, `DTSTART;TZID=Europe/Vienna:${year}0105T100000`, 'SUMMARY:secret', 'LOCATION:there'),
  );

function mergeCalendar(texts: readonly string[], options: FeedOptions): string {
  const feed = openCalendarFeed(options);
  for (const text of texts) feed.add(text);
  return feed.text();
}

describe('feed', () => {
  it('has every component, and each zone once, for all the years it needs', () => {
    const text = mergeCalendar([local('1', 2026), local('2', 1985), local('3', 2026)], {
      name: 'Work, all',
      detail: 'whole',
    });
    const [root] = parseComponents(text);
    expect(root?.[2].map(([name]) => name)).toEqual(['vtimezone', 'vevent', 'vevent', 'vevent']);
    expect(text).toContain('X-WR-CALNAME:Work\\, all');
    expect(text.match(/^DTSTART:1984/m)).not.toBeNull();
    expect(text.endsWith('END:VCALENDAR\r\n')).toBe(true);
  });

  it('tells only times when it is to be busy-only', () => {
    const text = mergeCalendar(
      [
        local('1', 2026),
        calendar(
          event(
            'UID:2',
            'DTSTART:20260105T100000Z',
            'TRANSP:TRANSPARENT',
            'DESCRIPTION:secret',
            'BEGIN:VALARM',
            'ACTION:DISPLAY',
            'TRIGGER:-PT5M',
            'DESCRIPTION:secret',
            'END:VALARM',
          ),
        ),
        calendar(todo('UID:3', 'SUMMARY:secret')),
      ],
      { name: 'Work', detail: 'busy-only' },
    );
    expect(text).not.toMatch(/secret|there|VALARM|VTODO/);
    expect(text.match(/^SUMMARY:.*$/gm)?.map((line) => line.trim())).toEqual([
      'SUMMARY:Busy',
      'SUMMARY:Free',
    ]);
  });

  it('lets no component without UID out', () => {
    const without = calendar(event('UID:1', 'DTSTART:20260105T100000Z')).replace('UID:1\r\n', '');
    expect(() => mergeCalendar([without], { name: 'x', detail: 'whole' })).toThrow(/UID/);
  });

  it('of nothing is an empty calendar', () => {
    expect(parseComponents(mergeCalendar([], { name: 'x', detail: 'whole' }))[0]?.[2]).toEqual([]);
  });

  it('is not fooled by texts that look like components', () => {
    const tricky = calendar(
      event('UID:1', 'DTSTART:20260105T100000Z', 'DESCRIPTION:a\\nBEGIN:VEVENT\\nEND:VEVENT\\nb'),
    );
    const [root] = parseComponents(mergeCalendar([tricky, tricky], { name: 'x', detail: 'whole' }));
    expect(root?.[2]).toHaveLength(2);
  });

  it('of cards is one after the other', () => {
    const card = 'BEGIN:VCARD\r\nVERSION:3.0\r\nUID:1\r\nFN:A\r\nEND:VCARD\r\n';
    expect(parseComponents(mergeCards([card, card]))).toHaveLength(2);
  });
});
