// RFC 6638 beside the plain flows: schedule-tags, parameters, preconditions, whose calendar it is, and what is never sent.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { folderOf, grant, levels } from '../../simulator/state/index.ts';
import { childOf, textOf } from '../../src/xml/index.ts';
import {
  attendee,
  bobAttends,
  carolAttends,
  daily,
  expectStatus,
  meeting,
  occurrence,
  openMeetings,
  type Meetings,
} from './meetings.ts';
import { openOutlook, type Outlook } from './outlook.ts';
import {
  alice,
  asXml,
  bob,
  calendarOf,
  carol,
  conditionOf,
  responsesOf,
  syncBody,
  syncTokenIn,
  type Answer,
} from './stage.ts';

let place: Meetings;
let outlook: Outlook;
let bobs: Outlook;
beforeAll(async () => {
  place = await openMeetings();
  const { url } = place.stage.simulator;
  [outlook, bobs] = [openOutlook(url, alice), openOutlook(url, bob)];
});
beforeEach(() => void place.sent());
afterAll(() => place.close());

const both = [bobAttends, carolAttends];
const unfolded = (answer: Answer): string => answer.text.replaceAll(/\r\n[ \t]/g, '');
const lineOf = (answer: Answer, person: string): string =>
  unfolded(answer)
    .split('\r\n')
    .find((line) => line.startsWith('ATTENDEE') && line.includes(person)) ?? '';
const tagOf = (answer: Answer): string => String(answer.headers['schedule-tag']);
const etagOf = (answer: Answer): string => String(answer.headers['etag']);
const accepts = (text: string): string =>
  text.replaceAll(/\r\n[ \t]/g, '').replaceAll(/PARTSTAT=[A-Z-]+([^\r]*mailto:bob@)/g, 'PARTSTAT=ACCEPTED$1');

describe('Schedule-Tag', () => {
  it('is told by GET, HEAD and PUT of a meeting, and of nothing else', async () => {
    const made = await place.put('t1', meeting('t1', both));
    const [got, headed] = [
      await place.get('t1'),
      await place.stage.ask('HEAD', `${calendarOf(alice)}t1.ics`),
    ];
    expect(tagOf(got)).toMatch(/^"[\w-]+"$/);
    expect([tagOf(made), tagOf(headed)]).toEqual([tagOf(got), tagOf(got)]);
    const changed = await place.put('t1', meeting('t1', ['LOCATION:Here', ...both]));
    expect(tagOf(changed)).not.toBe(tagOf(got));
    expect(tagOf(await place.get('t1'))).toBe(tagOf(changed));
    const plain = await place.put('t2', meeting('t2', []).replace(/ORGANIZER.*\r\n/, ''));
    expect([plain, await place.get('t2')].map(({ headers }) => headers['schedule-tag'])).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('stays when attendees answer; the etag does not', async () => {
    await place.put('t3', meeting('t3', both));
    const before = await place.get('t3');
    const [invitation] = (await bobs.items('calendar')).filter(({ subject }) => subject === 'Plan t3');
    await bobs.accept(invitation!);
    const after = await place.get('t3');
    expect(lineOf(after, 'bob')).toContain('PARTSTAT=ACCEPTED');
    expect(tagOf(after)).toBe(tagOf(before));
    expect(etagOf(after)).not.toBe(etagOf(before));
  });

  it('changes with what the organizer changes', async () => {
    const item = await outlook.invite({ uid: 't4', date: '2035-06-05', to: [bob.address] });
    const href = await place.find(bob, 'UID:t4\r\n');
    const before = await place.get(href, bob);
    await outlook.tell(item, {
      element: 'CalendarItem',
      uri: 'calendar:End',
      name: 'End',
      value: '2035-06-05T12:30:00Z',
    });
    const after = await place.get(href, bob);
    expect([tagOf(after) === tagOf(before), etagOf(after) === etagOf(before)]).toEqual([false, false]);
  });

  it('is a property of multiget, query, sync-collection and PROPFIND, read in batches', async () => {
    const names = ['t1', 't2', 't3'].map((name) => `${calendarOf(alice)}${name}.ics`);
    const prop = '<D:prop><D:getetag/><C:schedule-tag/></D:prop>';
    const ns = 'xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"';
    const hrefs = names.map((href) => `<D:href>${href}</D:href>`).join('');
    const filter =
      '<C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"/></C:comp-filter></C:filter>';
    const bodies: readonly (readonly [string, string])[] = [
      ['REPORT', `<C:calendar-multiget ${ns}>${prop}${hrefs}</C:calendar-multiget>`],
      [
        'REPORT',
        `<C:calendar-multiget ${ns}>${prop.replace('<C:s', '<C:calendar-data/><C:s')}${hrefs}</C:calendar-multiget>`,
      ],
      ['REPORT', `<C:calendar-query ${ns}>${prop}${filter}</C:calendar-query>`],
      [
        'REPORT',
        `<D:sync-collection ${ns}><D:sync-token/><D:sync-level>1</D:sync-level>${prop}</D:sync-collection>`,
      ],
      ['PROPFIND', `<D:propfind ${ns}>${prop}</D:propfind>`],
    ];
    const expected = [tagOf(await place.get('t1')), '', tagOf(await place.get('t3'))];
    for (const [method, body] of bodies) {
      await place.stage.restart();
      await place.get('warm');
      const headers = { ...asXml, depth: '1' };
      const { value, count } = await place.calls(() =>
        place.stage.ask(method, calendarOf(alice), { body, headers }),
      );
      const found = responsesOf(value);
      const shown = names.map((href) =>
        textOf(childOf(childOf(childOf(found.get(href)!.element, 'propstat'), 'prop'), 'schedule-tag')),
      );
      expect(shown, body).toEqual(expected);
      // The refresh counts as fresh; all texts in one call.
      expect(count, body).toBeLessThanOrEqual(2);
    }
    const single = await place.stage.ask('PROPFIND', names[0]!, {
      body: bodies[4]![1],
      headers: { ...asXml, depth: '0' },
    });
    expect(single.text).toContain(`schedule-tag>${tagOf(await place.get('t1'))}<`);
  });
});

describe('If-Schedule-Tag-Match', () => {
  it('lets a PUT through after answers have come, and these stay', async () => {
    await place.put('m1', meeting('m1', both));
    const before = await place.get('m1');
    const href = await place.find(bob, 'UID:m1\r\n');
    await place.put(href, accepts((await place.get(href, bob)).text), { user: bob });
    const changed = meeting('m1', ['LOCATION:Here', ...both, attendee('dan')]);
    const byEtag = await place.put('m1', changed, { headers: { 'if-match': etagOf(before) } });
    expectStatus(byEtag, 412);
    const byTag = await place.put('m1', changed, { headers: { 'if-schedule-tag-match': tagOf(before) } });
    expectStatus(byTag, 204);
    const after = await place.get('m1');
    expect(lineOf(after, 'bob')).toContain('PARTSTAT=ACCEPTED');
    expect(after.text).toContain('LOCATION:Here');
  });

  it('refuses what was changed, here and in DELETE', async () => {
    await place.put('m2', meeting('m2', both));
    const tag = tagOf(await place.get('m2'));
    await place.put('m2', meeting('m2', ['LOCATION:Here', ...both]));
    place.sent();
    const headers = { 'if-schedule-tag-match': tag };
    expectStatus(await place.put('m2', meeting('m2', both), { headers }), 412);
    expectStatus(await place.remove('m2', { headers }), 412);
    expectStatus(await place.put('m3', meeting('m3', both), { headers }), 412);
    expect(place.sent()).toEqual([]);
    const now = { 'if-schedule-tag-match': tagOf(await place.get('m2')) };
    expectStatus(await place.remove('m2', { headers: now }), 204);
    expect(place.sent()).toEqual(['cancellation alice → bob, carol: Canceled: Plan m2']);
  });
});

describe('parameters of RFC 6638 §7', () => {
  it('SCHEDULE-STATUS says what the server did, whatever a client says', async () => {
    const stranger = 'ATTENDEE;CN=Nobody:urn:uuid:00000000-0000-4000-8000-000000000000';
    const lines = [
      attendee('bob', ';SCHEDULE-STATUS=5.1'),
      attendee('dan', ';SCHEDULE-AGENT=CLIENT;SCHEDULE-STATUS=2.0'),
      stranger,
    ];
    const made = await place.put('p1', meeting('p1', lines));
    expect(made.headers['etag']).toBeUndefined();
    const shown = await place.get('p1');
    expect(lineOf(shown, 'bob')).toMatch(/SCHEDULE-STATUS=1\.1/);
    expect(lineOf(shown, 'dan')).toMatch(/SCHEDULE-AGENT=CLIENT;SCHEDULE-STATUS=2\.0/);
    expect(lineOf(shown, 'urn:uuid')).toMatch(/SCHEDULE-STATUS=3\.7/);
    // What a client gives back of it changes nothing.
    place.sent();
    expectStatus(await place.put('p1', shown.text), 204);
    expect(unfolded(await place.get('p1')).replaceAll(/(?:DTSTAMP|LAST-MODIFIED).*/g, '')).toBe(
      unfolded(shown).replaceAll(/(?:DTSTAMP|LAST-MODIFIED).*/g, ''),
    );
    expect(place.sent()).toEqual([]);
  });

  it('SCHEDULE-STATUS is not there before something was sent', async () => {
    await place.put('p2', meeting('p2', ['DTSTART:20200605T100000Z', 'DTEND:20200605T110000Z', ...both]));
    expect((await place.get('p2')).text).not.toContain('SCHEDULE-STATUS');
  });

  it('SCHEDULE-AGENT=CLIENT is kept with its line, also when Outlook changes the list', async () => {
    await place.put('p3', meeting('p3', [attendee('dan', ';SCHEDULE-AGENT=CLIENT'), carolAttends]));
    expect(lineOf(await place.get('p3'), 'dan')).toContain('SCHEDULE-AGENT=CLIENT');
    const [item] = (await outlook.items('calendar')).filter(({ subject }) => subject === 'Plan p3');
    await outlook.setAttendees(item!, [bob.address, carol.address]);
    const shown = await place.get('p3');
    expect([lineOf(shown, 'bob') === '', lineOf(shown, 'carol') === '', lineOf(shown, 'dan')]).toEqual([
      false,
      false,
      expect.stringContaining('SCHEDULE-AGENT=CLIENT'),
    ]);
  });

  it('SCHEDULE-FORCE-SEND is for one request', async () => {
    await place.put('p4', meeting('p4', [attendee('bob', ';SCHEDULE-FORCE-SEND=REQUEST')]));
    expect((await place.get('p4')).text).not.toContain('SCHEDULE-FORCE-SEND');
  });

  it('a COMMENT that is new is what the reply says', async () => {
    await outlook.invite({ uid: 'p5', date: '2035-06-05', to: [bob.address] });
    const href = await place.find(bob, 'UID:p5\r\n');
    const text = accepts((await place.get(href, bob)).text);
    const said = text.replace('END:VEVENT', 'COMMENT:Running late\\, sorry\r\nEND:VEVENT');
    expectStatus(await place.put(href, said, { user: bob }), 204);
    const again = (await place.get(href, bob)).text.replace('PARTSTAT=ACCEPTED', 'PARTSTAT=TENTATIVE');
    expect(again).toContain('COMMENT:Running late');
    expectStatus(await place.put(href, again, { user: bob }), 204);
    const inbox = folderOf(place.stage.simulator.world.mailboxes.get(alice.address)!, 'inbox');
    const replies = [...inbox.items.values()].filter(({ values }) => values.uid === 'p5');
    expect(replies.map(({ values }) => [values.subject, values.body?.text])).toEqual([
      ['Accepted: Plan p5', 'Running late, sorry'],
      ['Tentative: Plan p5', undefined],
    ]);
  });
});

describe('a PUT is refused', () => {
  const refused: readonly (readonly [string, string, string, () => Promise<string>])[] = [
    [
      'with two organizers',
      'r1',
      'same-organizer-in-all-components',
      async () =>
        meeting('r1', [daily, ...both], [...occurrence(8), 'ORGANIZER:mailto:carol@example.test', ...both]),
    ],
    [
      'that hands an invited-to meeting over',
      'r2',
      'allowed-organizer-scheduling-object-change',
      async () => {
        await place.put('r2', meeting('r2', both));
        return meeting('r2', ['ORGANIZER:mailto:carol@example.test', ...both]);
      },
    ],
    [
      'with the UID of a meeting in another calendar',
      'r4',
      'unique-scheduling-object-resource',
      async () => {
        await outlook.createEvent('x', '2035-01-01T10:00:00Z');
        await place.stage.ask('MKCALENDAR', `/calendars/${alice.address}/second/`);
        const other = `/calendars/${alice.address}/second/r4.ics`;
        expectStatus(await place.put(other, meeting('r4', both)), 201);
        return meeting('r4', both);
      },
    ],
  ];
  it.each(refused)('%s', async (_, name, condition, prepare) => {
    const text = await prepare();
    place.sent();
    const answer = await place.put(name, text);
    expectStatus(answer, 403);
    expect(conditionOf(answer)).toBe(condition);
    expect(place.sent()).toEqual([]);
    if (name === 'r4') expect(answer.text).toContain(`/calendars/${alice.address}/second/r4.ics</D:href>`);
  });

  it.each([
    [
      'delegates',
      (text: string) => text.replace(/PARTSTAT=[A-Z-]+([^\r]*mailto:bob@)/, 'PARTSTAT=DELEGATED$1'),
    ],
    [
      'makes himself the organizer',
      (text: string) => text.replace(/^ORGANIZER.*$/m, 'ORGANIZER:mailto:bob@example.test'),
    ],
  ])('of an attendee who %s', async (what, edit) => {
    const uid = `r-${what.slice(0, 5)}`;
    await outlook.invite({ uid, date: '2035-06-05', to: [bob.address] });
    const href = await place.find(bob, `UID:${uid}\r\n`);
    const text = unfolded(await place.get(href, bob));
    place.sent();
    const answer = await place.put(href, edit(text), { user: bob });
    expectStatus(answer, 403);
    expect(conditionOf(answer)).toBe('allowed-attendee-scheduling-object-change');
    expect(place.sent()).toEqual([]);
  });

  it('not when the other calendar has let the meeting go', async () => {
    const other = `/calendars/${alice.address}/second/r5.ics`;
    await place.put(other, meeting('r5', both));
    await place.get(other);
    const second = (await outlook.folders()).get('second')!;
    const [item] = (await outlook.items(second)).filter(({ subject }) => subject === 'Plan r5');
    await outlook.remove(item!);
    expectStatus(await place.put('r5', meeting('r5', both)), 201);
  });
});

describe('somebody else’s meeting that Exchange does not hold', () => {
  const text = (...lines: readonly string[]): string =>
    meeting('foreign', ['ORGANIZER:mailto:zoe@other.test', attendee('alice'), attendee('bob'), ...lines]);

  it('is kept without attendees and never mails: new, changed, answered, deleted', async () => {
    expectStatus(await place.put('foreign', text()), 201);
    expect(unfolded(await place.get('foreign'))).toContain('ORGANIZER:mailto:zoe@other.test');
    expectStatus(await place.put('foreign', text('LOCATION:Here')), 204);
    expectStatus(
      await place.put(
        'foreign',
        text().replace('NEEDS-ACTION;RSVP=TRUE:mailto:alice', 'ACCEPTED:mailto:alice'),
      ),
      204,
    );
    expect(lineOf(await place.get('foreign'), 'alice')).toContain('PARTSTAT=ACCEPTED');
    const [item] = (await outlook.items('calendar')).filter(({ subject }) => subject === 'Plan foreign');
    await outlook.rename(item!, 'Outlook says');
    const shown = await place.get('foreign');
    expect(shown.text).toContain('SUMMARY:Outlook says');
    expectStatus(await place.put('foreign', shown.text.replace('Outlook', 'Somebody')), 204);
    expectStatus(await place.remove('foreign'), 204);
    expect(place.sent()).toEqual([]);
  });
});

describe('nothing is sent', () => {
  it('by MOVE and COPY', async () => {
    await place.put('c1', meeting('c1', both));
    place.sent();
    const transfer = (verb: string, from: string, to: string): Promise<Answer> =>
      place.stage.ask(verb, from, { headers: { destination: to } });
    const second = `/calendars/${alice.address}/second/`;
    expectStatus(await transfer('COPY', `${calendarOf(alice)}c1.ics`, `${second}c1.ics`), 201);
    expectStatus(await transfer('MOVE', `${second}c1.ics`, `${second}c2.ics`), 201);
    expect(place.sent()).toEqual([]);
  });

  it('about a meeting that Outlook has not sent, until something of it changes: then all are invited', async () => {
    await place.put('n1', meeting('n1', []));
    const [item] = (await outlook.items('calendar')).filter(({ subject }) => subject === 'Plan n1');
    await outlook.setAttendees(item!, [bob.address, carol.address]);
    const text = (await place.get('n1')).text;
    expectStatus(await place.put('n1', text.replace('END:VEVENT', 'CATEGORIES:Red\r\nEND:VEVENT')), 204);
    expect(place.sent()).toEqual([]);
    const changed = unfolded(await place.get('n1'))
      .replace(/ATTENDEE.*carol.*\r\n/, '')
      .replace('END:VEVENT', `${attendee('dan')}\r\nEND:VEVENT`);
    expectStatus(await place.put('n1', changed), 204);
    // Carol never heard of it: she is not told that it is called off.
    expect(place.sent()).toEqual(['request alice → bob, dan: Plan n1']);
  });
});

describe('after a meeting was declined', () => {
  it('sync tells that it is gone, and the organizer sees who declined', async () => {
    await place.put('d1', meeting('d1', both));
    const href = await place.find(bob, 'UID:d1\r\n');
    const sync = (token = ''): Promise<Answer> =>
      place.stage.ask('REPORT', calendarOf(bob), { body: syncBody(token), headers: asXml, user: bob });
    const token = syncTokenIn(await sync());
    const text = unfolded(await place.get(href, bob)).replace(
      /PARTSTAT=[A-Z-]+([^\r]*mailto:bob@)/,
      'PARTSTAT=DECLINED$1',
    );
    // Not even who asks for it gets back what is there no more.
    const answer = await place.put(href, text, { user: bob, headers: { prefer: 'return=representation' } });
    expectStatus(answer, 204);
    expect([answer.headers['etag'], answer.headers['schedule-tag']]).toEqual([undefined, undefined]);
    expect(responsesOf(await sync(token)).get(href)?.status).toBe(404);
    // The same again: with a condition it is told, without one it makes nothing.
    expectStatus(await place.put(href, text, { user: bob, headers: { 'if-match': '*' } }), 412);
    expectStatus(await place.put(href, text, { user: bob }), 204);
    expectStatus(await place.get(href, bob), 404);
    expect(lineOf(await place.get('d1'), 'bob')).toContain('PARTSTAT=DECLINED');
    expect(place.sent()).toEqual([
      'request alice → bob, carol: Plan d1',
      'response bob → alice: Declined: Plan d1',
    ]);
  });
});

describe('who is invited to single instances', () => {
  it('answers each, and deletes what is left', async () => {
    const guest = (day: number): string[] => [...occurrence(day), bobAttends];
    expectStatus(await place.put('i1', meeting('i1', [daily], guest(6), guest(7), guest(8))), 201);
    expect(place.sent()).toEqual(
      [6, 7, 8].map((day) => `request alice → bob: Plan i1 @2035-06-0${day}T08:00`),
    );
    const href = await place.find(bob, 'UID:i1\r\n');
    const text = unfolded(await place.get(href, bob));
    const [sixth, seventh, eighth, ...more] = text.match(/BEGIN:VEVENT[\s\S]*?END:VEVENT/g)!;
    expect(more).toEqual([]);
    const edited = text
      .replace(sixth, accepts(sixth))
      .replace(seventh!, accepts(seventh!).replace('PARTSTAT=ACCEPTED', 'PARTSTAT=DECLINED'))
      .replace(eighth!, eighth!.replace('END:VEVENT', 'CATEGORIES:Red\r\nEND:VEVENT'));
    expectStatus(await place.put(href, edited, { user: bob }), 204);
    expect(place.sent()).toEqual([
      'response bob → alice: Accepted: Plan i1 @2035-06-06T08:00',
      'response bob → alice: Declined: Plan i1 @2035-06-07T08:00',
    ]);
    const after = unfolded(await place.get(href, bob));
    expect(after.match(/RECURRENCE-ID[^\r]*/g)).toHaveLength(2);
    expect(after).toMatch(/PARTSTAT=ACCEPTED[^\r]*mailto:bob@/);
    expect(after).toContain('CATEGORIES:Red');
    // The same again is no news; a series it cannot become.
    expectStatus(await place.put(href, edited, { user: bob }), 204);
    expectStatus(await place.put(href, edited.replace(/RECURRENCE-ID.*\r\n/, ''), { user: bob }), 403);
    expect(place.sent()).toEqual([]);
    expectStatus(await place.remove(href, { user: bob }), 204);
    expect(place.sent().toSorted()).toEqual([
      'response bob → alice: Declined: Plan i1 @2035-06-06T08:00',
      'response bob → alice: Declined: Plan i1 @2035-06-08T08:00',
    ]);
    expectStatus(await place.get(href, bob), 404);
  });
});

describe('in somebody else’s calendar', () => {
  const bobsCalendar = calendarOf(bob);
  const at = (name: string): string => `${bobsCalendar}${name}.ics`;
  const organized = (by: string): string => `ORGANIZER${by}:mailto:bob@example.test`;
  beforeAll(() => {
    const mailbox = place.stage.simulator.world.mailboxes.get(bob.address)!;
    grant(folderOf(mailbox, 'calendar'), alice.address, levels.editor);
    place.stage.advance(3_600_000);
  });

  it('writes are silent', async () => {
    expectStatus(await place.put(at('b1'), meeting('b1', [organized(''), carolAttends])), 201);
    expectStatus(await place.put(at('b1'), meeting('b1', [organized(''), 'LOCATION:x', carolAttends])), 204);
    expectStatus(await place.remove(at('b1')), 204);
    expect(place.sent()).toEqual([]);
  });

  it('but those that say on whose behalf (SENT-BY), which stays', async () => {
    const onBehalf = organized(';SENT-BY="mailto:Alice@example.test"');
    expectStatus(await place.put(at('b2'), meeting('b2', [onBehalf, carolAttends])), 201);
    expect(place.sent()).toEqual(['request bob → carol: Plan b2']);
    expect(unfolded(await place.get(at('b2')))).toContain('SENT-BY="mailto:Alice@example.test"');
    const byAnother = organized(';SENT-BY="mailto:carol@example.test"');
    expectStatus(await place.put(at('b2'), meeting('b2', [byAnother, 'LOCATION:x', carolAttends])), 204);
    expect(place.sent()).toEqual([]);
  });

  it('answers are silent, but for SENT-BY', async () => {
    await place.put('b3', meeting('b3', [bobAttends]));
    place.sent();
    const href = await place.find(bob, 'UID:b3\r\n');
    const text = accepts((await place.get(href)).text);
    expectStatus(await place.put(href, text), 204);
    expect(place.sent()).toEqual([]);
    expect(lineOf(await place.get(href, bob), 'bob')).toContain('PARTSTAT=ACCEPTED');
    const onBehalf = text.replace(
      /PARTSTAT=ACCEPTED([^\r]*mailto:bob@)/,
      'PARTSTAT=TENTATIVE;SENT-BY="mailto:alice@example.test"$1',
    );
    expectStatus(await place.put(href, onBehalf), 204);
    expect(place.sent()).toEqual(['response bob → alice: Tentative: Plan b3']);
  });
});

describe('who is who', () => {
  it('an organizer named by the URL of his principal is the owner', async () => {
    const url = `https://dav.example.test/principals/${alice.address}/`;
    expectStatus(await place.put('w1', meeting('w1', [`ORGANIZER:${url}`, bobAttends])), 201);
    expect(place.sent()).toEqual(['request alice → bob: Plan w1']);
  });

  it('an occurrence that says nothing of people is for those of the series', async () => {
    const text = meeting('w2', [daily, ...both], [...occurrence(8), 'LOCATION:There']).replace(
      /(RECURRENCE-ID[\s\S]*?|LOCATION:There\r\n)ORGANIZER:mailto:alice@example.test\r\n/,
      '$1',
    );
    expect(text.match(/ORGANIZER/g)).toHaveLength(2);
    const without = text.replace(/(?<=SUMMARY:Plan w2\r\n)ORGANIZER.*\r\n(?=RECURRENCE-ID)/, '');
    expect(without.match(/ORGANIZER/g)).toHaveLength(1);
    expectStatus(await place.put('w2', without), 201);
    expect(place.sent()).toEqual(['request alice → bob, carol: Plan w2']);
  });

  it('a client that calls people otherwise than the directory writes no list', async () => {
    await place.put('w3', meeting('w3', both));
    place.sent();
    place.stage.sent.length = 0;
    const named = both.map((line) => line.replace('ATTENDEE', 'ATTENDEE;CN=Whoever'));
    expectStatus(await place.put('w3', meeting('w3', ['LOCATION:Here', ...named])), 204);
    const updates = place.stage.sent.filter((text) => text.includes('<m:UpdateItem'));
    expect(updates).toHaveLength(1);
    expect(updates[0]).not.toContain('RequiredAttendees');
    expect(lineOf(await place.get('w3'), 'bob')).toContain('CN=Whoever');
  });

  it('newcomers are put behind the list, which stays as it is', async () => {
    await place.put('w4', meeting('w4', [bobAttends]));
    place.stage.sent.length = 0;
    await place.put('w4', meeting('w4', both));
    const [update] = place.stage.sent.filter((text) => text.includes('<m:UpdateItem'));
    const [, appended] = /<t:AppendToItemField>(.*)<\/t:AppendToItemField>/.exec(update!)!;
    expect(appended).toContain('FieldURI="calendar:RequiredAttendees"');
    expect([appended!.includes('carol@'), appended!.includes('bob@')]).toEqual([true, false]);
    expect(update).not.toMatch(/<t:SetItemField><t:FieldURI FieldURI="calendar:RequiredAttendees"/);
  });
});
