// Which path prefix clients see: from the configured public address, or from a trusted proxy's X-Forwarded-Prefix.
import { BlockList, isIP } from 'node:net';

export interface Proxies {
  /** '' or '/dav', without a slash at the end. */
  prefixOf(headers: Headers, peer: string | undefined): string;
}

export function openProxies(options: { publicUrl?: string; trusted: readonly string[] }): Proxies {
  const configured =
    options.publicUrl === undefined ? undefined : new URL(options.publicUrl).pathname.replace(/\/+$/, '');
  const trusted = trustedList(options.trusted);
  return {
    prefixOf(headers, peer) {
      if (configured !== undefined) return configured;
      const forwarded = headers.get('x-forwarded-prefix');
      if (forwarded === null || peer === undefined || !isTrusted(trusted, peer)) return '';
      return /^(?:\/[\w.~-]+)+\/?$/.test(forwarded) ? forwarded.replace(/\/$/, '') : '';
    },
  };
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
