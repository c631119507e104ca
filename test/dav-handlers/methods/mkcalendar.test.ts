// MKCALENDAR.
import { describe, expect, it } from 'vitest';
import { A, C, calendar, home, names, setUp } from '../harness.ts';

describe('MKCALENDAR', () => {
  it('creates a calendar with its properties', async () => {
    const setup = setUp();
    const body = `<?xml version="1.0" encoding="utf-8"?><C:mkcalendar xmlns:D="DAV:" xmlns:C="${C}" xmlns:A="${A}"><D:set><D:prop><D:displayname>Private</D:displayname><A:calendar-color>#FF0000</A:calendar-color><C:supported-calendar-component-set><C:comp name="VEVENT"/></C:supported-calendar-component-set></D:prop></D:set></C:mkcalendar>`;
    const answer = await setup.ask('MKCALENDAR', `${home}9F2B-AA/`, { body });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('Cache-Control')).toBe('no-cache');
    const { folder } = setup.home.at('9F2B-AA');
    expect(folder).toMatchObject({
      kind: 'events',
      displayName: 'Private',
      properties: { color: '#FF0000' },
    });
  });

  it('names the calendar after its path when nothing else is said', async () => {
    const setup = setUp();
    expect((await setup.ask('MKCALENDAR', `${home}n%C3%A4chste/`)).status).toBe(201);
    expect(setup.home.at('nächste').folder.displayName).toBe('nächste');
  });

  it('makes one kind of folder, whatever set is asked for', async () => {
    const setup = setUp();
    const make = (key: string, ...components: readonly string[]) =>
      setup.ask('MKCALENDAR', `${home}${key}/`, {
        body: `<C:mkcalendar xmlns:D="DAV:" xmlns:C="${C}"><D:set><D:prop><C:supported-calendar-component-set>${components.map((name) => `<C:comp name="${name}"/>`).join('')}</C:supported-calendar-component-set></D:prop></D:set></C:mkcalendar>`,
      });
    expect((await make('a', 'VTODO')).status).toBe(201);
    expect(setup.home.at('a').folder.kind).toBe('tasks');
    // DAVx5 with every box ticked.
    expect((await make('b', 'VEVENT', 'VTODO', 'VJOURNAL')).status).toBe(201);
    expect(setup.home.at('b').folder.kind).toBe('events');
    const refused = await make('c', 'VJOURNAL');
    expect([refused.status, ...refused.conditions]).toEqual([403, `{${C}}supported-calendar-component`]);
  });

  it('refuses places where no calendar can be', async () => {
    const setup = setUp();
    const at = async (path: string) => {
      const { status, conditions } = await setup.ask('MKCALENDAR', path);
      return [status, ...conditions];
    };
    expect(await at(calendar)).toEqual([405, '{DAV:}resource-must-be-null']);
    expect(await at(home)).toEqual([405, '{DAV:}resource-must-be-null']);
    expect(await at(`${calendar}deeper/`)).toEqual([403, `{${C}}calendar-collection-location-ok`]);
    expect(await at('/addressbooks/alice@example.test/x/')).toEqual([
      403,
      `{${C}}calendar-collection-location-ok`,
    ]);
    expect(await at(`${home}no/deeper/`)).toEqual([409]);
    expect(await at('/elsewhere/')).toEqual([409]);
  });

  it('makes nothing when a property cannot be set', async () => {
    const setup = setUp();
    const body = `<C:mkcalendar xmlns:D="DAV:" xmlns:C="${C}"><D:set><D:prop><D:displayname>P</D:displayname><D:getetag>x</D:getetag></D:prop></D:set></C:mkcalendar>`;
    const answer = await setup.ask('MKCALENDAR', `${home}new/`, { body });
    expect(answer.status).toBe(207);
    expect(names(answer.responses[0]!, 403)).toEqual(['{DAV:}getetag']);
    expect(names(answer.responses[0]!, 424)).toEqual(['{DAV:}displayname']);
    expect(() => setup.home.at('new')).toThrow();
  });
});
