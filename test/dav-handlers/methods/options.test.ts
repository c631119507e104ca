// OPTIONS, Allow, and verbs that are not for a resource.
import { describe, expect, it } from 'vitest';
import { book, calendar, event, home, setUp } from '../harness.ts';

describe('OPTIONS', () => {
  it('carries the DAV header everywhere, 1 first and no 2', async () => {
    const setup = setUp();
    setup.home.at('calendar').keep('a.ics', event('a'));
    const paths = [
      '/',
      '/principals/',
      '/principals/alice@example.test/',
      '/calendars/',
      home,
      calendar,
      book,
      `${calendar}a.ics`,
      `${home}new/`,
      '/nothing',
    ];
    for (const path of paths) {
      const answer = await setup.ask('OPTIONS', path);
      expect(answer.status, path).toBe(200);
      expect(answer.headers.get('DAV')).toBe(
        '1, 3, access-control, calendar-access, calendar-schedule, calendar-proxy, addressbook, extended-mkcol, calendar-managed-attachments, calendar-auto-schedule',
      );
    }
  });

  it('says nothing of calendar-auto-schedule where no message leaves', async () => {
    const { ask } = setUp({ space: { autoSchedule: false } });
    const answers = [
      await ask('OPTIONS', calendar),
      await ask('PROPFIND', calendar, { headers: { Depth: '0' } }),
    ];
    expect(answers.map(({ headers }) => headers.get('DAV'))).toEqual(
      Array.from(
        { length: 2 },
        () =>
          '1, 3, access-control, calendar-access, calendar-schedule, calendar-proxy, addressbook, extended-mkcol, calendar-managed-attachments',
      ),
    );
  });

  it('tells in Allow what the resource takes', async () => {
    const { ask } = setUp();
    const allow = async (path: string): Promise<string | null> =>
      (await ask('OPTIONS', path)).headers.get('Allow');
    expect(await allow(home)).toBe('OPTIONS, GET, HEAD, PROPFIND, PROPPATCH, REPORT');
    expect(await allow(calendar)).toBe('OPTIONS, GET, HEAD, PROPFIND, PROPPATCH, REPORT, DELETE');
    expect(await allow(`${calendar}a.ics`)).toBe(
      'OPTIONS, GET, HEAD, PROPFIND, PROPPATCH, REPORT, PUT, DELETE, MOVE, COPY',
    );
    expect(await allow(`${home}new`)).toBe('OPTIONS, MKCALENDAR, MKCOL');
  });

  it('answers 405 with Allow for methods that are not for the resource and 501 for unknown ones', async () => {
    const { ask } = setUp();
    for (const method of ['LOCK', 'UNLOCK', 'ACL', 'POST', 'PATCH', 'PUT']) {
      const answer = await ask(method, calendar);
      expect(answer.status, method).toBe(405);
      expect(answer.headers.get('Allow')).toContain('PROPFIND');
    }
    expect((await ask('BREW', calendar)).status).toBe(501);
    expect((await ask('constructor', calendar)).status).toBe(501);
  });
});
