// The trash bin of a Nextcloud user: what was deleted keeps its UID there, and a UID counts once a calendar, bin included.
import { renderXml, textOf, xml } from '../xml/index.ts';
import type { DavClient } from './client.ts';
import { failureOf } from './failures.ts';
import { lastSegment, pathIn } from './href.ts';
import { uidIn } from './lines.ts';
import { prop, propText, type DavResponse } from './multistatus.ts';
import { documentElement, element } from './names.ts';
import { report } from './questions.ts';

interface TrashItem {
  readonly path: string;
  /** Last segment of the calendar it was deleted from. */
  readonly calendar: string;
  readonly uid: string;
  /** Deleting it for good would send a cancellation (nextcloud/server#36051). */
  readonly speaks: boolean;
}

export interface Purged {
  readonly purged: number;
  /** Left, because mail would be sent. */
  readonly kept: number;
}

export interface Trash {
  /** Deletes for good, each by its own href, what was deleted from this calendar and has one of these UIDs. */
  purge(calendarPath: string, uids: ReadonlySet<string>, signal?: AbortSignal): Promise<Purged>;
  /** Something was deleted: what is remembered of the bin is out of date. */
  stale(): void;
}

export interface TrashOptions {
  readonly client: DavClient;
  readonly homePath: string;
  /** Would the server tell somebody when an object with this text is deleted? */
  readonly speaks: (text: string) => boolean;
}

/** Of one calendar home. */
export function openTrash(options: TrashOptions): Trash {
  const { client } = options;
  const state: { items?: readonly TrashItem[] } = {};
  return {
    stale() {
      delete state.items;
    },
    async purge(calendarPath, uids, signal) {
      const calendar = lastSegment(calendarPath);
      const isWanted = (item: TrashItem): boolean => item.calendar === calendar && uids.has(item.uid);
      // Every answer is the whole bin, so one serves many conflicts; where it does not help, the bin is read again.
      if (state.items?.some(isWanted) !== true) state.items = await itemsIn(options, signal);
      const wanted = state.items.filter(isWanted);
      const removable = wanted.filter((item) => !item.speaks);
      for (const item of removable) await removeItem(client, item, signal);
      state.items = state.items.filter((item) => !removable.includes(item));
      return { purged: removable.length, kept: wanted.length - removable.length };
    },
  };
}

/** The filter is ignored, and PROPFIND is not implemented there. */
async function itemsIn(options: TrashOptions, signal?: AbortSignal): Promise<readonly TrashItem[]> {
  const body = documentElement(
    'C:calendar-query',
    element('D:prop', element('NC:calendar-uri'), element('NC:deleted-at'), element('C:calendar-data')),
    element('C:filter', xml('C:comp-filter', { name: 'VCALENDAR' })),
  );
  const { responses } = await report(options.client, {
    path: `${options.homePath}trashbin/objects/`,
    body: renderXml(body),
    depth: '1',
    signal,
  });
  return responses.flatMap((response) => itemOf(response, options) ?? []);
}

function itemOf(response: DavResponse, { speaks }: TrashOptions): TrashItem | undefined {
  const calendar = propText(response, 'NC:calendar-uri');
  const text = textOf(prop(response, 'C:calendar-data'));
  const uid = uidIn(text);
  // Only what is marked as deleted may be deleted for good.
  if (calendar === undefined || uid === undefined || propText(response, 'NC:deleted-at') === undefined)
    return undefined;
  return { path: pathIn(response.href), calendar, uid, speaks: speaks(text) };
}

async function removeItem(client: DavClient, item: TrashItem, signal?: AbortSignal): Promise<void> {
  const answer = await client.ask({
    method: 'DELETE',
    path: item.path,
    headers: { 'x-nc-scheduling': 'false', 'Schedule-Reply': 'F' },
    signal,
  });
  // Somebody was faster.
  if (answer.status === 404) return;
  if (answer.status >= 300) throw failureOf(answer, { subject: 'calendar' });
}
