// ExchangeImpersonation (MS-OXWSCDATA 2.2.3.3; BEHAVIOUR §15): one account acts as another mailbox, with rights per
// account. Refusals are faults of the whole request.
import { childrenOf, textOf, xml, type XmlElement } from '../../src/xml/index.ts';
import { EwsFault } from '../errors.ts';
import { entryOf, type Mailbox, type World } from '../state/index.ts';
import { userBySid, userNamed } from './passwords.ts';

export interface Caller {
  /** Undefined: an application. */
  readonly user: Mailbox | undefined;
  readonly account: string;
}

/** Whose mailbox a request works on. @throws EwsFault ErrorImpersonateUserDenied | ErrorNonExistentMailbox | … */
export function actingUser(world: World, caller: Caller, impersonation: XmlElement | undefined): Mailbox {
  if (impersonation === undefined) {
    if (caller.user !== undefined) return caller.user;
    throw new EwsFault('ErrorImpersonationFailed', {
      text: 'The ExchangeImpersonation SOAP header must be present for this type of OAuth token.',
    });
  }
  const target = targetOf(world, impersonation);
  if (!mayImpersonate(world, caller, target)) throw new EwsFault('ErrorImpersonateUserDenied');
  return target;
}

function mayImpersonate(world: World, caller: Caller, target: Mailbox): boolean {
  if (caller.user === target) return true;
  const allowed = world.policy.impersonators.get(caller.account);
  // An application was consented to for the whole organisation, unless that was narrowed.
  if (allowed === undefined) return caller.user === undefined;
  return allowed === 'all' || allowed.has(target.address.toLowerCase());
}

function targetOf(world: World, impersonation: XmlElement): Mailbox {
  const [sid] = childrenOf(impersonation);
  const [name] = sid === undefined ? [] : childrenOf(sid);
  const find = name === undefined ? undefined : finders[name.name];
  if (name === undefined || find === undefined) throw new EwsFault('ErrorImpersonationFailed');
  const found = find(world, textOf(name).trim());
  if (found === undefined)
    throw new EwsFault('ErrorNonExistentMailbox', {
      text: 'The SMTP address has no mailbox associated with it.',
    });
  return found;
}

type Finder = (world: World, text: string) => Mailbox | undefined;

const finders: Readonly<Record<string, Finder>> = {
  PrincipalName: (world, text) => (text.includes('@') ? userNamed(world, text) : undefined),
  SID(world, text) {
    if (!/^S-1(-\d+)+$/i.test(text)) throw new EwsFault('ErrorInvalidSid');
    const user = userBySid(world, text);
    if (user === undefined) throw new EwsFault('ErrorInvalidUserSid');
    return user;
  },
  PrimarySmtpAddress(world, text) {
    const entry = entryOf(world, text);
    if (entry !== undefined && entry.address.toLowerCase() !== text.toLowerCase())
      throw new EwsFault('ErrorNonPrimarySmtpAddress', {
        detail: xml('t:Value', { Name: 'Primary' }, entry.address),
      });
    return world.mailboxes.get(text.toLowerCase());
  },
  SmtpAddress: (world, text) => world.mailboxes.get(entryOf(world, text)?.address.toLowerCase() ?? ''),
};
