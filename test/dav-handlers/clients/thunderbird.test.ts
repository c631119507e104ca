// What Thunderbird sends, body by body.
import { describe, expect, it } from 'vitest';
import { book, C, calendar, childNames, CS, D, home, names, propOf } from '../harness.ts';
import { filled, principal } from './mailbox.ts';

describe('Thunderbird', () => {
  it('reads a calendar and its parent', async () => {
    const { ask } = filled();
    const own = await ask('PROPFIND', calendar, {
      headers: { Depth: '0' },
      body: `<?xml version="1.0" encoding="UTF-8"?>
<D:propfind xmlns:D="DAV:" xmlns:CS="${CS}" xmlns:C="${C}"><D:prop><D:resourcetype/><D:owner/><D:current-user-principal/><D:current-user-privilege-set/><D:supported-report-set/><C:supported-calendar-component-set/><CS:getctag/></D:prop></D:propfind>`,
    });
    expect(childNames(propOf(own.responses[0], D, 'resourcetype'))).toContain(`{${C}}calendar`);
    const options = await ask('OPTIONS', home);
    // It drops the first token and looks for the others.
    expect(
      options.headers
        .get('DAV')
        ?.split(',')
        .map((token) => token.trim())[0],
    ).toBe('1');
    const inboxes = await ask('PROPFIND', principal, {
      headers: { Depth: '0' },
      body: `<D:propfind xmlns:D="DAV:" xmlns:C="${C}"><D:prop><C:calendar-home-set/><C:calendar-user-address-set/><C:schedule-inbox-URL/><C:schedule-outbox-URL/></D:prop></D:propfind>`,
    });
    expect(names(inboxes.responses[0]!, 404)).toEqual([]);
  });

  it('sends Depth: 1 with sync-collection and reads the status letter by letter', async () => {
    const { ask } = filled();
    const answer = await ask('REPORT', book, {
      headers: { Depth: '1' },
      body: `<?xml version="1.0" encoding="UTF-8"?>\n<sync-collection xmlns="DAV:"><sync-token/><sync-level>1</sync-level><prop><getcontenttype/><getetag/></prop></sync-collection>`,
    });
    expect(answer.responses).toHaveLength(1);
    expect(answer.text).toContain('>HTTP/1.1 200 OK<');
  });
});
