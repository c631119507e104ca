// Invitations that wait, from the Inbox of the simulated Exchange to a DAV client (RFC 6638 §2.2), and what becomes of them.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { folderOf, grant, levels } from '../../simulator/state/index.ts';
import { change, daily, invite, moveTo, only, respond, setEvent } from '../simulator/scheduling/people.ts';
import {
  alice,
  asCalendar,
  asXml,
  bob,
  calendarOf,
  conditionOf,
  etagsBody,
  eventText,
  multigetBody,
  openStage,
  responsesOf,
  syncBody,
  syncTokenIn,
  type Stage,
} from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.stop());

const inbox = `/calendars/${bob.address}/inbox/`;
const listing = { body: etagsBody, headers: { ...asXml, depth: '1' }, user: bob };

/** hrefs of what waits, without the inbox itself. */
async function waiting(): Promise<readonly string[]> {
  stage.advance();
  const answer = await stage.ask('PROPFIND', inbox, listing);
  expect(answer.status, answer.text).toBe(207);
  return [...responsesOf(answer).keys()].filter((href) => href !== inbox);
}

async function text(href: string): Promise<string> {
  const answer = await stage.ask('GET', href, { user: bob });
  expect(answer.status, answer.text).toBe(200);
  return answer.text.replaceAll('\r\n ', '');
}

async function onlyOne(): Promise<string> {
  const found = await waiting();
  expect(found).toHaveLength(1);
  return found[0]!;
}

const mailsIn = (name: string): number =>
  folderOf(stage.simulator.world.mailboxes.get(bob.address)!, name).items.size;

describe('a request that nobody has answered', () => {
  it('waits as an iTIP message; the list is one call, its texts two more for all', async () => {
    await invite(stage.simulator, { to: ['bob', 'carol'] });
    await waiting();
    stage.advance();
    stage.simulator.resetCalls();
    const href = await onlyOne();
    expect(stage.simulator.calls()).toEqual({ FindItem: 1 });
    stage.simulator.resetCalls();
    const lines = (await text(href)).split('\r\n');
    expect(stage.simulator.calls()).toEqual({ GetItem: 2 });
    for (const line of [
      'METHOD:REQUEST',
      'SUMMARY:Plan',
      'LOCATION:Room 1',
      'DTSTART:20250602T100000Z',
      'DTEND:20250602T110000Z',
      'ORGANIZER;CN=Alice Example:mailto:alice@example.test',
      'ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION:mailto:bob@example.test',
      'ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION:mailto:carol@example.test',
      'TRANSP:OPAQUE',
    ])
      expect(lines).toContain(line);
    const calendar = await stage.ask('PROPFIND', calendarOf(bob), listing);
    const [, member] = [...responsesOf(calendar).keys()];
    const uid = /^UID:(.*)$/m.exec((await text(member!)).replaceAll('\r', ''))?.[1];
    expect(lines).toContain(`UID:${uid}`);
    expect(lines).not.toContain('BEGIN:VALARM');
  });

  it('shows everybody by an address, where Exchange has X.500 names', async () => {
    await invite(stage.simulator, { to: ['bob', 'carol'] });
    stage.simulator.world.policy.exRouting = true;
    const shown = await text(await onlyOne());
    expect(shown).not.toMatch(/\/o=|invalid:/i);
    for (const name of ['alice', 'bob', 'carol']) expect(shown).toContain(`:mailto:${name}@example.test`);
  });

  it('is read by multiget, calendar-query and sync-collection too, under one href and etag', async () => {
    await invite(stage.simulator);
    const href = await onlyOne();
    const etag = responsesOf(await stage.ask('PROPFIND', inbox, listing)).get(href)!.etag;
    const report = (body: string) => stage.ask('REPORT', inbox, { body, headers: asXml, user: bob });
    const query = `<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop><D:getetag/><C:calendar-data/></D:prop><C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"/></C:comp-filter></C:filter></C:calendar-query>`;
    for (const body of [multigetBody(href), query]) {
      const found = responsesOf(await report(body)).get(href);
      expect([found?.status, found?.etag]).toEqual([200, etag]);
      expect(found?.data).toContain('METHOD:REQUEST');
    }
    const all = await report(syncBody());
    expect(responsesOf(all).get(href)?.etag).toBe(etag);
    await stage.restart();
    expect(responsesOf(await stage.ask('PROPFIND', inbox, listing)).get(href)?.etag).toBe(etag);
  });

  it.each(['AcceptItem', 'TentativelyAcceptItem', 'DeclineItem'])(
    'is gone when it was answered elsewhere: %s of the message',
    async (kind) => {
      await invite(stage.simulator);
      const href = await onlyOne();
      const first = await stage.ask('REPORT', inbox, { body: syncBody(), headers: asXml, user: bob });
      const request = await only(stage.simulator, 'bob', 'inbox');
      await respond(stage.simulator, 'bob', { kind, to: request });
      expect(await waiting()).toEqual([]);
      const body = syncBody(syncTokenIn(first));
      const next = await stage.ask('REPORT', inbox, { body, headers: asXml, user: bob });
      expect(responsesOf(next).get(href)?.status).toBe(404);
    },
  );

  it('is gone when it was answered in the calendar, where the mail stays', async () => {
    await invite(stage.simulator);
    await onlyOne();
    const held = await only(stage.simulator, 'bob', 'calendar');
    await respond(stage.simulator, 'bob', { kind: 'AcceptItem', to: held });
    expect(await waiting()).toEqual([]);
    expect(mailsIn('inbox')).toBe(1);
  });

  it('gives way to a later one about the same meeting', async () => {
    const id = await invite(stage.simulator);
    const first = await onlyOne();
    await change(stage.simulator, id, { updates: moveTo('15') });
    const second = await onlyOne();
    expect(second).not.toBe(first);
    expect(await text(second)).toContain('DTSTART:20250602T150000Z');
    expect(mailsIn('inbox')).toBe(2);
  });

  it('of a series has its rule; of one occurrence its RECURRENCE-ID', async () => {
    const id = await invite(stage.simulator, { to: ['bob'], recurrence: daily(5) });
    const whole = await text(await onlyOne());
    expect(whole).toMatch(/^RRULE:FREQ=DAILY;COUNT=5/m);
    const request = await only(stage.simulator, 'bob', 'inbox');
    await respond(stage.simulator, 'bob', { kind: 'AcceptItem', to: request });
    const third = `<t:OccurrenceItemId RecurringMasterId="${id}" InstanceIndex="3"/>`;
    await change(stage.simulator, third, {
      updates: setEvent('Start', '2025-06-04T15:00:00Z') + setEvent('End', '2025-06-04T15:30:00Z'),
    });
    const one = await text(await onlyOne());
    expect(one).toMatch(/^RECURRENCE-ID[:;].*20250604T100000/m);
    expect(one).not.toContain('RRULE:FREQ=DAILY');
    expect(one).toContain('METHOD:REQUEST');
  });
});

describe('a cancellation', () => {
  it('waits as one, with the organizer and the people, until it is cleaned up', async () => {
    const id = await invite(stage.simulator, { to: ['bob'] });
    const request = await only(stage.simulator, 'bob', 'inbox');
    await respond(stage.simulator, 'bob', { kind: 'AcceptItem', to: request });
    expect(await waiting()).toEqual([]);
    await cancelMeeting(id);
    const lines = (await text(await onlyOne())).split('\r\n');
    for (const line of [
      'METHOD:CANCEL',
      'STATUS:CANCELLED',
      'DTSTART:20250602T100000Z',
      'ORGANIZER;CN=Alice Example:mailto:alice@example.test',
    ])
      expect(lines).toContain(line);
    expect(lines.filter((line) => line.startsWith('ATTENDEE')).join()).toContain('mailto:bob@example.test');
    const message = await only(stage.simulator, 'bob', 'inbox');
    await respond(stage.simulator, 'bob', { kind: 'RemoveItem', to: message, disposition: null });
    expect(await waiting()).toEqual([]);
  });

  async function cancelMeeting(id: string): Promise<void> {
    const own = await only(stage.simulator, 'alice', 'calendar');
    expect(own).toBeDefined();
    await respond(stage.simulator, 'alice', {
      kind: 'CancelCalendarItem',
      to: own,
      disposition: 'SendAndSaveCopy',
    });
    expect(id).not.toBe('');
  }
});

describe('DELETE', () => {
  it('puts an invitation away for DAV, for good, and leaves mail and meeting alone', async () => {
    await invite(stage.simulator);
    const href = await onlyOne();
    const first = await stage.ask('REPORT', inbox, { body: syncBody(), headers: asXml, user: bob });
    const stale = { user: bob, headers: { 'if-match': '"other"' } };
    expect((await stage.ask('DELETE', href, stale)).status).toBe(412);
    stage.simulator.resetCalls();
    expect((await stage.ask('DELETE', href, { user: bob })).status).toBe(204);
    expect(stage.simulator.calls()).toEqual({ UpdateItem: 1 });
    expect((await stage.ask('GET', href, { user: bob })).status).toBe(404);
    expect(await waiting()).toEqual([]);
    const body = syncBody(syncTokenIn(first));
    const next = await stage.ask('REPORT', inbox, { body, headers: asXml, user: bob });
    expect(responsesOf(next).get(href)?.status).toBe(404);
    await stage.restart();
    expect(await waiting()).toEqual([]);
    expect([mailsIn('inbox'), mailsIn('deleteditems'), mailsIn('calendar')]).toEqual([1, 0, 1]);
    expect(stage.simulator.sentMessages().filter(({ from }) => from === bob.address)).toEqual([]);
  });
});

describe('the inbox', () => {
  it('takes nothing in, gives nothing away, and cannot be deleted', async () => {
    await invite(stage.simulator);
    const href = await onlyOne();
    const to = (destination: string) => ({ user: bob, headers: { destination } });
    const body = eventText('own');
    const put = await stage.ask('PUT', `${inbox}own.ics`, { body, headers: asCalendar, user: bob });
    expect([put.status, conditionOf(put)]).toEqual([403, 'need-privileges']);
    const over = await stage.ask('PUT', href, { body, headers: asCalendar, user: bob });
    expect([over.status, conditionOf(over)]).toEqual([403, 'need-privileges']);
    await stage.ask('PUT', `${calendarOf(bob)}own.ics`, { body, headers: asCalendar, user: bob });
    for (const verb of ['COPY', 'MOVE']) {
      const into = await stage.ask(verb, `${calendarOf(bob)}own.ics`, to(`${inbox}own.ics`));
      expect([verb, into.status, conditionOf(into)]).toEqual([verb, 403, 'need-privileges']);
      expect((await stage.ask(verb, href, to(`${calendarOf(bob)}x.ics`))).status).toBe(403);
    }
    expect((await stage.ask('MKCALENDAR', `${inbox}sub/`, { user: bob })).status).toBe(403);
    expect((await stage.ask('MKCALENDAR', inbox, { user: bob })).status).toBe(405);
    expect((await stage.ask('DELETE', inbox, { user: bob })).status).toBe(403);
    expect(await waiting()).toEqual([href]);
  });

  it('is told of by the principal, and in the list of calendars costs no call of its own', async () => {
    const body = `<propfind xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:CS="http://calendarserver.org/ns/"><prop><resourcetype/><CS:getctag/><sync-token/><C:schedule-inbox-URL/><C:schedule-default-calendar-URL/><current-user-privilege-set/></prop></propfind>`;
    const find = (path: string, depth: string) =>
      stage.ask('PROPFIND', path, { body, headers: { ...asXml, depth }, user: bob });
    const principal = await find(`/principals/${bob.address}/`, '0');
    expect(principal.text).toContain(
      `<C:schedule-inbox-URL><D:href>${inbox}</D:href></C:schedule-inbox-URL>`,
    );
    await find(`/calendars/${bob.address}/`, '1');
    stage.advance();
    stage.simulator.resetCalls();
    const home = await find(`/calendars/${bob.address}/`, '1');
    expect(stage.simulator.calls()).not.toHaveProperty('FindItem');
    const own = responsesOf(home).get(inbox)!.element;
    const shown = JSON.stringify(own);
    for (const name of ['schedule-inbox', 'schedule-deliver', 'unbind']) expect(shown).toContain(`"${name}"`);
    expect(shown).toContain(JSON.stringify(calendarOf(bob)));
    const alone = await find(inbox, '0');
    expect(alone.text).toMatch(/<D:sync-token>http/);
  });

  it('of somebody else is open to those who may read his Inbox, and to nobody else', async () => {
    await invite(stage.simulator);
    const mailbox = stage.simulator.world.mailboxes.get(bob.address)!;
    grant(folderOf(mailbox, 'calendar'), alice.address, levels.reviewer);
    const asAlice = { ...listing, user: alice };
    const closed = await stage.ask('PROPFIND', inbox, asAlice);
    expect([403, 404]).toContain(closed.status);
    expect(closed.text).not.toContain('.ics');
    grant(folderOf(mailbox, 'inbox'), alice.address, levels.reviewer);
    stage.advance();
    const open = await stage.ask('PROPFIND', inbox, asAlice);
    expect([...responsesOf(open).keys()]).toHaveLength(2);
    const [, href] = [...responsesOf(open).keys()];
    expect((await stage.ask('DELETE', href!, { user: alice })).status).toBe(403);
  });
});
