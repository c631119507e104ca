// The two that are compared, each in a process of its own before the same simulated Exchange.
import { startDavmail } from './davmail-process.ts';
import { openDavClient, type DavClient } from './dav-client.ts';
import { startGatewayProcess } from './gateway-process.ts';
import { cpuMsOf, memoryMbOf } from './proc.ts';
import { alice } from './world.ts';

export interface Peer {
  readonly name: PeerName;
  readonly client: DavClient;
  /** Paths of the calendar and the address book. */
  readonly calendar: string;
  readonly book: string;
  /** User and system time so far. */
  cpuMs(): number;
  /** Lets the time go by in which what was just read from Exchange still counts. */
  settle(): Promise<void>;
  rssMb(): number;
  peakRssMb(): number;
  stop(): Promise<void>;
}

export type PeerName = 'davmail' | 'exdav';
export type StartPeer = (ewsUrl: string) => Promise<Peer>;

export function davmailPeer(javaOptions: readonly string[]): StartPeer {
  return async (ewsUrl) => {
    const davmail = await startDavmail(ewsUrl, { javaOptions, logLevel: 'ERROR' });
    return {
      name: 'davmail',
      client: openDavClient(davmail.url, alice),
      calendar: `/users/${alice.address}/calendar/`,
      book: `/users/${alice.address}/contacts/`,
      cpuMs: () => cpuMsOf(davmail.pid),
      settle: () => Promise.resolve(),
      rssMb: () => memoryMbOf(davmail.pid, 'VmRSS'),
      peakRssMb: () => memoryMbOf(davmail.pid, 'VmHWM'),
      stop: () => davmail.stop(),
    };
  };
}

const refreshCountsMs = 1050;

/** With the smallest cache: what is read again has left it, as DavMail keeps no texts at all. */
export const exdavPeer: StartPeer = async (ewsUrl) => {
  const gateway = await startGatewayProcess(ewsUrl, { EXDAV_CACHE_MB: '1' });
  return {
    name: 'exdav',
    client: openDavClient(gateway.url, alice),
    calendar: `/calendars/${alice.address}/calendar/`,
    book: `/addressbooks/${alice.address}/contacts/`,
    cpuMs: () => cpuMsOf(gateway.pid),
    settle: () => gateway.advance(refreshCountsMs),
    rssMb: () => memoryMbOf(gateway.pid, 'VmRSS'),
    peakRssMb: () => memoryMbOf(gateway.pid, 'VmHWM'),
    stop: () => gateway.stop(),
  };
};
