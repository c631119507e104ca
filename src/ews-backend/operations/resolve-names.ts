// ResolveNames: entries of the directory, and people of the contacts, that a text could mean; at most 100 (BEHAVIOUR §6).
import { BackendError } from '../../model/failure.ts';
import { childOf, childrenOf, xml, type XmlElement } from '../../xml/index.ts';
import { onlyMessageOf } from '../answer.ts';
import type { Soap } from '../soap.ts';

export interface Resolutions {
  readonly found: readonly XmlElement[];
  /** The server has cut off what it found. */
  readonly truncated: boolean;
}

/** `smtp:` before an address, or an X500 address, means exactly that entry. */
export async function resolveNames(
  soap: Soap,
  request: { readonly text: string; readonly scope: 'ActiveDirectory' | 'ActiveDirectoryContacts' },
  signal?: AbortSignal,
): Promise<Resolutions> {
  const body = xml(
    'm:ResolveNames',
    { ReturnFullContactData: true, SearchScope: request.scope },
    xml('m:UnresolvedEntry', {}, request.text),
  );
  try {
    const message = onlyMessageOf(await soap.call('ResolveNames', body, { repeat: 'safe', signal }));
    const set = childOf(message, 'ResolutionSet');
    return {
      found: set === undefined ? [] : childrenOf(set),
      truncated: set?.attrs['IncludesLastItemInRange'] === 'false',
    };
  } catch (error) {
    if (error instanceof BackendError && error.failure.kind === 'not-found')
      return { found: [], truncated: false };
    throw error;
  }
}
