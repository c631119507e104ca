// Members with their texts, in the shape asked for: GET, multiget and what a query found.
import type { Href, Resource, Shape } from '../model/collection.ts';
import { failed, type Outcome, success } from '../model/failure.ts';
import type { FolderObject } from './identity.ts';
import { objectOf } from './ledger-value.ts';
import { type Loaded, loadTexts, unreadable, type Variant } from './load.ts';
import { type OpenFolder, servedText } from './open-folder.ts';
import { openPace } from './pace.ts';
import { upToDate } from './refresh.ts';
import { scheduleTagOf } from './text-hash.ts';

export async function readMembers(
  open: OpenFolder,
  request: { hrefs: readonly Href[]; shape: Shape },
  signal?: AbortSignal,
): Promise<readonly (readonly [Href, Outcome<Resource>])[]> {
  await upToDate(open, { signal });
  const rows = await open.ledger.byHref(open.scope, request.hrefs);
  const objects = rows.filter((row) => !row.gone).map((row) => objectOf(row, open.extension));
  const found = await resourcesOf(open, { objects, shape: request.shape }, signal);
  return request.hrefs.map((href) => [
    href,
    found.get(href) ?? failed({ kind: 'not-found', message: 'there is no such member' }),
  ]);
}

export async function resourcesOf(
  open: OpenFolder,
  request: { objects: readonly FolderObject[]; shape: Shape },
  signal?: AbortSignal,
): Promise<Map<Href, Outcome<Resource>>> {
  const found = new Map<Href, Outcome<Resource>>();
  const pace = openPace();
  const variant = variantOf(open, request.shape);
  for await (const [object, outcome] of loadTexts(open, request.objects, { variant, signal })) {
    const resource = outcome.ok
      ? shaped(open, object, { loaded: outcome.value, shape: request.shape })
      : outcome;
    found.set(object.href, resource);
    await pace();
  }
  return found;
}

export function variantOf(open: OpenFolder, shape: Shape | 'none'): Variant {
  if (open.folder.kind !== 'contacts') return 'calendar';
  return shape !== 'none' && shape.kind === 'address' ? shape.version : '3.0';
}

export function shaped(
  open: OpenFolder,
  object: FolderObject,
  { loaded, shape }: { loaded: Loaded; shape: Shape },
): Outcome<Resource> {
  try {
    const isScheduling = open.folder.kind === 'events' && open.folder.role === undefined;
    const scheduleTag = isScheduling ? scheduleTagOf(loaded.text) : undefined;
    const text = isWhole(shape) ? loaded.text : open.translation.shapeText(loaded.text, shape);
    return success({
      href: object.href,
      etag: loaded.etag,
      text: servedText(open, object.href, text),
      contentType: contentTypes[variantOf(open, shape)],
      ...(scheduleTag !== undefined && { scheduleTag }),
    });
  } catch (error) {
    return failed(unreadable(open, error));
  }
}

function isWhole(shape: Shape): boolean {
  return shape.kind === 'whole' || (shape.kind === 'address' && shape.properties === undefined);
}

export const contentTypes = {
  calendar: 'text/calendar; charset=utf-8',
  '3.0': 'text/vcard; charset=utf-8',
  '4.0': 'text/vcard; charset=utf-8; version=4.0',
} as const satisfies Record<Variant, string>;
