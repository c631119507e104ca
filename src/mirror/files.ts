// Files on the two sides of a pair. The mirror works with texts that name Exchange's files; where the rules copy a file, its bytes
// are in Nextcloud's text only while that is written, one object at a time.
import type { Href } from '../model/collection.ts';
import { BackendError, DavError, failed, precondition, success } from '../model/failure.ts';
import { filesNamedAt, withBytes, withoutBytes, withoutFilesAt } from '../translate/index.ts';
import type { ForeignSide, MirroredSide, Sides } from './pair.ts';

/** Shaped as the gateway's own addresses. Nobody answers there (RFC 6761 §6.4): no such name leaves the mirror. */
export const fileBase = 'https://exdav.invalid/calendars/mailbox/folder/';

export function sidesWithFiles({ exchange, nextcloud }: Sides): Sides {
  if (exchange.folder.kind === 'contacts') return { exchange, nextcloud };
  const named = exchange.servedAt?.(fileBase) ?? exchange;
  return { exchange: forgiving(named), nextcloud: withFileBytes(nextcloud, named) };
}

/** A file that a text names and Exchange has no longer is no reason to refuse the text. */
function forgiving(exchange: MirroredSide): MirroredSide {
  return {
    ...exchange,
    async put(request, signal) {
      try {
        return await exchange.put(request, signal);
      } catch (error) {
        const isUnknownFile =
          error instanceof DavError && error.precondition === precondition.calendarValidManagedIdParameter;
        if (!isUnknownFile) throw error;
        return exchange.put({ ...request, text: withoutFilesAt(request.text, fileBase) }, signal);
      }
    },
  };
}

function withFileBytes(nextcloud: ForeignSide, exchange: MirroredSide): ForeignSide {
  return {
    ...nextcloud,
    async read(hrefs, shape, signal) {
      const read = await nextcloud.read(hrefs, shape, signal);
      return read.map(([href, outcome]) => {
        if (!outcome.ok) return [href, outcome] as const;
        try {
          return [
            href,
            success({ ...outcome.value, text: withoutBytes(outcome.value.text, fileBase) }),
          ] as const;
        } catch (error) {
          const message = error instanceof Error ? error.message : 'it cannot be understood';
          return [href, failed({ kind: 'unreadable', message })] as const;
        }
      });
    },
    async put(request, signal) {
      const text = await filled(exchange, request.text, signal);
      const result = await nextcloud.put({ ...request, text }, signal);
      const { stored } = result;
      if (stored?.text === undefined) return result;
      return { ...result, stored: { ...stored, text: withoutBytes(stored.text, fileBase) } };
    },
  };
}

/** With the bytes of the files it names. One call for each member named, which is one. */
async function filled(exchange: MirroredSide, text: string, signal?: AbortSignal): Promise<string> {
  const named = filesNamedAt(text, fileBase);
  if (named.length === 0) return text;
  const bytes = new Map<string, Uint8Array>();
  for (const [member, files] of Map.groupBy(named, (file): Href => file.member)) {
    const ids = files.map(({ managedId }) => managedId);
    const found =
      (await exchange.attachments?.contents(member, ids, signal)) ?? new Map<string, Uint8Array>();
    for (const [id, content] of found) bytes.set(id, content);
  }
  if (named.some(({ managedId }) => !bytes.has(managedId)))
    throw new BackendError({ kind: 'changed', message: 'a file was removed in Exchange meanwhile' });
  return withBytes(text, fileBase, bytes);
}
