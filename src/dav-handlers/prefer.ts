// Prefer (RFC 7240, RFC 8144) and Microsoft's older Brief header.

export interface Preferences {
  /** Leave out what is not there, and bodies that only confirm. */
  readonly minimal: boolean;
  /** Answer a write with the text as stored. */
  readonly representation: boolean;
  /** RFC 8144 §4: children without the resource itself. */
  readonly noRoot: boolean;
}

export function parsePreferences(headers: Headers): Preferences {
  const wishes = (headers.get('Prefer') ?? '')
    .split(',')
    .map((wish) => (wish.split(';')[0] ?? '').replaceAll(/[\s"]/g, '').toLowerCase());
  const representation = wishes.includes('return=representation');
  const brief = headers.get('Brief')?.trim().toLowerCase() === 't';
  return {
    minimal: !representation && (wishes.includes('return=minimal') || brief),
    representation,
    noRoot: wishes.includes('depth-noroot'),
  };
}

/** Headers that say which preferences were followed. */
export function appliedHeaders(applied: {
  readonly minimal?: boolean;
  readonly representation?: boolean;
  readonly noRoot?: boolean;
}): Record<string, string> {
  const names = [
    applied.minimal === true ? 'return=minimal' : '',
    applied.representation === true ? 'return=representation' : '',
    applied.noRoot === true ? 'depth-noroot' : '',
  ].filter((name) => name !== '');
  return names.length === 0
    ? { Vary: 'Brief, Prefer' }
    : { Vary: 'Brief, Prefer', 'Preference-Applied': names.join(', ') };
}
