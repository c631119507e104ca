// GetFolder: folders by id or well-known name, one outcome each.
import type { Outcome } from '../../model/failure.ts';
import { childOf, childrenOf, xml, type XmlElement } from '../../xml/index.ts';
import { messagesOf, outcomeOf } from '../answer.ts';
import { renderFolderRef, type FolderRef } from '../ids.ts';
import type { Soap } from '../soap.ts';
import { renderFolderShape, type Shape } from './shape.ts';

export async function getFolders(
  soap: Soap,
  request: { readonly folders: readonly FolderRef[]; readonly shape: Shape },
  signal?: AbortSignal,
): Promise<readonly Outcome<XmlElement | undefined>[]> {
  const body = xml(
    'm:GetFolder',
    {},
    renderFolderShape(request.shape),
    xml('m:FolderIds', {}, ...request.folders.map(renderFolderRef)),
  );
  const response = await soap.call('GetFolder', body, { repeat: 'safe', signal });
  return messagesOf(response).map((message) => {
    const outcome = outcomeOf(message);
    return outcome.ok ? { ok: true, value: foldersIn(outcome.value)[0] } : outcome;
  });
}

/** The folders of a message. */
export function foldersIn(message: XmlElement): readonly XmlElement[] {
  const list = childOf(message, 'Folders');
  return list === undefined ? [] : childrenOf(list);
}
