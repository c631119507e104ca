// Affinity of front and back end (BEHAVIOUR §1): cookies name the back end of the mailbox that a call worked on.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Caller } from './auth/impersonation.ts';
import { entryOf, type Mailbox, type World } from './state/index.ts';

interface Routed {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly caller: Caller;
}

/** `unreachable`: an impersonated call found its way only by chance, and the policy is that it does not. */
export function routeTo(
  user: Mailbox,
  world: World,
  { request, response, caller }: Routed,
): 'reached' | 'unreachable' {
  const backEnd = `be${user.no}~${user.address}`;
  response.setHeader('x-targetbeserver', backEnd);
  const cookies = request.headers.cookie ?? '';
  if (!cookies.includes(`X-BackEndCookie=${backEnd}`))
    response.setHeader('set-cookie', `X-BackEndCookie=${backEnd}; path=/EWS; HttpOnly`);
  if (!world.policy.demandsAnchor || caller.user === user) return 'reached';
  const anchor = entryOf(world, String(request.headers['x-anchormailbox'] ?? ''));
  return anchor?.address.toLowerCase() === user.address.toLowerCase() ? 'reached' : 'unreachable';
}
