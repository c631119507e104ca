// Calls to the mailbox a question may cost (DESIGN §5), counted exactly.
import { describe, expect, it } from 'vitest';
import type { Home } from '../../src/model/collection.ts';
import { cardText, contact, event, eventText } from '../memory-backend/items.ts';
import { type Fixture, openFixture, readOne } from './fixture.ts';

const silent = 'silent';

/** What a PROPFIND of depth 1 asks for each collection. */
async function statesOf(home: Home): Promise<void> {
  await Promise.all((await home.collections()).map((collection) => collection.state()));
}

async function warm(events = 3): Promise<Fixture> {
  const fixture = await openFixture();
  for (let index = 0; index < events; index += 1)
    fixture.outside.create('calendar', event({ summary: `n${index}` }));
  fixture.pass();
  await statesOf(fixture.home);
  fixture.pass();
  await statesOf(fixture.home);
  fixture.pass();
  return fixture;
}

describe('calls of a PROPFIND of the home', () => {
  it('is one when nothing changed, for ten minutes', async () => {
    const fixture = await warm();
    for (let round = 0; round < 5; round += 1) {
      expect(await fixture.callsOf(() => statesOf(fixture.home))).toEqual({ folders: 1 });
      fixture.pass(60_000);
    }
    fixture.pass(600_000);
    expect(await fixture.callsOf(() => statesOf(fixture.home))).toEqual({ folders: 1, changes: 4 });
  });

  it('is one more for each folder that changed', async () => {
    const fixture = await warm();
    fixture.outside.create('calendar', event());
    expect(await fixture.callsOf(() => statesOf(fixture.home))).toEqual({ folders: 1, changes: 1 });
    fixture.pass(1500);
    // Younger than three seconds: the stamp may hide a second change in the same tick.
    expect(await fixture.callsOf(() => statesOf(fixture.home))).toEqual({ folders: 1, changes: 1 });
    fixture.pass();
    expect(await fixture.callsOf(() => statesOf(fixture.home))).toEqual({ folders: 1, changes: 1 });
    fixture.pass();
    expect(await fixture.callsOf(() => statesOf(fixture.home))).toEqual({ folders: 1 });
  });

  it('lists each folder in pages when the ledger is lost', async () => {
    const fixture = await openFixture();
    for (let index = 0; index < 1030; index += 1) fixture.outside.create('calendar', event());
    fixture.pass();
    expect(await fixture.callsOf(() => statesOf(fixture.home))).toEqual({ folders: 1, changes: 3 + 3 });
  });

  it('serves many at once with one listing', async () => {
    const fixture = await warm();
    const many = () => Promise.all(Array.from({ length: 10 }, () => statesOf(fixture.home)));
    expect(await fixture.callsOf(many)).toEqual({ folders: 1 });
  });
});

describe('calls of reading a collection', () => {
  it('asks the folder list only when a key is not known', async () => {
    const fixture = await warm();
    const find = (key: string) => fixture.callsOf(() => fixture.home.collection(key));
    expect(await find('calendar')).toEqual({});
    expect(await find('never')).toEqual({ folders: 1 });
    fixture.pass(700_000);
    expect(await find('calendar')).toEqual({ folders: 1 });
  });

  it('is one refresh for members, state and changes, none within a second', async () => {
    const { calendar, callsOf, pass } = await warm();
    const { token } = await calendar.changes(undefined);
    pass();
    expect(await callsOf(() => calendar.members())).toEqual({ changes: 1 });
    expect(await callsOf(() => calendar.members())).toEqual({});
    pass(999);
    expect(await callsOf(() => calendar.changes(token))).toEqual({});
    pass(1);
    expect(await callsOf(() => calendar.changes(token))).toEqual({ changes: 1 });
    pass();
    expect(await callsOf(() => calendar.state())).toEqual({ changes: 1 });
  });

  it('is a refresh and what is missing, by 50 items and 20 photos', async () => {
    const { calendar, contacts, outside, callsOf, pass } = await warm(120);
    const hrefs = (await calendar.members()).map((member) => member.href);
    pass();
    const read = () => calendar.read(hrefs, { kind: 'whole' });
    expect(await callsOf(read)).toEqual({ changes: 1, fetch: 3 });
    expect(await callsOf(read)).toEqual({});
    pass();
    expect(await callsOf(() => calendar.feed('whole'))).toEqual({ changes: 1 });
    for (let index = 0; index < 45; index += 1) {
      const id = outside.create('contacts', contact());
      if (index >= 20) outside.photo(id, Buffer.from(`photo ${index}`));
    }
    pass();
    expect(await callsOf(() => contacts.feed('whole'))).toEqual({ changes: 1, fetch: 1, open: 2 });
  });

  it('fetches only what a time range may touch', async () => {
    const { calendar, outside, callsOf, pass } = await openFixture();
    for (let day = 10; day < 30; day += 1) {
      outside.create(
        'calendar',
        event({
          start: { kind: 'zoned', local: `2026-03-${day}T09:00:00`, zone: 'Europe/Vienna' },
          end: { kind: 'zoned', local: `2026-03-${day}T10:00:00`, zone: 'Europe/Vienna' },
        }),
      );
    }
    pass();
    const comp = { isNotDefined: false, props: [], comps: [] };
    const timeRange = { from: Date.UTC(2026, 2, 12), to: Date.UTC(2026, 2, 13) };
    const vevent = { ...comp, name: 'VEVENT', timeRange };
    const filter = { comp: { ...comp, name: 'VCALENDAR', comps: [vevent] } };
    await calendar.query({ filter: { kind: 'calendar', filter }, shape: 'none' });
    const fetched = await callsOf(() => calendar.feed('whole'));
    expect(fetched).toEqual({ fetch: 1 });
    const bare = { comp: { ...comp, name: 'VCALENDAR', comps: [{ ...comp, name: 'VEVENT' }] } };
    pass();
    const names = () => calendar.query({ filter: { kind: 'calendar', filter: bare }, shape: 'none' });
    expect(await callsOf(names)).toEqual({ changes: 1 });
  });
});

describe('calls of writing', () => {
  const put =
    (fixture: Fixture, text: string, condition = {}) =>
    () =>
      fixture.calendar.put({ href: 'mine.ics', text, condition, mail: silent });

  it('is a refresh and one more to create', async () => {
    const fixture = await warm();
    expect(await fixture.callsOf(put(fixture, eventText('a'), { ifNoneMatch: '*' }))).toEqual({
      changes: 1,
      create: 1,
    });
    // Our own write is in the ledger at once.
    expect(await fixture.callsOf(() => fixture.calendar.members())).toEqual({});
    const card = () =>
      fixture.contacts.put({ href: 'c.vcf', text: cardText('c'), condition: {}, mail: silent });
    expect(await fixture.callsOf(card)).toEqual({ changes: 1, create: 1 });
  });

  it('is a refresh and one more to change, and one more when the present item is not known', async () => {
    const fixture = await warm();
    await put(fixture, eventText('a'))();
    fixture.pass();
    const before = await readOne(fixture.calendar, 'mine.ics');
    fixture.pass();
    const change = put(fixture, eventText('a', { summary: 'x' }), { ifMatch: [before.etag] });
    expect(await fixture.callsOf(change)).toEqual({ changes: 1, update: 1 });
    fixture.pass();
    expect(await fixture.callsOf(put(fixture, eventText('a', { summary: 'y' })))).toEqual({
      changes: 1,
      fetch: 1,
      update: 1,
    });
  });

  it('is nothing but a refresh to refuse', async () => {
    const fixture = await warm();
    await put(fixture, eventText('a'))();
    fixture.pass();
    const refused = () => put(fixture, eventText('a'), { ifMatch: ['"old"'] })().catch(() => undefined);
    expect(await fixture.callsOf(refused)).toEqual({ changes: 1 });
    const rival = () =>
      fixture.calendar
        .put({ href: 'other.ics', text: eventText('a'), condition: {}, mail: silent })
        .catch(() => undefined);
    expect(await fixture.callsOf(rival)).toEqual({});
  });

  it('is one to delete, and a refresh more with a condition', async () => {
    const fixture = await warm();
    const [first, second] = await fixture.calendar.members();
    fixture.pass();
    expect(await fixture.callsOf(() => fixture.calendar.remove(first!.href, {}, silent))).toEqual({
      remove: 1,
    });
    const guarded = () => fixture.calendar.remove(second!.href, { ifMatch: [second!.etag] }, silent);
    expect(await fixture.callsOf(guarded)).toEqual({ changes: 1, remove: 1 });
    fixture.pass();
    expect(await fixture.callsOf(() => fixture.calendar.remove('no.ics', {}, silent).catch(() => 1))).toEqual(
      { changes: 1 },
    );
  });
});
