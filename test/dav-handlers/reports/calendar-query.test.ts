// CALDAV:calendar-query: the filter grammar, time zones, calendar-data.
import { describe, expect, it } from 'vitest';
import { childOf, childrenOf, textOf } from '../../../src/xml/index.ts';
import { C, calendar, D, event, folders, setUp, textIn } from '../harness.ts';
import { filled, query, events } from './bodies.ts';

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
