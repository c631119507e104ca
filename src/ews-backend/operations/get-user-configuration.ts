// GetUserConfiguration of OWA.UserOptions: the time zone that the owner chose in Outlook on the web.
import { BackendError } from '../../model/failure.ts';
import { childOf, childrenOf, textOf, xml } from '../../xml/index.ts';
import { onlyMessageOf } from '../answer.ts';
import type { Soap } from '../soap.ts';

/** The Windows name of the mailbox's zone; undefined where it was never chosen, or the server keeps no such options. */
export async function mailboxZone(soap: Soap): Promise<string | undefined> {
  const body = xml(
    'm:GetUserConfiguration',
    {},
    xml(
      'm:UserConfigurationName',
      { Name: 'OWA.UserOptions' },
      xml('t:DistinguishedFolderId', { Id: 'root' }),
    ),
    xml('m:UserConfigurationProperties', {}, 'Dictionary'),
  );
  try {
    const message = onlyMessageOf(await soap.call('GetUserConfiguration', body, { repeat: 'never' }));
    const dictionary = childOf(childOf(message, 'UserConfiguration'), 'Dictionary');
    const entries = dictionary === undefined ? [] : childrenOf(dictionary);
    const entry = entries.find(
      (one) => textOf(childOf(childOf(one, 'DictionaryKey'), 'Value')) === 'timezone',
    );
    return textOf(childOf(childOf(entry, 'DictionaryValue'), 'Value')) || undefined;
  } catch (error) {
    if (error instanceof BackendError && !['busy', 'unauthorized'].includes(error.failure.kind))
      return undefined;
    throw error;
  }
}
