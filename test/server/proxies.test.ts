import { describe, expect, it } from 'vitest';
import { openProxies } from '../../src/server/proxies.ts';

const forwarded = new Headers({ 'x-forwarded-prefix': '/dav/' });

describe('prefixOf', () => {
  it('is the path of the public address, whoever asks', () => {
    const proxies = openProxies({ publicUrl: 'https://example.org/exchange', trusted: [] });
    expect(proxies.prefixOf(forwarded, '203.0.113.9')).toBe('/exchange');
  });

  it('believes a trusted proxy only', () => {
    const proxies = openProxies({ trusted: ['10.0.0.0/8', '::1'] });
    expect(proxies.prefixOf(forwarded, '10.1.2.3')).toBe('/dav');
    expect(proxies.prefixOf(forwarded, '::ffff:10.1.2.3')).toBe('/dav');
    expect(proxies.prefixOf(forwarded, '::1')).toBe('/dav');
    expect(proxies.prefixOf(forwarded, '11.1.2.3')).toBe('');
    expect(proxies.prefixOf(forwarded, undefined)).toBe('');
  });

  it('refuses a prefix that is not a plain path', () => {
    const proxies = openProxies({ trusted: ['10.0.0.1'] });
    for (const value of ['//evil.example', 'x', '/a"b', '/a/../b?']) {
      expect(proxies.prefixOf(new Headers({ 'x-forwarded-prefix': value }), '10.0.0.1')).toBe('');
    }
  });
});

describe('originOf', () => {
  const forwardedOrigin = new Headers({
    host: 'inner:8080',
    'x-forwarded-host': 'Dav.example.org, inner:8080',
    'x-forwarded-proto': 'https, http',
  });

  it('is that of the public address, whoever asks', () => {
    const proxies = openProxies({ publicUrl: 'https://example.org:8443/exchange', trusted: ['10.0.0.0/8'] });
    expect(proxies.originOf(forwardedOrigin, '10.1.2.3')).toBe('https://example.org:8443');
  });

  it('believes the host of a trusted proxy only, and of others nothing but that it was safe', () => {
    const proxies = openProxies({ trusted: ['10.0.0.0/8'] });
    expect(proxies.originOf(forwardedOrigin, '10.1.2.3')).toBe('https://dav.example.org');
    expect(proxies.originOf(forwardedOrigin, '11.1.2.3')).toBe('https://inner:8080');
    expect(proxies.originOf(new Headers({ host: '[::1]:8080' }), undefined)).toBe('http://[::1]:8080');
  });

  it('is unknown when no host is named that could be one', () => {
    const proxies = openProxies({ trusted: [] });
    for (const host of ['', 'a b', 'user@host', 'host/path', 'host:port', '..', 'a"b', '[x]'])
      expect(proxies.originOf(new Headers({ host }), undefined), host).toBeUndefined();
  });
});

describe('hostsOf', () => {
  const named = new Headers({ host: 'inner:8080', 'x-forwarded-host': 'Dav.example.org' });

  it('is the public address and the name asked for', () => {
    const proxies = openProxies({ publicUrl: 'https://example.org:8443/exchange', trusted: [] });
    expect(proxies.hostsOf(named, '203.0.113.9')).toEqual(['example.org:8443', 'inner:8080']);
  });

  it('believes a trusted proxy only, and is unknown otherwise', () => {
    const proxies = openProxies({ trusted: ['10.0.0.0/8'] });
    expect(proxies.hostsOf(named, '10.1.2.3')).toEqual(['dav.example.org', 'inner:8080']);
    expect(proxies.hostsOf(named, '11.1.2.3')).toBeUndefined();
  });
});
