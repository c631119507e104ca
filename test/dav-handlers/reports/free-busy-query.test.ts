// CALDAV:free-busy-query.
import { describe, expect, it } from 'vitest';
import { calendar, event, type Setup } from '../harness.ts';
import { namespaces, filled } from './bodies.ts';

describe('free-busy-query', () => {
  const ask = (setup: Setup, range: string) =>
    setup.ask('REPORT', calendar, {
      headers: { Depth: '1' },
      body: `<C:free-busy-query ${namespaces}>${range}</C:free-busy-query>`,
    });

  it('answers a VFREEBUSY, cut to the range, what touches joined', async () => {
    const setup = filled();
    setup.home
      .at('calendar')
      .keep('c.ics', event('c', { DTSTART: '20260110T110000Z', DTEND: '20260110T120000Z' }));
    setup.home
      .at('calendar')
      .keep(
        'd.ics',
        event('d', { DTSTART: '20260110T080000Z', DTEND: '20260110T083000Z', STATUS: 'TENTATIVE' }),
      );
    const answer = await ask(setup, '<C:time-range start="20260110T081500Z" end="20260111T000000Z"/>');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('Content-Type')).toContain('text/calendar');
    expect(answer.text.split('\r\n')).toEqual([
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//Exdav//Exdav//EN',
      'BEGIN:VFREEBUSY',
      'UID:free-busy-20260110T081500Z-20260111T000000Z',
      'DTSTAMP:20260101T000000Z',
      'DTSTART:20260110T081500Z',
      'DTEND:20260111T000000Z',
      'FREEBUSY;FBTYPE=BUSY:20260110T100000Z/20260110T120000Z',
      'FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260110T081500Z/20260110T083000Z',
      'END:VFREEBUSY',
      'END:VCALENDAR',
      '',
    ]);
  });

  it('needs both ends in UTC', async () => {
    const setup = filled();
    for (const range of [
      '',
      '<C:time-range start="20260110T000000Z"/>',
      '<C:time-range start="20260110" end="20260111"/>',
    ])
      expect((await ask(setup, range)).status).toBe(400);
  });
});
