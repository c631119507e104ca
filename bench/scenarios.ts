// The rows of the call budget (DESIGN §5): each asks one thing of the gateway and says how many EWS calls that costs.
import { setTimeout as sleep } from 'node:timers/promises';
import { calendarQuery, multiget, propfind, syncCollection } from './dav-client.ts';
import { dailySeries, event, icalendar, type World } from './world.ts';

export interface Scenario {
  readonly name: string;
  /** EWS calls of one run: so many, no more and no less, unless it says `atMost`. */
  readonly budget: number;
  readonly atMost?: true;
  /** The median of the wall time may not be longer, for so many events. */
  readonly target?: { readonly events: number; readonly wallMs: number };
  /** Its calls change the mailbox: they cannot be sent again to find the floor under it. */
  readonly writes?: true;
  /** Before each run, not measured. The clock is turned on after it: no earlier refresh counts. */
  readonly prepare?: (world: World, run: number) => Promise<void>;
  /** Answers the bytes of the DAV answer. */
  readonly run: (world: World, run: number) => Promise<number>;
}

/** One SyncFolderItems. */
const refresh = 1;
const depth = (value: string): { headers: Record<string, string> } => ({ headers: { Depth: value } });

export const scenarios: readonly Scenario[] = [
  {
    name: 'PROPFIND depth 1 of the home, nothing changed',
    budget: 1,
    run: listHome,
  },
  {
    name: 'PROPFIND depth 0 of a calendar',
    budget: refresh,
    run: async ({ client, calendar }) =>
      (
        await client.send('PROPFIND', calendar, {
          body: propfind('CS:getctag', 'D:sync-token'),
          ...depth('0'),
        })
      ).bytes,
  },
  {
    name: 'PROPFIND depth 1 of a calendar',
    budget: refresh,
    target: { events: 1000, wallMs: 60 },
    run: async ({ client, calendar }) =>
      (
        await client.send('PROPFIND', calendar, {
          body: propfind('D:getetag', 'D:resourcetype'),
          ...depth('1'),
        })
      ).bytes,
  },
  {
    name: 'sync-collection, nothing changed',
    budget: refresh,
    run: async ({ client, calendar, token }) =>
      (await client.send('REPORT', calendar, { body: syncCollection(token), ...depth('0') })).bytes,
  },
  multigetOf(1),
  multigetOf(10),
  multigetOf(100),
  {
    name: 'GET of one event, cold',
    budget: refresh + 1,
    run: async ({ client, take }) => (await client.send('GET', take(1)[0] ?? '')).bytes,
  },
  {
    name: 'GET of one event, cached',
    budget: refresh,
    prepare: async ({ client, plain }) => void (await client.send('GET', plain[0] ?? '')),
    run: async ({ client, plain }) => (await client.send('GET', plain[0] ?? '')).bytes,
  },
  {
    name: 'calendar-query of a month, 60 events, cold',
    budget: refresh + 2,
    prepare: flushCache,
    run: async ({ client, month }) => {
      const answer = await client.send('REPORT', month, {
        body: calendarQuery('20261201T000000Z', '20270101T000000Z'),
        ...depth('1'),
      });
      return demandEvents(answer, 60);
    },
  },
  {
    name: 'GET of a calendar of 60 events, cold',
    budget: refresh + 2,
    prepare: flushCache,
    run: async ({ client, month }) => demandEvents(await client.send('GET', month), 60),
  },
  {
    name: 'PROPFIND depth 1 of the home, one folder changed',
    budget: 1 + refresh,
    prepare: async ({ client, calendar }, run) => {
      // Stamps of folders are whole seconds of the server's clock, which is not turned.
      await sleep(1100);
      await client.send('PUT', `${calendar}bench-home.ics`, {
        body: event('bench-home', `change ${run}`),
        headers: icalendar,
      });
    },
    run: listHome,
  },
  {
    name: 'PUT of a new event',
    budget: refresh + 1,
    writes: true,
    run: async ({ client, calendar }, run) =>
      (
        await client.send('PUT', `${calendar}bench-${run}.ics`, {
          body: event(`bench-${run}`, 'new'),
          headers: icalendar,
        })
      ).bytes,
  },
  {
    name: 'PUT of a changed event, cached',
    budget: refresh + 1,
    writes: true,
    prepare: async ({ client, calendar }, run) =>
      void (await client.send('GET', `${calendar}bench-${run}.ics`)),
    run: async ({ client, calendar }, run) =>
      (
        await client.send('PUT', `${calendar}bench-${run}.ics`, {
          body: event(`bench-${run}`, 'changed'),
          headers: icalendar,
        })
      ).bytes,
  },
  {
    name: 'PUT of a changed event, cold',
    budget: refresh + 2,
    writes: true,
    prepare: flushCache,
    run: async ({ client, calendar }, run) =>
      (
        await client.send('PUT', `${calendar}bench-${run}.ics`, {
          body: event(`bench-${run}`, 'changed again'),
          headers: icalendar,
        })
      ).bytes,
  },
  {
    name: 'PUT of one more changed occurrence of a daily series of 500',
    budget: refresh + 4,
    atMost: true,
    writes: true,
    prepare: async ({ client, series }) => void (await client.send('GET', series)),
    run: async ({ client, series, changed }, run) => {
      changed.set(changed.size === 0 ? 500 : 1 + ((run * 167) % 499), `occurrence ${run}`);
      return (await client.send('PUT', series, { body: dailySeries(changed), headers: icalendar })).bytes;
    },
  },
  {
    name: 'DELETE of an event',
    budget: 1,
    writes: true,
    run: async ({ client, calendar }, run) =>
      (await client.send('DELETE', `${calendar}bench-${run}.ics`)).bytes,
  },
];

async function listHome({ client, home }: World): Promise<number> {
  const body = propfind('D:displayname', 'CS:getctag', 'D:sync-token');
  return (await client.send('PROPFIND', home, { body, ...depth('1') })).bytes;
}

function multigetOf(count: number): Scenario {
  return {
    name: `multiget of ${count} plain event${count === 1 ? '' : 's'}, cold`,
    budget: refresh + Math.ceil(count / 50),
    ...(count === 100 && { target: { events: 1000, wallMs: 100 } }),
    run: async ({ client, calendar, take }) =>
      demandEvents(
        await client.send('REPORT', calendar, { body: multiget(take(count)), ...depth('1') }),
        count,
      ),
  };
}

function demandEvents({ text, bytes }: { text: string; bytes: number }, count: number): number {
  const found = text.split('BEGIN:VEVENT').length - 1;
  if (found !== count) throw new Error(`${count} events were expected, ${found} came`);
  return bytes;
}

/** Reads so much else that nothing of what comes now is in the small cache any more. */
async function flushCache({ client, calendar, take }: World): Promise<void> {
  await client.send('REPORT', calendar, { body: multiget(take(300)), ...depth('1') });
}
