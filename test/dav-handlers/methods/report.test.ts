// REPORT itself: unknown and misplaced reports, and the prefix.
import { describe, expect, it } from 'vitest';
import { book, calendar, event, home, hrefsIn, setUp, task } from '../harness.ts';
import { namespaces, filled, query, events } from '../reports/bodies.ts';

describe('unknown and misplaced reports', () => {
  it('are refused with supported-report', async () => {
    const setup = filled();
    setup.home.at('tasks').keep('t.ics', task('t'));
    const at = async (path: string, body: string) => {
      const { status, conditions } = await setup.ask('REPORT', path, { body });
      return [status, ...conditions];
    };
    const refused = [403, '{DAV:}supported-report'];
    expect(await at(calendar, '<x xmlns="urn:x"/>')).toEqual(refused);
    expect(await at(calendar, '<D:version-tree xmlns:D="DAV:"/>')).toEqual(refused);
    expect(await at(book, query(events('')))).toEqual(refused);
    expect(await at(home, query(events('')))).toEqual(refused);
    expect(await at(`${calendar}a.ics`, query(events('')))).toEqual(refused);
    expect(await at(calendar, '')).toEqual([400]);
    expect(await at(calendar, '<x')).toEqual([400]);
    expect(await at(`${home}no/`, query(events('')))).toEqual([404]);
  });

  it('take and give hrefs with the prefix, and refuse those without it', async () => {
    const setup = setUp({ prefix: '/dav' });
    setup.home.at('calendar').keep('a.ics', event('a'));
    const body = `<C:calendar-multiget ${namespaces}><D:prop><D:getetag/></D:prop><D:href>/dav${calendar}a.ics</D:href><D:href>${calendar}a.ics</D:href></C:calendar-multiget>`;
    const answer = await setup.ask('REPORT', calendar, { body });
    expect(answer.responses.map(({ href, status }) => [href, status])).toEqual([
      [`/dav${calendar}a.ics`, undefined],
      [`${calendar}a.ics`, 400],
    ]);
    expect(hrefsIn(answer.xml)).toHaveLength(2);
  });
});
