// What both forms of Autodiscover tell: where EWS is, on which server a mailbox lies, who is sent elsewhere.
import { answerLimits, type XmlLimits } from '../../src/xml/index.ts';
import type { AutodiscoverAnswer, DirectoryEntry, World } from '../state/index.ts';

export const discoverLimits: XmlLimits = { ...answerLimits, maxLength: 1_000_000, mendCharacters: false };

/** Redirections and errors that were set for the address, or for its domain. */
export function answerFor(world: World, address: string): AutodiscoverAnswer | undefined {
  const key = address.toLowerCase();
  const { autodiscover } = world.policy;
  return autodiscover.get(key) ?? autodiscover.get(key.slice(key.indexOf('@')));
}

export function ewsUrlFor(world: World, origin: string): string {
  return world.policy.ewsUrl ?? `${origin}/EWS/Exchange.asmx`;
}

/** Since 2013 the "server" of a mailbox is its GUID at the domain. */
export function serverOf(entry: DirectoryEntry): { readonly server: string; readonly serverDn: string } {
  const server = `${entry.guid}@${entry.address.replace(/^.*@/, '')}`;
  return {
    server,
    serverDn: `/o=Simulated Organization/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Configuration/cn=Servers/cn=${server}`,
  };
}
