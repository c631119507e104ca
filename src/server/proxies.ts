// Which path prefix and host clients see: from the configured public address, or from a trusted proxy's X-Forwarded headers.
import { BlockList, isIP } from 'node:net';

export interface Proxies {
  /** '' or '/dav', without a slash at the end. */
  prefixOf(headers: Headers, peer: string | undefined): string;
  /** Scheme and host as the client sees them; undefined: the request names none that could be one. */
  originOf(headers: Headers, peer: string | undefined): string | undefined;
  /** undefined: nobody told, and a proxy may have replaced the Host header. */
  hostsOf(headers: Headers, peer: string | undefined): readonly string[] | undefined;
}

export function openProxies(options: { publicUrl?: string; trusted: readonly string[] }): Proxies {
  const configured =
    options.publicUrl === undefined ? undefined : new URL(options.publicUrl).pathname.replace(/\/+$/, '');
  const publicHost = options.publicUrl === undefined ? undefined : new URL(options.publicUrl).host;
  const trusted = trustedList(options.trusted);
  return {
    prefixOf(headers, peer) {
      if (configured !== undefined) return configured;
      const forwarded = headers.get('x-forwarded-prefix');
      if (forwarded === null || peer === undefined || !isTrusted(trusted, peer)) return '';
      return /^(?:\/[\w.~-]+)+\/?$/.test(forwarded) ? forwarded.replace(/\/$/, '') : '';
    },
    originOf(headers, peer) {
      if (options.publicUrl !== undefined) return new URL(options.publicUrl).origin;
      const isBelieved = peer !== undefined && isTrusted(trusted, peer);
      const named = isBelieved ? firstOf(headers.get('x-forwarded-host')) : undefined;
      const host = (named ?? headers.get('host') ?? '').toLowerCase();
      if (!/^(?:[\w-]+(?:\.[\w-]+)*|\[[0-9a-f:]+\])(?::\d{1,5})?$/.test(host)) return undefined;
      // From anybody: it can make an answer to himself only safer.
      const isTls = firstOf(headers.get('x-forwarded-proto'))?.toLowerCase() === 'https';
      return `${isTls ? 'https' : 'http'}://${host}`;
    },
    hostsOf(headers, peer) {
      const isBelieved = peer !== undefined && isTrusted(trusted, peer);
      const known = publicHost ?? (isBelieved ? headers.get('x-forwarded-host') : null);
      return known === null
        ? undefined
        : [known, headers.get('host') ?? known].map((host) => host.toLowerCase());
    },
  };
}

/** The proxy nearest to the client wrote the first of a list. */
function firstOf(list: string | null): string | undefined {
  return list?.split(',')[0]?.trim();
}

function trustedList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

function isTrusted(list: BlockList, peer: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(peer)?.[1];
  return mapped === undefined
    ? list.check(peer, isIP(peer) === 6 ? 'ipv6' : 'ipv4')
    : list.check(mapped, 'ipv4');
}
