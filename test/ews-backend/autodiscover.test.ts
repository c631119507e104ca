// The search for EWS by e-mail address, on a network of the test's own.
import { describe, expect, it } from 'vitest';
import { openAutodiscover, type AutodiscoverNetwork } from '../../src/ews-backend/autodiscover.ts';
import { BackendError } from '../../src/model/failure.ts';

const login = { kind: 'password', user: 'ann@example.org', password: 'x' } as const;
const path = '/autodiscover/autodiscover.xml';

function account(content: string): string {
  return `<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006"><Response xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a"><Account>${content}</Account></Response></Autodiscover>`;
}
const settings = account(
  `<Action>settings</Action><Protocol><Type>EXCH</Type><EwsUrl>https://inner.example.org/EWS/Exchange.asmx</EwsUrl></Protocol><Protocol><Type>EXPR</Type><EwsUrl>https://mail.example.org/EWS/Exchange.asmx</EwsUrl></Protocol>`,
);

/** `sites`: url → 'refuses' | redirect target | POX answer. */
function openTest(
  sites: Record<string, { redirect?: string; answer?: string; refuses?: true }>,
  srv: string[] = [],
) {
  const asked: string[] = [];
  const posted: string[] = [];
  const network: AutodiscoverNetwork = {
    ask({ url }) {
      asked.push(url);
      const site = sites[url];
      if (site === undefined)
        return Promise.reject(new BackendError({ kind: 'unavailable', message: 'no such host' }));
      return Promise.resolve({
        status: site.redirect === undefined ? 401 : 302,
        location: site.redirect,
        offers: site.redirect === undefined,
      });
    },
    post({ url, body }) {
      posted.push(`${url} ${/<EMailAddress>(.*?)</.exec(body)?.[1]}`);
      const site = sites[url];
      if (site?.refuses === true)
        return Promise.reject(new BackendError({ kind: 'unauthorized', message: 'no' }));
      return Promise.resolve({ status: 200, offers: false, body: site?.answer ?? '<html>' });
    },
    srv: () => Promise.resolve(srv),
  };
  return { discover: openAutodiscover({ timeoutMs: 1, keep: 1 }, network), asked, posted };
}

const found = 'https://mail.example.org/EWS/Exchange.asmx';

describe('autodiscover', () => {
  it('prefers the address from outside, and asks once', async () => {
    const { discover, posted } = openTest({
      [`https://autodiscover.example.org${path}`]: { answer: settings },
    });
    expect(await discover('Ann@Example.org', login)).toBe(found);
    expect(await discover('ann@example.org', login)).toBe(found);
    expect(posted).toEqual([`https://autodiscover.example.org${path} ann@example.org`]);
  });

  it('follows the http redirect to https only', async () => {
    const { discover, posted } = openTest({
      [`http://autodiscover.example.org${path}`]: { redirect: `https://mail.example.org${path}` },
      [`https://mail.example.org${path}`]: { answer: settings },
    });
    expect(await discover('ann@example.org', login)).toBe(found);
    expect(posted).toHaveLength(1);
  });

  it('looks SRV up last', async () => {
    const { discover } = openTest({ [`https://srv.example.org${path}`]: { answer: settings } }, [
      'srv.example.org',
    ]);
    expect(await discover('ann@example.org', login)).toBe(found);
  });

  it('follows redirectAddr within the domain', async () => {
    const { discover, posted } = openTest({
      [`https://example.org${path}`]: {
        answer: account('<Action>redirectAddr</Action><RedirectAddr>ann@eu.example.org</RedirectAddr>'),
      },
      [`https://eu.example.org${path}`]: { answer: settings },
    });
    expect(await discover('ann@example.org', login)).toBe(found);
    expect(posted[1]).toContain('ann@eu.example.org');
  });

  it.each([
    ['a redirect', { [`http://autodiscover.example.org${path}`]: { redirect: `https://evil.test${path}` } }],
    [
      'an address',
      { [`https://example.org${path}`]: { answer: account('<RedirectAddr>ann@evil.test</RedirectAddr>') } },
    ],
    [
      'an http redirect',
      { [`http://autodiscover.example.org${path}`]: { redirect: `http://mail.example.org${path}` } },
    ],
  ])('gives no password to another domain or in the clear, led by %s', async (_, sites) => {
    const { discover, posted } = openTest(sites);
    await expect(discover('ann@example.org', login)).rejects.toMatchObject({
      failure: { code: 'NoAutodiscover' },
    });
    expect(posted.filter((url) => !url.startsWith('https://example.org'))).toEqual([]);
  });

  it('stops at the first refused password', async () => {
    const { discover, posted } = openTest({
      [`https://example.org${path}`]: { refuses: true },
      [`https://autodiscover.example.org${path}`]: { answer: settings },
    });
    await expect(discover('ann@example.org', login)).rejects.toMatchObject({
      failure: { kind: 'unauthorized' },
    });
    expect(posted).toHaveLength(1);
  });

  it('needs an address', async () => {
    const { discover } = openTest({});
    await expect(discover('CORP\\ann', login)).rejects.toMatchObject({ failure: { code: 'NoAutodiscover' } });
  });
});
