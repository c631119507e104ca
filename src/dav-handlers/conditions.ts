// If-Match and If-None-Match (RFC 7232 §3.1, §3.2), If-Schedule-Tag-Match and Schedule-Reply (RFC 6638 §8). Dates are never compared: no resource here has a known one.
import type { Condition, ETag, Permission } from '../model/collection.ts';
import { DavError } from '../model/failure.ts';
import type { Space } from './request.ts';

export function parseCondition(headers: Headers): Condition {
  const ifMatch = headers.get('If-Match');
  const ifNoneMatch = headers.get('If-None-Match');
  const ifScheduleTag = headers.get('If-Schedule-Tag-Match')?.trim();
  return {
    ...(ifMatch === null ? {} : { ifMatch: parseTags(ifMatch, 'strong') }),
    ...(ifNoneMatch === null ? {} : { ifNoneMatch: parseTags(ifNoneMatch, 'weak') }),
    ...(ifScheduleTag === undefined ? {} : { ifScheduleTag: ifScheduleTag.replace(/^[^"].*$/, '"$&"') }),
  };
}

/** Which messages may leave because of the request: those that the setting and Schedule-Reply (RFC 6638 §8.1) allow. */
export function permissionOf(headers: Headers, { autoSchedule }: Space): Permission {
  if (!autoSchedule) return 'silent';
  return headers.get('Schedule-Reply')?.trim().toUpperCase() === 'F' ? 'no-reply' : 'send';
}

/** For GET: is the client's copy still good? @throws DavError 412 when If-Match is not met */
export function isUnchanged(condition: Condition, etag: ETag): boolean {
  if (condition.ifMatch !== undefined && condition.ifMatch !== '*' && !condition.ifMatch.includes(etag))
    throw new DavError(412, 'the object has another etag');
  return (
    condition.ifNoneMatch !== undefined &&
    (condition.ifNoneMatch === '*' || condition.ifNoneMatch.includes(etag))
  );
}

/** RFC 7232 §2.3.2: If-Match compares strongly, so a weak tag never matches; If-None-Match looks at the text alone. */
function parseTags(value: string, comparison: 'strong' | 'weak'): readonly ETag[] | '*' {
  if (value.trim() === '*') return '*';
  const tags: ETag[] = [];
  // CalDav Synchronizer may send tags without quotes.
  for (const [, weak, quoted, bare] of value.matchAll(/(W\/)?(?:("[^"]*")|([^\s",]+))/g)) {
    if (weak !== undefined && comparison === 'strong') continue;
    tags.push(quoted ?? `"${bare ?? ''}"`);
  }
  return tags;
}
