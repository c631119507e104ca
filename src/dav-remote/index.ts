// A foreign DAV server (Nextcloud first) as collections.
export type { ObservedRequest } from './client.ts';
export { openRemote, type RemoteOptions } from './home.ts';
export { openDavHosts, type DavHosts, type HostOptions } from './hosts.ts';
export { hrefFor } from './href.ts';
export { openLatch, type Latch, type SignIn } from './latch.ts';
export type {
  CollectionDraft,
  Quiet,
  RemoteAbilities,
  RemoteCollection,
  RemoteDelta,
  RemoteHome,
  RemoteMember,
  RemotePutResult,
  RemoteState,
  Standing,
  Wanted,
} from './remote.ts';
