// What Nextcloud sends as a client: federated calendars and the DAV Connector app.
import { describe, expect, it } from 'vitest';
import { childOf, textOf } from '../../../src/xml/index.ts';
import { C, calendar, D, event, home, hrefsIn, names, propOf } from '../harness.ts';
import { filled } from './mailbox.ts';

describe('Nextcloud', () => {
  it('federates: sync-collection without Depth and sync-level, then GET and PUT without conditions', async () => {
    const { ask } = filled();
    const body = (token: string): string =>
      `<?xml version="1.0"?><d:sync-collection xmlns:d="DAV:" xmlns:cal="${C}"><d:sync-token>${token}</d:sync-token><d:prop><d:getetag/></d:prop></d:sync-collection>`;
    const first = await ask('REPORT', calendar, { body: body('') });
    expect(textOf(childOf(first.xml, 'sync-token', D))).toMatch(/^http:\/\/sabre\.io\/ns\/sync\/\d+$/);
    const stale = await ask('REPORT', calendar, { body: body('http://sabre.io/ns/sync/0') });
    expect([stale.status, ...stale.conditions]).toEqual([403, '{DAV:}valid-sync-token']);
    for (const { href } of first.responses) expect((await ask('GET', href)).status).toBe(200);
    const put = await ask('PUT', `${calendar}n.ics`, {
      headers: { 'Content-Type': 'text/calendar' },
      body: event('n'),
    });
    expect(put.headers.has('ETag')).toBe(true);
  });

  it('DAV Connector: REPORT in Allow of the home, owner equal to the principal, no DAV:acl, no 404 for members', async () => {
    const { ask } = filled();
    expect((await ask('OPTIONS', home)).headers.get('Allow')).toContain('REPORT');
    const delta = await ask('REPORT', calendar, {
      headers: { Depth: '0' },
      body: `<?xml version="1.0"?><d:sync-collection xmlns:d="DAV:"><d:sync-token/><d:sync-level>1</d:sync-level><d:prop><d:resourcetype/><d:getetag/></d:prop></d:sync-collection>`,
    });
    for (const response of delta.responses) expect(names(response, 404)).toEqual([]);
    expect(delta.text).not.toContain('<D:resourcetype></D:resourcetype>');
    const rights = await ask('PROPFIND', calendar, {
      headers: { Depth: '0' },
      body: '<d:propfind xmlns:d="DAV:"><d:prop><d:owner/><d:acl/><d:current-user-principal/></d:prop></d:propfind>',
    });
    const [own] = rights.responses;
    expect(hrefsIn(propOf(own, D, 'owner'))).toEqual(hrefsIn(propOf(own, D, 'current-user-principal')));
    expect(names(own!, 404)).toEqual(['{DAV:}acl']);
  });
});
