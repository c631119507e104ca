// The owner's further addresses, from the directory of the simulated Exchange to what clients are told and may write.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { folderOf } from '../../simulator/state/index.ts';
import { childOf, childrenOf, textOf } from '../../src/xml/index.ts';
import { openOutlook } from './outlook.ts';
import {
  alice,
  asCalendar,
  asXml,
  calendarOf,
  eventText,
  openStage,
  parseAnswer,
  type Stage,
} from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ seed: 'small' });
});
afterAll(() => stage.stop());
beforeEach(() => stage.simulator.resetCalls());

const principal = `/principals/${alice.address}/`;

async function propertyOf(path: string, ns: string, name: string): Promise<readonly string[]> {
  const body = `<propfind xmlns="DAV:"><prop><x:${name} xmlns:x="${ns}"/></prop></propfind>`;
  const answer = await stage.ask('PROPFIND', path, { body, headers: { ...asXml, depth: '0' } });
  expect(answer.status, answer.text).toBe(207);
  const prop = childOf(childOf(childOf(parseAnswer(answer), 'response'), 'propstat'), 'prop');
  return childrenOf(childOf(prop, name)!).map(textOf);
}

describe('calendar-user-address-set', () => {
  it('has every address of the directory and the principal itself; nothing is asked before', async () => {
    const body = '<propfind xmlns="DAV:"><prop><displayname/><current-user-principal/></prop></propfind>';
    await stage.ask('PROPFIND', principal, { body, headers: { ...asXml, depth: '0' } });
    expect(stage.simulator.calls()).not.toHaveProperty('ResolveNames');
    const caldav = 'urn:ietf:params:xml:ns:caldav';
    expect(await propertyOf(principal, caldav, 'calendar-user-address-set')).toEqual([
      'mailto:alice@example.test',
      'mailto:alice.example@example.test',
      'mailto:a.example@example.test',
      principal,
    ]);
    expect(await propertyOf(principal, 'http://calendarserver.org/ns/', 'email-address-set')).toContain(
      'a.example@example.test',
    );
    expect(stage.simulator.calls()).toMatchObject({ ResolveNames: 1, FindPeople: 1 });
  });

  it('the principal and the homes are found by each of them, under one href', async () => {
    for (const path of ['/principals/', '/calendars/'])
      expect(
        (await stage.ask('PROPFIND', `${path}a.example@example.test/`, { headers: { depth: '0' } })).text,
      ).toContain(`<D:href>${path}${alice.address}/</D:href>`);
  });
});

describe('a meeting whose organizer is a further address', () => {
  it('is held as the own meeting of the mailbox, and the organizer is shown as one', async () => {
    const href = `${calendarOf(alice)}by-alias.ics`;
    const body = eventText(
      'by-alias',
      'ORGANIZER:mailto:a.example@example.test',
      'ATTENDEE:mailto:bob@example.test',
    );
    expect((await stage.ask('PUT', href, { body, headers: asCalendar })).status).toBe(201);
    const calendar = folderOf(stage.simulator.world.mailboxes.get(alice.address)!, 'calendar');
    const held = [...calendar.items.values()].find(({ values }) => values.uid === 'by-alias');
    expect(held?.values.requiredAttendees?.map(({ mailbox }) => mailbox.address)).toEqual([
      'bob@example.test',
    ]);
    const { text } = await stage.ask('GET', href);
    expect(text).toMatch(/^ORGANIZER.*:mailto:a\.example@example\.test/m);
  });

  it('can be edited after Outlook has changed one of its instances, which names him by the address of the mailbox', async () => {
    const href = `${calendarOf(alice)}alias-series.ics`;
    const people = ['ORGANIZER:mailto:a.example@example.test', 'ATTENDEE:mailto:bob@example.test'];
    const body = eventText('alias-series', 'RRULE:FREQ=DAILY;COUNT=5', ...people);
    expect((await stage.ask('PUT', href, { body, headers: asCalendar })).status).toBe(201);
    const outlook = openOutlook(stage.simulator.url, alice);
    const item = (await outlook.items('calendar')).find(({ subject }) => subject === 'About alias-series')!;
    await outlook.renameOccurrence(item, 2, 'Moved to Linz');
    stage.advance();
    const shown = (await stage.ask('GET', href)).text;
    expect(shown.match(/^ORGANIZER.*/gm)).toEqual([people[0], people[0]]);
    const edited = shown.replace('SUMMARY:About', 'SUMMARY:Still about');
    const answer = await stage.ask('PUT', href, { body: edited, headers: asCalendar });
    expect(answer.status, answer.text).toBe(204);
  });
});
