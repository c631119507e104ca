// GetDelegate: who acts for the owner of a mailbox, by permission levels of his folders (BEHAVIOUR §15). Only he may ask.
import type { Delegate } from '../../model/backend.ts';
import { childOf, childrenOf, textOf, xml, type XmlElement } from '../../xml/index.ts';
import { aloneOf } from '../answer.ts';
import type { Soap } from '../soap.ts';
import { meaningIn } from '../words.ts';

export async function getDelegates(
  soap: Soap,
  owner: string,
  signal?: AbortSignal,
): Promise<readonly Delegate[]> {
  const body = xml(
    'm:GetDelegate',
    { IncludePermissions: true },
    xml('m:Mailbox', {}, xml('t:EmailAddress', {}, owner)),
  );
  const answer = aloneOf(await soap.call('GetDelegate', body, { repeat: 'safe', signal }));
  const list = childOf(answer, 'ResponseMessages');
  return (list === undefined ? [] : childrenOf(list)).flatMap((message) =>
    delegateOf(childOf(message, 'DelegateUser')),
  );
}

/** Levels with which somebody may change what is in the calendar; Custom may mean anything above nothing. */
const access: Readonly<Record<string, Delegate['calendar']>> = {
  Editor: 'write',
  Author: 'write',
  Reviewer: 'read',
  Custom: 'read',
};

function delegateOf(user: XmlElement | undefined): readonly Delegate[] {
  const id = childOf(user, 'UserId');
  const address = textOf(childOf(id, 'PrimarySmtpAddress')).trim();
  const name = textOf(childOf(id, 'DisplayName')).trim();
  const level = childOf(childOf(user, 'DelegatePermissions'), 'CalendarFolderPermissionLevel');
  const calendar = meaningIn(access, textOf(level).trim());
  if (address === '' || calendar === undefined) return [];
  return [{ address, ...(name !== '' && { name }), calendar }];
}
