// RFC 6638 §3.2.4.1: one meeting, one calendar. A client that copies a meeting and then deletes the original would have the
// server invite everybody once more and then call the meeting off.
import { DavError, precondition } from '../model/failure.ts';
import { hrefOf } from './identity.ts';
import { objectOf, uidKey } from './ledger-value.ts';
import type { OpenFolder } from './open-folder.ts';
import { upToDate } from './refresh.ts';

/** Other calendars are asked only when they were seen to hold it. @throws DavError 403 */
export async function demandUniqueMeeting(open: OpenFolder, uid: string): Promise<void> {
  for (const sibling of open.siblings()) {
    if ((await holderOf(sibling, uid)) === undefined) continue;
    await upToDate(sibling);
    const member = await holderOf(sibling, uid);
    if (member === undefined) continue;
    throw new DavError(403, 'This meeting is in another calendar of the mailbox: move it instead.', {
      precondition: precondition.uniqueSchedulingObject,
      member,
      collection: sibling.folder.key,
    });
  }
}

async function holderOf({ ledger, scope, extension }: OpenFolder, uid: string): Promise<string | undefined> {
  const rows = [
    ...(await ledger.byKey(scope, [uidKey(uid)])),
    ...(await ledger.byHref(scope, [hrefOf(uid, extension)])),
  ];
  return rows.find((row) => !row.gone && objectOf(row, extension).uid === uid)?.href;
}
