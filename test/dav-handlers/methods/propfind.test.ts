// PROPFIND: selections, depths, preferences, trouble.
import { describe, expect, it } from 'vitest';
import { parseXml } from '../../../src/xml/index.ts';
import {
  C,
  calendar,
  CS,
  D,
  event,
  folders,
  home,
  names,
  propfind,
  propOf,
  setUp,
  textIn,
} from '../harness.ts';

const zero = { Depth: '0' };

const one = { Depth: '1' };

describe('selections', () => {
  it('answers prop with found and missing properties apart', async () => {
    const { ask } = setUp();
    const answer = await ask('PROPFIND', calendar, {
      headers: zero,
      body: propfind([D, 'displayname'], [D, 'quota-used-bytes'], ['urn:x', 'unknown']),
    });
    expect(answer.status).toBe(207);
    expect(answer.responses).toHaveLength(1);
    expect(textIn(answer.responses[0], D, 'displayname')).toBe('Calendar');
    expect(names(answer.responses[0]!, 404)).toEqual(['{DAV:}quota-used-bytes', '{urn:x}unknown']);
    expect(answer.text).toContain('<D:status>HTTP/1.1 200 OK</D:status>');
  });

  it('answers allprop for an empty body, without what RFC 4791 keeps out of it', async () => {
    const { ask } = setUp();
    const answer = await ask('PROPFIND', calendar, { headers: zero });
    expect(names(answer.responses[0]!)).toEqual(['{DAV:}resourcetype', '{DAV:}displayname']);
    expect(names(answer.responses[0]!, 404)).toEqual([]);
  });

  it('answers allprop with include and with dead properties', async () => {
    const { ask } = setUp({
      folders: [{ ...folders[0]!, properties: { dead: { '{urn:x}mark': '<mark xmlns="urn:x">1</mark>' } } }],
    });
    const body = `<propfind xmlns="DAV:"><allprop/><include><x:supported-calendar-data xmlns:x="${C}"/></include></propfind>`;
    const answer = await ask('PROPFIND', calendar, { headers: zero, body });
    expect(names(answer.responses[0]!)).toEqual([
      '{DAV:}resourcetype',
      '{DAV:}displayname',
      `{${C}}supported-calendar-data`,
      '{urn:x}mark',
    ]);
  });

  it('answers propname with names only', async () => {
    const { ask } = setUp();
    const body = '<propfind xmlns="DAV:"><propname/></propfind>';
    const answer = await ask('PROPFIND', calendar, { headers: zero, body });
    const { props } = answer.responses[0]!;
    expect([...props.values()].every(({ element }) => element.children.length === 0)).toBe(true);
    expect([...props.keys()]).toEqual(
      expect.arrayContaining([
        `{${CS}}getctag`,
        '{DAV:}sync-token',
        `{${C}}supported-calendar-component-set`,
      ]),
    );
    expect(props.has('{DAV:}getetag')).toBe(false);
  });

  it('refuses a body that selects nothing or is another document', async () => {
    const { ask } = setUp();
    for (const body of [
      '<propfind xmlns="DAV:"/>',
      '<prop xmlns="DAV:"/>',
      '<propfind xmlns="urn:x"><prop/></propfind>',
    ])
      expect((await ask('PROPFIND', calendar, { headers: zero, body })).status).toBe(400);
  });

  it('answers an empty prop with an empty 200 propstat', async () => {
    const { ask } = setUp();
    const answer = await ask('PROPFIND', calendar, { headers: zero, body: propfind() });
    expect(answer.text).toContain('HTTP/1.1 200 OK');
  });
});

describe('Depth', () => {
  it('answers 0 with the resource alone and 1 with its children', async () => {
    const { ask } = setUp();
    const body = propfind([D, 'resourcetype']);
    const alone = await ask('PROPFIND', home, { headers: zero, body });
    const both = await ask('PROPFIND', home, { headers: one, body });
    expect(alone.responses.map(({ href }) => href)).toEqual([home]);
    expect(both.responses.map(({ href }) => href)).toEqual([
      home,
      calendar,
      ...['team', 'tasks', 'inbox', 'outbox'].map((key) => `${home}${key}/`),
    ]);
  });

  it('refuses infinity with propfind-finite-depth', async () => {
    const { ask } = setUp();
    const answer = await ask('PROPFIND', home, { headers: { Depth: 'infinity' } });
    expect(answer.status).toBe(403);
    expect(answer.conditions).toEqual(['{DAV:}propfind-finite-depth']);
  });

  it('takes a missing Depth for 1 and refuses other words', async () => {
    const { ask } = setUp();
    expect((await ask('PROPFIND', home)).responses.length).toBeGreaterThan(1);
    expect((await ask('PROPFIND', home, { headers: { Depth: '2' } })).status).toBe(400);
  });

  it('lists the members of a collection with byte-identical hrefs', async () => {
    const setup = setUp();
    const collection = setup.home.at('calendar');
    for (const name of ['plain.ics', "o'clock (1).ics", 'ü@b.ics', 'a b%c.ics'])
      collection.keep(name, event(name));
    const listing = await setup.ask('PROPFIND', calendar, {
      headers: one,
      body: propfind([D, 'getetag'], [D, 'getcontenttype'], [D, 'resourcetype']),
    });
    const hrefs = listing.responses.slice(1).map(({ href }) => href);
    expect(hrefs).toEqual([
      `${calendar}plain.ics`,
      `${calendar}o%27clock%20%281%29.ics`,
      `${calendar}%C3%BC@b.ics`,
      `${calendar}a%20b%25c.ics`,
    ]);
    for (const href of hrefs) {
      const own = await setup.ask('PROPFIND', href, { headers: zero, body: propfind([D, 'getetag']) });
      expect(own.responses.map((response) => response.href)).toEqual([href]);
    }
    expect(textIn(listing.responses[1], D, 'getcontenttype')).toBe(
      'text/calendar; charset=utf-8; component=VEVENT',
    );
    expect(listing.text).toContain('<D:resourcetype/>');
  });

  it('answers 404 for what is not there', async () => {
    const { ask } = setUp();
    for (const path of [
      `${calendar}no.ics`,
      `${home}no/`,
      '/nothing/',
      '/calendars/nobody@example.test/',
      '/principals/nobody@example.test/',
      `${calendar}a/b`,
    ])
      expect((await ask('PROPFIND', path, { headers: zero })).status, path).toBe(404);
  });

  it('keeps a long listing whole', async () => {
    const setup = setUp();
    for (let n = 0; n < 1_200; n += 1) setup.home.at('calendar').keep(`${n}.ics`, event(`${n}`));
    const answer = await setup.ask('PROPFIND', calendar, { headers: one, body: propfind([D, 'getetag']) });
    expect(answer.responses).toHaveLength(1_201);
  });
});

describe('preferences', () => {
  it('leaves missing properties out for Prefer: return=minimal and Brief: t', async () => {
    const { ask } = setUp();
    const body = propfind([D, 'displayname'], [D, 'quota-used-bytes']);
    const variants: Record<string, string>[] = [
      { Prefer: 'return=minimal' },
      { Prefer: 'foo, return="minimal"; x=1' },
      { Brief: 't' },
    ];
    for (const headers of variants) {
      const answer = await ask('PROPFIND', calendar, { headers: { ...zero, ...headers }, body });
      expect(names(answer.responses[0]!)).toEqual(['{DAV:}displayname']);
      expect(names(answer.responses[0]!, 404)).toEqual([]);
      expect(answer.headers.get('Preference-Applied')).toBe('return=minimal');
      expect(answer.headers.get('Vary')).toContain('Prefer');
    }
  });

  it('answers an empty 200 propstat when minimal leaves nothing', async () => {
    const { ask } = setUp();
    const answer = await ask('PROPFIND', calendar, {
      headers: { ...zero, Prefer: 'return=minimal' },
      body: propfind([D, 'quota-used-bytes']),
    });
    expect(answer.text).toContain('HTTP/1.1 200 OK');
    expect(answer.text).not.toContain('404');
  });

  it('leaves the resource itself out for depth-noroot', async () => {
    const { ask } = setUp();
    const answer = await ask('PROPFIND', home, {
      headers: { ...one, Prefer: 'depth-noroot' },
      body: propfind([D, 'displayname']),
    });
    expect(answer.responses.map(({ href }) => href)).not.toContain(home);
    expect(answer.headers.get('Preference-Applied')).toBe('depth-noroot');
  });
});

describe('trouble', () => {
  it('keeps the siblings of a folder that fails, and fails whole when the account does', async () => {
    const setup = setUp();
    const body = propfind([D, 'displayname'], [CS, 'getctag']);
    setup.home.at('team').broken = { kind: 'denied', message: 'no' };
    const partly = await setup.ask('PROPFIND', home, { headers: one, body });
    const team = partly.responses.find(({ href }) => href.endsWith('team/'));
    expect(textIn(team, D, 'displayname')).toBe('Team');
    expect(names(team!, 403)).toEqual([`{${CS}}getctag`]);
    setup.home.at('team').broken = { kind: 'busy', message: 'later', retryAfterMs: 4_200 };
    const whole = await setup.ask('PROPFIND', home, { headers: one, body });
    expect(whole.status).toBe(503);
    expect(whole.headers.get('Retry-After')).toBe('5');
  });

  it('refuses malformed XML, a DOCTYPE, and bodies without end', async () => {
    const { ask } = setUp();
    const bodies: (string | Uint8Array)[] = [
      '<propfind xmlns="DAV:"><prop>',
      '<!DOCTYPE x [<!ENTITY y "z">]><propfind xmlns="DAV:"><prop><x>&y;</x></prop></propfind>',
      '<propfind xmlns="DAV:"><prop><undeclared:x/></prop></propfind>',
      new Uint8Array([0x3c, 0x61, 0xff, 0x3e]),
    ];
    for (const body of bodies)
      expect((await ask('PROPFIND', home, { headers: zero, body })).status).toBe(400);
    const huge = `<propfind xmlns="DAV:"><prop><x>${'x'.repeat(4_200_000)}</x></prop></propfind>`;
    expect((await ask('PROPFIND', home, { headers: zero, body: huge })).status).toBe(413);
  });

  it('gives names of any namespace back in well-formed XML', async () => {
    const { ask } = setUp();
    const body =
      '<propfind xmlns="DAV:"><prop><xml:lang/><a xmlns=""/><b xmlns="urn:&quot;&lt;&amp;"/></prop></propfind>';
    const answer = await ask('PROPFIND', calendar, { headers: zero, body });
    expect(names(answer.responses[0]!, 404)).toEqual([
      '{http://www.w3.org/XML/1998/namespace}lang',
      '{}a',
      '{urn:"<&}b',
    ]);
  });

  it('reads UTF-16 bodies with a byte order mark', async () => {
    const { ask } = setUp();
    const body = new Uint8Array(Buffer.from(`\ufeff${propfind([D, 'displayname'])}`, 'utf16le'));
    expect((await ask('PROPFIND', calendar, { headers: zero, body })).status).toBe(207);
  });

  it('gives a dead property back even when its neighbour in the store is broken', async () => {
    const { ask } = setUp({
      folders: [
        {
          ...folders[0]!,
          properties: {
            dead: { '{urn:x}good': '<good xmlns="urn:x"><a>1</a>&amp;</good>', '{urn:x}bad': '<bad' },
          },
        },
      ],
    });
    const answer = await ask('PROPFIND', calendar, {
      headers: zero,
      body: propfind(['urn:x', 'good'], ['urn:x', 'bad']),
    });
    expect(propOf(answer.responses[0], 'urn:x', 'good')).toEqual(
      parseXml('<good xmlns="urn:x"><a>1</a>&amp;</good>'),
    );
    expect(names(answer.responses[0]!, 404)).toEqual(['{urn:x}bad']);
  });

  it('refuses paths that no resource can have', async () => {
    const { ask } = setUp();
    for (const path of [
      `${calendar}%00.ics`,
      `${calendar}a%2Fb.ics`,
      `${calendar}%2e%2e`,
      `${calendar}a%0Db`,
      `${calendar}a%5Cb`,
    ])
      expect((await ask('GET', path)).status, path).toBe(400);
  });
});
