// REPORT: queries, multigets, sync, free-busy, expansion and principals.
import { describe, expect, it } from 'vitest';
import { childOf, childrenOf, clarkOf, textOf } from '../../src/xml/index.ts';
import {
  alice,
  book,
  C,
  calendar,
  card,
  childNames,
  CR,
  CS,
  D,
  event,
  folders,
  home,
  hrefsIn,
  names,
  parseResponse,
  propOf,
  setUp,
  task,
  textIn,
  type Setup,
} from './harness.ts';

const namespaces = `xmlns:D="DAV:" xmlns:C="${C}" xmlns:CR="${CR}" xmlns:CS="${CS}"`;

function filled(): Setup {
  const setup = setUp();
  const events = setup.home.at('calendar');
  events.keep('a.ics', event('a', { SUMMARY: 'Alpha & <Beta>' }));
  events.keep(
    'b.ics',
    event('b', { DTSTART: '20270110T100000Z', DTEND: '20270110T110000Z', STATUS: 'TENTATIVE' }),
  );
  const contacts = setup.home.at('contacts');
  contacts.keep('c.vcf', card('c', 'Carol'));
  contacts.keep('d.vcf', card('d', 'Dora'));
  return setup;
}

const query = (filter: string, prop = '<D:getetag/><C:calendar-data/>', more = ''): string =>
  `<C:calendar-query ${namespaces}><D:prop>${prop}</D:prop><C:filter>${filter}</C:filter>${more}</C:calendar-query>`;
const events = (inner: string): string =>
  `<C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">${inner}</C:comp-filter></C:comp-filter>`;

describe('calendar-query', () => {
  it('answers etags and texts of what matches', async () => {
    const { ask } = filled();
    const answer = await ask('REPORT', calendar, {
      headers: { Depth: '1' },
      body: query(events('<C:time-range start="20260101T000000Z" end="20260201T000000Z"/>')),
    });
    expect(answer.status).toBe(207);
    expect(answer.responses.map(({ href }) => href)).toEqual([`${calendar}a.ics`]);
    expect(textIn(answer.responses[0], C, 'calendar-data')).toBe(event('a', { SUMMARY: 'Alpha & <Beta>' }));
  });

  it('takes a missing Depth for 1 and finds nothing at Depth 0', async () => {
    const { ask } = filled();
    expect((await ask('REPORT', calendar, { body: query(events('')) })).responses).toHaveLength(2);
    expect(
      (await ask('REPORT', calendar, { headers: { Depth: '0' }, body: query(events('')) })).responses,
    ).toEqual([]);
  });

  it('parses the whole grammar of the filter', async () => {
    const setup = filled();
    const body = query(
      events(
        `<C:time-range start="20260101T000000Z"/>
         <C:prop-filter name="summary"><C:text-match collation="i;octet" negate-condition="yes">x</C:text-match></C:prop-filter>
         <C:prop-filter name="ATTENDEE"><C:text-match>mailto:a</C:text-match><C:param-filter name="partstat"><C:text-match>NEEDS-ACTION</C:text-match></C:param-filter><C:param-filter name="CN"><C:is-not-defined/></C:param-filter></C:prop-filter>
         <C:prop-filter name="RRULE"><C:is-not-defined/></C:prop-filter>
         <C:prop-filter name="COMPLETED"><C:time-range end="20270101T000000Z"/></C:prop-filter>
         <C:comp-filter name="VALARM"><C:time-range start="20260101T000000Z" end="20270101T000000Z"/></C:comp-filter>
         <C:comp-filter name="X-OTHER"><C:is-not-defined/></C:comp-filter>`,
      ),
      '<D:getetag/>',
    );
    expect((await setup.ask('REPORT', calendar, { body })).status).toBe(207);
    const from = Date.UTC(2026, 0, 1);
    const to = Date.UTC(2027, 0, 1);
    const text = { collation: 'i;ascii-casemap', negate: false, match: 'contains' };
    const prop = { isNotDefined: false, params: [] };
    expect(setup.home.at('calendar').asked).toMatchObject({
      shape: 'none',
      filter: {
        kind: 'calendar',
        filter: {
          comp: {
            name: 'VCALENDAR',
            isNotDefined: false,
            props: [],
            comps: [
              {
                name: 'VEVENT',
                isNotDefined: false,
                timeRange: { from },
                props: [
                  {
                    ...prop,
                    name: 'SUMMARY',
                    textMatch: { ...text, text: 'x', collation: 'i;octet', negate: true },
                  },
                  {
                    name: 'ATTENDEE',
                    isNotDefined: false,
                    textMatch: { ...text, text: 'mailto:a' },
                    params: [
                      { name: 'PARTSTAT', isNotDefined: false, textMatch: { ...text, text: 'NEEDS-ACTION' } },
                      { name: 'CN', isNotDefined: true },
                    ],
                  },
                  { ...prop, name: 'RRULE', isNotDefined: true },
                  { ...prop, name: 'COMPLETED', timeRange: { to } },
                ],
                comps: [
                  { name: 'VALARM', isNotDefined: false, timeRange: { from, to }, props: [], comps: [] },
                  { name: 'X-OTHER', isNotDefined: true, props: [], comps: [] },
                ],
              },
            ],
          },
        },
      },
    });
  });

  it('refuses filters that are not valid with valid-filter', async () => {
    const { ask } = filled();
    const wrong = [
      '',
      '<C:comp-filter name="VEVENT"/>',
      '<C:comp-filter name="VCALENDAR"/><C:comp-filter name="VCALENDAR"/>',
      '<C:comp-filter/>',
      '<C:comp-filter name="VCALENDAR"><C:time-range start="20260101T000000Z"/></C:comp-filter>',
      events('<C:time-range/>'),
      events('<C:time-range start="20260101"/>'),
      events('<C:time-range start="20260101T000000"/>'),
      events('<C:time-range start="20260101T000000+0100" end="20260102T000000Z"/>'),
      events('<C:time-range start="20261301T000000Z"/>'),
      events('<C:time-range start="20260102T000000Z" end="20260101T000000Z"/>'),
      events('<C:is-not-defined/><C:time-range start="20260102T000000Z"/>'),
      events('<C:prop-filter name="UID"><C:is-not-defined/><C:text-match>x</C:text-match></C:prop-filter>'),
      events(
        '<C:prop-filter name="UID"><C:text-match negate-condition="maybe">x</C:text-match></C:prop-filter>',
      ),
      events(
        '<C:prop-filter name="UID"><C:param-filter name="X"><C:is-not-defined/><C:text-match>x</C:text-match></C:param-filter></C:prop-filter>',
      ),
      events(
        '<C:prop-filter name="DTSTART"><C:time-range start="20260102T000000Z"/><C:text-match>x</C:text-match></C:prop-filter>',
      ),
    ];
    for (const filter of wrong) {
      const answer = await ask('REPORT', calendar, { body: query(filter) });
      expect([answer.status, ...answer.conditions], filter).toEqual([403, `{${C}}valid-filter`]);
    }
  });

  it('refuses an unknown collation with supported-collation', async () => {
    const { ask } = filled();
    const filter = events(
      '<C:prop-filter name="UID"><C:text-match collation="i;klingon">x</C:text-match></C:prop-filter>',
    );
    const answer = await ask('REPORT', calendar, { body: query(filter) });
    expect([answer.status, ...answer.conditions]).toEqual([403, `{${C}}supported-collation`]);
  });

  it('takes the time zone of the query, else that of the calendar', async () => {
    const zone = (name: string): string =>
      `BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:${name}\nEND:VTIMEZONE\nEND:VCALENDAR`;
    const setup = setUp({ folders: [{ ...folders[0]!, properties: { timezone: zone('Europe/Oslo') } }] });
    const zoneOf = (): unknown => {
      const { filter } = setup.home.at('calendar').asked;
      return filter?.kind === 'calendar' ? filter.filter.zone : undefined;
    };
    await setup.ask('REPORT', calendar, { body: query(events('')) });
    expect(zoneOf()).toBe('Europe/Oslo');
    await setup.ask('REPORT', calendar, {
      body: query(events(''), '<D:getetag/>', `<C:timezone>${zone('Asia/Tokyo')}</C:timezone>`),
    });
    expect(zoneOf()).toBe('Asia/Tokyo');
  });

  it('lists an object that cannot be translated with its own 5xx, hiding no other', async () => {
    const setup = filled();
    setup.home
      .at('calendar')
      .unreadable.set('a.ics', { kind: 'unreadable', message: 'cannot be understood' });
    const answer = await setup.ask('REPORT', calendar, { body: query(events('')) });
    expect(answer.status).toBe(207);
    expect(answer.responses.map(({ href, status }) => [href, status])).toEqual([
      [`${calendar}b.ics`, undefined],
      [`${calendar}a.ics`, 500],
    ]);
    expect(textOf(childOf(childrenOf(answer.xml)[1], 'responsedescription', D))).toBe('cannot be understood');
  });
});

describe('calendar-data', () => {
  const shapeFor = async (data: string): Promise<unknown> => {
    const setup = filled();
    const answer = await setup.ask('REPORT', calendar, { body: query(events(''), data) });
    return answer.status === 207
      ? setup.home.at('calendar').asked.shape
      : [answer.status, ...answer.conditions];
  };
  const stretch = 'start="20260101T000000Z" end="20260201T000000Z"';
  const range = { from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 1, 1) };

  it('parses expand and the two limits', async () => {
    expect(await shapeFor('<C:calendar-data/>')).toEqual({ kind: 'whole' });
    expect(await shapeFor(`<C:calendar-data><C:expand ${stretch}/></C:calendar-data>`)).toEqual({
      kind: 'calendar',
      expand: range,
    });
    expect(
      await shapeFor(
        `<C:calendar-data><C:limit-recurrence-set ${stretch}/><C:limit-freebusy-set ${stretch}/></C:calendar-data>`,
      ),
    ).toEqual({
      kind: 'calendar',
      limitRecurrenceSet: range,
      limitFreeBusySet: range,
    });
  });

  it('parses chosen parts: an empty comp is all of it, a list is what it lists', async () => {
    const data = `<C:calendar-data><C:comp name="VCALENDAR"><C:prop name="VERSION"/><C:comp name="VEVENT"><C:prop name="summary"/><C:prop name="UID" novalue="yes"/></C:comp><C:comp name="VTIMEZONE"/><C:comp name="VTODO"><C:allprop/><C:allcomp/></C:comp></C:comp></C:calendar-data>`;
    expect(await shapeFor(data)).toEqual({
      kind: 'calendar',
      parts: {
        name: 'VCALENDAR',
        properties: [{ name: 'VERSION', noValue: false }],
        components: [
          {
            name: 'VEVENT',
            properties: [
              { name: 'SUMMARY', noValue: false },
              { name: 'UID', noValue: true },
            ],
            components: [],
          },
          { name: 'VTIMEZONE' },
          { name: 'VTODO' },
        ],
      },
    });
  });

  it('refuses other types and broken stretches', async () => {
    expect(await shapeFor('<C:calendar-data content-type="application/calendar+json"/>')).toEqual([
      403,
      `{${C}}supported-calendar-data`,
    ]);
    expect(await shapeFor('<C:calendar-data version="3.0"/>')).toEqual([
      403,
      `{${C}}supported-calendar-data`,
    ]);
    expect(await shapeFor('<C:calendar-data><C:expand start="20260101T000000Z"/></C:calendar-data>')).toEqual(
      [400],
    );
    expect(
      await shapeFor(
        `<C:calendar-data><C:expand ${stretch}/><C:limit-recurrence-set ${stretch}/></C:calendar-data>`,
      ),
    ).toEqual([400]);
    expect(await shapeFor('<C:calendar-data><C:comp name="VEVENT"/></C:calendar-data>')).toEqual([400]);
  });
});

describe('calendar-multiget', () => {
  const multiget = (hrefs: readonly string[], prop = '<D:getetag/><C:calendar-data/>'): string =>
    `<C:calendar-multiget ${namespaces}><D:prop>${prop}</D:prop>${hrefs.map((href) => `<D:href>${href}</D:href>`).join('')}</C:calendar-multiget>`;

  it('answers each href, a missing one with 404 inside the 207', async () => {
    const { ask } = filled();
    const answer = await ask('REPORT', calendar, {
      body: multiget([`${calendar}b.ics`, `${calendar}no.ics`, `${calendar}a.ics`]),
    });
    expect(answer.status).toBe(207);
    expect(answer.responses.map(({ href, status }) => [href, status])).toEqual([
      [`${calendar}b.ics`, undefined],
      [`${calendar}a.ics`, undefined],
      [`${calendar}no.ics`, 404],
    ]);
  });

  it('takes absolute URLs and any encoding, and answers under the one href', async () => {
    const setup = filled();
    setup.home.at('calendar').keep('ü (x).ics', event('u'));
    const answer = await setup.ask('REPORT', calendar, {
      body: multiget([
        'https://any.example/calendars/alice%40example.test/calendar/%61.ics',
        `\n  ${calendar}%C3%BC%20(x).ics `,
        '/calendars/ALICE@example.test/calendar/b.ics',
        '/calendars/a.adams@example.test/calendar/b.ics',
      ]),
    });
    expect(answer.responses.map(({ href }) => href)).toEqual([
      `${calendar}a.ics`,
      `${calendar}%C3%BC%20%28x%29.ics`,
      `${calendar}b.ics`,
    ]);
  });

  it('answers odd hrefs alone: 404 outside the collection, 400 where nothing can be', async () => {
    const { ask } = filled();
    const odd: Record<string, number> = {
      [`${home}team/a.ics`]: 404,
      [`${calendar}a.ics/deeper`]: 404,
      [calendar]: 404,
      '/': 404,
      [`${calendar}../calendar/a.ics`]: 400,
      [`${calendar}%2e%2e/calendar/a.ics`]: 400,
      [`${calendar}%00a.ics`]: 400,
      [`${calendar}a%2Fb.ics`]: 400,
      [`${calendar}%ZZ.ics`]: 400,
      [`${calendar}%FF.ics`]: 400,
      [`${calendar}a.ics?x=1`]: 400,
      'a.ics': 400,
      'ftp://host/a.ics': 400,
      '': 400,
    };
    const answer = await ask('REPORT', calendar, {
      body: multiget([...Object.keys(odd), `${calendar}a.ics`]),
    });
    expect(answer.status).toBe(207);
    const statuses = Object.fromEntries(answer.responses.map(({ href, status }) => [href, status ?? 200]));
    expect(statuses).toEqual({ ...odd, [`${calendar}a.ics`]: 200 });
  });

  it('answers from the listing alone when no text is asked for', async () => {
    const setup = filled();
    setup.home.at('calendar').unreadable.set('a.ics', { kind: 'unreadable', message: 'no' });
    const answer = await setup.ask('REPORT', calendar, {
      body: multiget([`${calendar}a.ics`, `${calendar}no.ics`], '<D:getetag/>'),
    });
    expect(answer.responses.map(({ status }) => status)).toEqual([undefined, 404]);
  });

  it('refuses one without hrefs and bounds their number', async () => {
    const { ask } = filled();
    expect((await ask('REPORT', calendar, { body: multiget([]) })).status).toBe(400);
    const many = Array.from({ length: 10_001 }, (_, n) => `${calendar}${n}.ics`);
    const answer = await ask('REPORT', calendar, { body: multiget(many) });
    expect([answer.status, ...answer.conditions]).toEqual([403, '{DAV:}number-of-matches-within-limits']);
  });

  it('works on a member for that member', async () => {
    const { ask } = filled();
    const answer = await ask('REPORT', `${calendar}a.ics`, {
      body: multiget([`${calendar}a.ics`, `${calendar}b.ics`]),
    });
    expect(answer.responses.map(({ href, status }) => [href, status])).toEqual([
      [`${calendar}a.ics`, undefined],
      [`${calendar}b.ics`, 404],
    ]);
  });

  it('does not care about the Content-Type', async () => {
    const { ask } = filled();
    const headers = { 'Content-Type': 'text/plain' };
    expect((await ask('REPORT', calendar, { headers, body: multiget([`${calendar}a.ics`]) })).status).toBe(
      207,
    );
  });
});

describe('addressbook-query', () => {
  const find = (filter: string, more = '', prop = '<D:getetag/><CR:address-data/>'): string =>
    `<CR:addressbook-query ${namespaces}><D:prop>${prop}</D:prop>${filter}${more}</CR:addressbook-query>`;

  it('parses tests, match types, parameters and is-not-defined', async () => {
    const setup = filled();
    const filter = `<CR:filter test="allof"><CR:prop-filter name="fn" test="allof"><CR:text-match match-type="starts-with" collation="default">c</CR:text-match><CR:text-match match-type="ends-with" negate-condition="yes" collation="i;ascii-casemap">x</CR:text-match></CR:prop-filter><CR:prop-filter name="NICKNAME"><CR:is-not-defined/></CR:prop-filter></CR:filter>`;
    const answer = await setup.ask('REPORT', book, { headers: { Depth: '1' }, body: find(filter) });
    expect(answer.responses.map(({ href }) => href)).toEqual([`${book}c.vcf`]);
    expect(textIn(answer.responses[0], CR, 'address-data')).toBe(card('c', 'Carol'));
    expect(setup.home.at('contacts').asked.filter).toEqual({
      kind: 'address',
      filter: {
        test: 'allof',
        props: [
          {
            name: 'FN',
            isNotDefined: false,
            test: 'allof',
            texts: [
              { text: 'c', collation: 'i;unicode-casemap', negate: false, match: 'starts-with' },
              { text: 'x', collation: 'i;ascii-casemap', negate: true, match: 'ends-with' },
            ],
            params: [],
          },
          { name: 'NICKNAME', isNotDefined: true, test: 'anyof', texts: [], params: [] },
        ],
      },
    });
    const params = `<CR:filter><CR:prop-filter name="TEL"><CR:param-filter name="type"><CR:text-match match-type="equals">home</CR:text-match></CR:param-filter></CR:prop-filter></CR:filter>`;
    expect((await setup.ask('REPORT', book, { body: find(params) })).status).toBe(207);
  });

  it('says 507 for the collection when the limit cut the answer', async () => {
    const { ask } = filled();
    const answer = await ask('REPORT', book, {
      body: find('<CR:filter/>', '<CR:limit><CR:nresults>1</CR:nresults></CR:limit>'),
    });
    expect(answer.status).toBe(207);
    expect(answer.responses.map(({ href, status }) => [href, status])).toEqual([
      [`${book}c.vcf`, undefined],
      [book, 507],
    ]);
    expect(answer.responses[1]?.conditions).toEqual(['{DAV:}number-of-matches-within-limits']);
  });

  it('parses versions and chosen properties of address-data', async () => {
    const setup = filled();
    const shape = async (data: string): Promise<unknown> => {
      const answer = await setup.ask('REPORT', book, { body: find('<CR:filter/>', '', data) });
      return answer.status === 207
        ? setup.home.at('contacts').asked.shape
        : [answer.status, ...answer.conditions];
    };
    expect(await shape('<CR:address-data/>')).toEqual({ kind: 'address', version: '3.0' });
    expect(await shape('<CR:address-data content-type="text/vcard" version="4.0"/>')).toEqual({
      kind: 'address',
      version: '4.0',
    });
    expect(
      await shape(
        '<CR:address-data><CR:prop name="fn"/><CR:prop name="PHOTO" novalue="yes"/></CR:address-data>',
      ),
    ).toEqual({
      kind: 'address',
      version: '3.0',
      properties: [
        { name: 'FN', noValue: false },
        { name: 'PHOTO', noValue: true },
      ],
    });
    expect(await shape('<CR:address-data version="2.1"/>')).toEqual([403, `{${CR}}supported-address-data`]);
    expect(await shape('<CR:address-data content-type="application/json"/>')).toEqual([
      403,
      `{${CR}}supported-address-data`,
    ]);
  });

  it('refuses filters it cannot evaluate', async () => {
    const { ask } = filled();
    const at = async (filter: string, more = '') => {
      const { status, conditions } = await ask('REPORT', book, { body: find(filter, more) });
      return [status, ...conditions];
    };
    expect(await at('')).toEqual([400]);
    expect(await at('<CR:filter test="most"/>')).toEqual([403, `{${CR}}supported-filter`]);
    expect(
      await at(
        '<CR:filter><CR:prop-filter name="FN"><CR:text-match match-type="like">x</CR:text-match></CR:prop-filter></CR:filter>',
      ),
    ).toEqual([403, `{${CR}}supported-filter`]);
    expect(
      await at(
        '<CR:filter><CR:prop-filter name="FN"><CR:text-match collation="i;x">x</CR:text-match></CR:prop-filter></CR:filter>',
      ),
    ).toEqual([403, `{${CR}}supported-collation`]);
    expect(await at('<CR:filter/>', '<CR:limit><CR:nresults>0</CR:nresults></CR:limit>')).toEqual([400]);
  });
});

describe('addressbook-multiget', () => {
  it('answers cards and their absence', async () => {
    const { ask } = filled();
    const body = `<CR:addressbook-multiget ${namespaces}><D:prop><D:getetag/><CR:address-data content-type="text/vcard" version="3.0"/></D:prop><D:href>${book}d.vcf</D:href><D:href>${book}x.vcf</D:href></CR:addressbook-multiget>`;
    const answer = await ask('REPORT', book, { body });
    expect(textIn(answer.responses[0], CR, 'address-data')).toBe(card('d', 'Dora'));
    expect(answer.responses[1]?.status).toBe(404);
  });
});

describe('sync-collection', () => {
  const sync = (token: string, more = '<D:sync-level>1</D:sync-level>', prop = '<D:getetag/>'): string =>
    `<D:sync-collection ${namespaces}><D:sync-token>${token}</D:sync-token>${more}<D:prop>${prop}</D:prop></D:sync-collection>`;
  const tokenIn = (answer: { xml: Parameters<typeof childOf>[0] }): string =>
    textOf(childOf(answer.xml, 'sync-token', D));

  it('gives everything first and then what changed and what is gone', async () => {
    const setup = filled();
    const collection = setup.home.at('calendar');
    const first = await setup.ask('REPORT', calendar, { headers: { Depth: '0' }, body: sync('') });
    expect(first.responses.map(({ href }) => href)).toEqual([`${calendar}a.ics`, `${calendar}b.ics`]);
    collection.keep('a.ics', event('a', { SUMMARY: 'new' }));
    collection.keep('n.ics', event('n'));
    collection.drop('b.ics');
    const second = await setup.ask('REPORT', calendar, { body: sync(tokenIn(first)) });
    expect(second.responses.map(({ href, status }) => [href, status])).toEqual([
      [`${calendar}a.ics`, undefined],
      [`${calendar}n.ics`, undefined],
      [`${calendar}b.ics`, 404],
    ]);
    const third = await setup.ask('REPORT', calendar, { body: sync(tokenIn(second)) });
    expect(third.responses).toEqual([]);
    expect(tokenIn(third)).toBe(tokenIn(second));
  });

  it('gives texts when they are asked for', async () => {
    const { ask } = filled();
    const answer = await ask('REPORT', calendar, {
      body: sync('', undefined, '<D:getetag/><C:calendar-data/>'),
    });
    expect(textIn(answer.responses[1], C, 'calendar-data')).toContain('UID:b');
  });

  it('pages: 507 for the collection and the token of what was sent, until nothing is left', async () => {
    const setup = setUp();
    for (let n = 0; n < 5; n += 1) setup.home.at('calendar').keep(`${n}.ics`, event(`${n}`));
    const limit = '<D:sync-level>1</D:sync-level><D:limit><D:nresults>2</D:nresults></D:limit>';
    const seen: string[] = [];
    let token = '';
    for (let round = 0; round < 3; round += 1) {
      const answer = await setup.ask('REPORT', calendar, { body: sync(token, limit) });
      token = tokenIn(answer);
      seen.push(...answer.responses.filter(({ status }) => status === undefined).map(({ href }) => href));
      const cut = answer.responses.find(({ status }) => status === 507);
      expect(cut?.href).toBe(round < 2 ? calendar : undefined);
      if (round < 2) expect(cut?.conditions).toEqual(['{DAV:}number-of-matches-within-limits']);
    }
    expect(seen).toHaveLength(5);
    expect(new Set(seen).size).toBe(5);
  });

  it('refuses tokens it never gave with valid-sync-token', async () => {
    const { ask } = filled();
    for (const token of ['x', 'http://sabre.io/ns/sync/1', 'http://sabre.io/ns/sync/999999999']) {
      const answer = await ask('REPORT', calendar, { body: sync(token) });
      expect([answer.status, ...answer.conditions]).toEqual([403, '{DAV:}valid-sync-token']);
    }
  });

  it('refuses infinite levels and wrong numbers, and needs properties', async () => {
    const { ask } = filled();
    const at = async (body: string, headers: Record<string, string> = {}) => {
      const { status, conditions } = await ask('REPORT', calendar, { body, headers });
      return [status, ...conditions];
    };
    expect(await at(sync('', '<D:sync-level>infinite</D:sync-level>'))).toEqual([
      403,
      '{DAV:}sync-traversal-supported',
    ]);
    expect(await at(sync('', ''), { Depth: 'infinity' })).toEqual([403, '{DAV:}sync-traversal-supported']);
    expect(await at(sync('', '<D:sync-level>2</D:sync-level>'))).toEqual([400]);
    expect(await at(sync(''), { Depth: 'infinity' })).toEqual([400]);
    expect(await at(sync('', '<D:limit><D:nresults>x</D:nresults></D:limit>'))).toEqual([400]);
    expect(await at(`<D:sync-collection ${namespaces}><D:sync-token/></D:sync-collection>`)).toEqual([400]);
    expect(await at(sync('', ''))).toEqual([207]);
    expect(await at(sync(''), { Depth: '1' })).toEqual([207]);
  });

  it('is refused on homes, where it is not advertised', async () => {
    const { ask } = filled();
    const answer = await ask('REPORT', home, { body: sync('') });
    expect([answer.status, ...answer.conditions]).toEqual([403, '{DAV:}supported-report']);
  });
});

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

describe('expand-property', () => {
  it('opens hrefs into the responses of what they name, nested', async () => {
    const { ask } = filled();
    const body = `<D:expand-property ${namespaces}>
      <D:property name="current-user-principal"><D:property name="displayname"/><D:property name="calendar-home-set" namespace="${C}"><D:property name="resourcetype"/></D:property><D:property name="nothing"/></D:property>
      <D:property name="displayname"/><D:property name="missing" namespace="urn:x"/></D:expand-property>`;
    const answer = await ask('REPORT', calendar, { body });
    const [own] = answer.responses;
    expect(names(own!, 404)).toEqual(['{urn:x}missing']);
    expect(textIn(own, D, 'displayname')).toBe('Calendar');
    const principal = parseResponse(childOf(propOf(own, D, 'current-user-principal'), 'response', D)!);
    expect(principal.href).toBe('/principals/alice@example.test/');
    expect(textIn(principal, D, 'displayname')).toBe('Alice Adams');
    expect(names(principal, 404)).toEqual(['{DAV:}nothing']);
    const homes = parseResponse(childOf(propOf(principal, C, 'calendar-home-set'), 'response', D)!);
    expect(homes.href).toBe(home);
    expect(childNames(propOf(homes, D, 'resourcetype'))).toEqual(['{DAV:}collection']);
  });

  it('leaves other hrefs as they are and answers 404 inside for principals nobody can see', async () => {
    const setup = setUp({ folders: [{ ...folders[0]!, owner: { address: 'ghost@example.test' } }] });
    const body = `<D:expand-property ${namespaces}><D:property name="owner"><D:property name="displayname"/></D:property></D:expand-property>`;
    const owner = propOf((await setup.ask('REPORT', calendar, { body })).responses[0], D, 'owner');
    expect(parseResponse(childOf(owner, 'response', D)!).status).toBe(404);
    const addresses = `<D:expand-property ${namespaces}><D:property name="calendar-user-address-set" namespace="${C}"><D:property name="displayname"/></D:property></D:expand-property>`;
    const set = propOf(
      (await setup.ask('REPORT', '/principals/alice@example.test/', { body: addresses })).responses[0],
      C,
      'calendar-user-address-set',
    );
    expect(childNames(set)).toEqual(['{DAV:}href', '{DAV:}href', '{DAV:}response']);
  });

  it('answers children at Depth 1 and is bounded', async () => {
    const { ask } = filled();
    const one = `<D:expand-property ${namespaces}><D:property name="displayname"/></D:expand-property>`;
    expect((await ask('REPORT', home, { headers: { Depth: '1' }, body: one })).responses).toHaveLength(4);
    expect((await ask('REPORT', home, { headers: { Depth: 'infinity' }, body: one })).status).toBe(403);
    const deep = '<D:property name="owner">'.repeat(6) + '</D:property>'.repeat(6);
    expect(
      (await ask('REPORT', home, { body: `<D:expand-property ${namespaces}>${deep}</D:expand-property>` }))
        .status,
    ).toBe(403);
    const wide = '<D:property name="owner"/>'.repeat(501);
    expect(
      (await ask('REPORT', home, { body: `<D:expand-property ${namespaces}>${wide}</D:expand-property>` }))
        .status,
    ).toBe(403);
    expect(
      (
        await ask('REPORT', home, {
          body: `<D:expand-property ${namespaces}><D:property/></D:expand-property>`,
        })
      ).status,
    ).toBe(400);
  });
});

describe('principals', () => {
  const search = (text: string, attrs = '', match = 'displayname'): string =>
    `<D:principal-property-search ${namespaces} ${attrs}><D:property-search><D:prop><${match.includes(':') ? match : `D:${match}`}/></D:prop><D:match>${text}</D:match></D:property-search><D:prop><D:displayname/></D:prop></D:principal-property-search>`;
  const found = async (body: string, path = '/principals/'): Promise<readonly string[]> =>
    (await filled().ask('REPORT', path, { headers: { Depth: '0' }, body })).responses.map(({ href }) => href);
  const self = [`/principals/${alice.address}/`];

  it('finds oneself by name and by address, and nobody else', async () => {
    expect(await found(search('adams'))).toEqual(self);
    expect(await found(search('bob'))).toEqual([]);
    expect(await found(search('alice@', '', 'CS:email-address-set'))).toEqual(self);
    expect(await found(search('mailto:a.adams@example.test', '', 'C:calendar-user-address-set'))).toEqual(
      self,
    );
    expect(await found(search('adams', 'type="ROOM"'))).toEqual([]);
    expect(await found(search('adams', 'type="INDIVIDUAL"'), '/')).toEqual(self);
  });

  it('joins property searches by and, or by or with test="anyof"', async () => {
    const two = (attrs: string): string =>
      search('adams', attrs).replace(
        '<D:prop><D:displayname/></D:prop></D:principal-property-search>',
        '<D:property-search><D:prop><CS:email-address-set/></D:prop><D:match match-type="starts-with">nobody</D:match></D:property-search><D:prop><D:displayname/></D:prop></D:principal-property-search>',
      );
    expect(await found(two(''))).toEqual([]);
    expect(await found(two('test="anyof"'))).toEqual(self);
  });

  it('refuses a search without a word of what to look for', async () => {
    const { ask } = filled();
    for (const body of [
      `<D:principal-property-search ${namespaces}/>`,
      `<D:principal-property-search ${namespaces}><D:property-search/></D:principal-property-search>`,
      `<CS:calendarserver-principal-search ${namespaces}/>`,
      `<D:principal-match ${namespaces}/>`,
    ])
      expect((await ask('REPORT', '/principals/', { body })).status).toBe(400);
  });

  it('answers calendarserver-principal-search by beginnings of words', async () => {
    const tokens = (...words: readonly string[]): string =>
      `<CS:calendarserver-principal-search ${namespaces} context="attendee">${words.map((word) => `<CS:search-token>${word}</CS:search-token>`).join('')}<CS:limit><CS:nresults>10</CS:nresults></CS:limit><D:prop><C:calendar-user-address-set/></D:prop></CS:calendarserver-principal-search>`;
    expect(await found(tokens('ali', 'ada'))).toEqual(self);
    expect(await found(tokens('ali', 'zed'))).toEqual([]);
  });

  it('lists what can be searched', async () => {
    const answer = await filled().ask('REPORT', '/principals/', {
      headers: { Depth: '0' },
      body: '<x0:principal-search-property-set xmlns:x0="DAV:"/>',
    });
    expect(answer.status).toBe(200);
    expect(clarkOf(answer.xml)).toBe('{DAV:}principal-search-property-set');
    expect(childrenOf(answer.xml).flatMap((each) => childNames(childOf(each, 'prop', D)))).toEqual([
      '{DAV:}displayname',
      `{${CS}}email-address-set`,
      `{${C}}calendar-user-address-set`,
    ]);
  });

  it('matches oneself and what one owns', async () => {
    expect(await found(`<D:principal-match ${namespaces}><D:self/></D:principal-match>`)).toEqual(self);
    const owned = `<D:principal-match ${namespaces}><D:principal-property><D:owner/></D:principal-property><D:prop><D:displayname/></D:prop></D:principal-match>`;
    expect(await found(owned, home)).toEqual([home, calendar, `${home}team/`, `${home}tasks/`]);
    expect(await found(`<D:principal-match ${namespaces}><D:self/></D:principal-match>`, home)).toEqual([]);
  });
});

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
