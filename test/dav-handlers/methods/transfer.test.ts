// MOVE and COPY.
import { describe, expect, it } from 'vitest';
import { book, C, calendar, CR, event, folders, home, setUp, task } from '../harness.ts';
import { MemoryHome } from '../memory-home.ts';

describe('MOVE and COPY', () => {
  it('moves a member into another collection, by path or by URL', async () => {
    const setup = setUp();
    setup.home.at('calendar').keep('a.ics', event('a'));
    const there = await setup.ask('MOVE', `${calendar}a.ics`, {
      headers: { Destination: `${home}team/b%20c.ics` },
    });
    expect(there.status).toBe(201);
    expect(there.headers.get('Location')).toBe(`${home}team/b%20c.ics`);
    expect(setup.home.at('team').textOf('b c.ics')).toBe(event('a'));
    expect(setup.home.at('calendar').textOf('a.ics')).toBeUndefined();
    const back = await setup.ask('MOVE', `${home}team/b%20c.ics`, {
      headers: { Destination: `https://any.example${calendar}a.ics` },
    });
    expect(back.status).toBe(201);
  });

  it('copies, replaces with 204, and obeys Overwrite: F', async () => {
    const setup = setUp();
    setup.home.at('calendar').keep('a.ics', event('a'));
    setup.home.at('team').keep('t.ics', event('t'));
    const headers = { Destination: `${home}team/t.ics` };
    expect(
      (await setup.ask('COPY', `${calendar}a.ics`, { headers: { ...headers, Overwrite: 'F' } })).status,
    ).toBe(412);
    expect((await setup.ask('COPY', `${calendar}a.ics`, { headers })).status).toBe(204);
    expect(setup.home.at('team').textOf('t.ics')).toBe(event('a'));
    expect(setup.home.at('calendar').textOf('a.ics')).toBe(event('a'));
  });

  it('refuses destinations that cannot be', async () => {
    const setup = setUp({
      others: [new MemoryHome({ address: 'bob@example.test' }, folders)],
      space: { hosts: ['dav.example'] },
    });
    setup.home.at('calendar').keep('a.ics', event('a'));
    const move = (Destination: string, headers: Record<string, string> = {}) =>
      setup.ask('MOVE', `${calendar}a.ics`, { headers: { Destination, ...headers } });
    expect((await move(`${home}no/a.ics`)).status).toBe(409);
    expect((await move(calendar)).status).toBe(403);
    expect((await move(`${calendar}a.ics`)).status).toBe(403);
    expect((await move(`${home}tasks/a.ics`)).conditions).toEqual([`{${C}}supported-calendar-component`]);
    expect((await move(`${book}a.vcf`)).conditions).toEqual([`{${CR}}supported-address-data`]);
    expect((await move('/calendars/bob@example.test/calendar/a.ics')).status).toBe(403);
    expect((await move(`http://other.example${home}team/a.ics`)).status).toBe(502);
    expect((await move(`http://dav.example${home}team/%ZZ.ics`)).status).toBe(502);
    expect((await move(`${home}team/a.ics`, { Overwrite: 'X' })).status).toBe(400);
    expect((await setup.ask('MOVE', `${calendar}a.ics`)).status).toBe(400);
    expect((await setup.ask('MOVE', calendar, { headers: { Destination: `${home}new/` } })).status).toBe(403);
    expect((await setup.ask('COPY', home, { headers: { Destination: `${home}new/` } })).status).toBe(403);
    expect(setup.home.at('calendar').textOf('a.ics')).toBe(event('a'));
  });

  it('names the UID conflict of a copy inside one collection', async () => {
    const setup = setUp();
    setup.home.at('calendar').keep('a.ics', event('a'));
    const answer = await setup.ask('COPY', `${calendar}a.ics`, {
      headers: { Destination: `${calendar}b.ics` },
    });
    expect(answer.status).toBe(403);
    expect(answer.conditions).toEqual([`{${C}}no-uid-conflict`]);
  });

  it('moves tasks between nothing but task lists', async () => {
    const setup = setUp();
    setup.home.at('tasks').keep('t.ics', task('t'));
    const answer = await setup.ask('MOVE', `${home}tasks/t.ics`, {
      headers: { Destination: `${calendar}t.ics` },
    });
    expect(answer.status).toBe(403);
  });
});
