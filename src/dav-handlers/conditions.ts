// If-Match and If-None-Match (RFC 7232 §3.1, §3.2). Dates are never compared: no resource here has a known one.
import type { Condition, ETag } from '../model/collection.ts';
import { DavError } from '../model/failure.ts';

export function parseCondition(headers: Headers): Condition {
  const ifMatch = headers.get('If-Match');
  const ifNoneMatch = headers.get('If-None-Match');
  return {
    ...(ifMatch === null ? {} : { ifMatch: parseTags(ifMatch, 'strong') }),
    ...(ifNoneMatch === null ? {} : { ifNoneMatch: parseTags(ifNoneMatch, 'weak') }),
  };
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
