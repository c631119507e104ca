// A foreign DAV server (Nextcloud first) as collections.
export type { ObservedRequest } from './client.ts';
export { openRemote, type RemoteOptions } from './home.ts';
export { openDavHosts, type DavHosts } from './hosts.ts';
export { openLatch, type Latch, type SignIn } from './latch.ts';
export type { RemoteCollection, RemoteHome, Wanted } from './remote.ts';
