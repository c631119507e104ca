// GetUserPhoto ([MS-OXWSUSERPHOTO]; BEHAVIOUR §6): by SOAP, and by GET /EWS/Exchange.asmx/s/GetUserPhoto with ETag and 304.
import { createHash } from 'node:crypto';
import { childOf, textOf } from '../../src/xml/index.ts';
import { EwsError } from '../errors.ts';
import type { PageAnswer, PageRequest } from '../pages.ts';
import { respondAlone } from '../responses.ts';
import { photoOf, type Picture } from '../seed/photo.ts';
import { entryOf, type World } from '../state/index.ts';
import type { Operation } from './operation.ts';

export const getUserPhoto: Operation = (request, context) =>
  respondAlone(
    context,
    () => {
      const size = sideOf(textOf(childOf(request, 'SizeRequested')).trim());
      const picture = pictureFor(context.world, textOf(childOf(request, 'Email')).trim(), size ?? largest);
      if (picture === undefined) throw new EwsError('ErrorItemNotFound');
      return `<m:HasChanged>true</m:HasChanged><m:PictureData>${picture.base64}</m:PictureData>`;
    },
    '<m:HasChanged>false</m:HasChanged>',
  );

export function photoPage({ world, method, query, headers }: PageRequest): PageAnswer {
  if (method !== 'GET' && method !== 'HEAD') return { status: 405 };
  const size = sideOf(query.get('size') ?? 'HR648x648');
  if (size === undefined) return { status: 400 };
  const picture = pictureFor(world, query.get('email') ?? '', size);
  if (picture === undefined) return { status: 404 };
  const etag = `"${createHash('sha1').update(picture.base64).digest('base64')}"`;
  const kept = { etag, 'cache-control': 'private', expires: new Date(world.now() + dayMs).toUTCString() };
  const isKnown = (headers['if-none-match'] ?? '').split(/\s*,\s*/).includes(etag);
  if (isKnown) return { status: 304, headers: kept };
  return {
    status: 200,
    headers: { ...kept, 'content-type': picture.contentType },
    body: Buffer.from(picture.base64, 'base64'),
  };
}

const dayMs = 86_400_000;
const largest = 648;

/** UserPhotoSizeType; the sizes that are not square are given as the largest square. */
function sideOf(size: string): number | undefined {
  if (/^HR(1024|1920)xN$/.test(size)) return largest;
  const [, side] = /^HR(48|64|96|120|240|360|432|504|648)x\1$/.exec(size) ?? [];
  return side === undefined ? undefined : Number(side);
}

function pictureFor(world: World, address: string, side: number): Picture | undefined {
  const photo = entryOf(world, address)?.photo;
  return photo === undefined ? undefined : photoOf(photo, side);
}
