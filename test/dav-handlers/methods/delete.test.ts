// DELETE of members and collections.
import { describe, expect, it } from 'vitest';
import { calendar, event, home, setUp } from '../harness.ts';

describe('DELETE', () => {
  it('deletes a member under its condition', async () => {
    const setup = setUp();
    const { etag } = setup.home.at('calendar').keep('a.ics', event('a'));
    expect((await setup.ask('DELETE', `${calendar}a.ics`, { headers: { 'If-Match': '"x"' } })).status).toBe(
      412,
    );
    expect((await setup.ask('DELETE', `${calendar}a.ics`, { headers: { 'If-Match': etag } })).status).toBe(
      204,
    );
    expect((await setup.ask('DELETE', `${calendar}a.ics`)).status).toBe(404);
  });

  it('deletes a collection, but no default folder and nothing above', async () => {
    const setup = setUp();
    expect((await setup.ask('DELETE', `${home}team/`)).status).toBe(204);
    expect((await setup.ask('PROPFIND', `${home}team/`, { headers: { Depth: '0' } })).status).toBe(404);
    for (const path of [
      calendar,
      home,
      '/',
      '/calendars/',
      '/principals/',
      '/principals/alice@example.test/',
    ])
      expect((await setup.ask('DELETE', path)).status, path).toBe(403);
    expect((await setup.ask('DELETE', `${home}no/`)).status).toBe(404);
  });
});
