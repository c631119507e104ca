// For each right that Exchange grants: what current-user-privilege-set advertises is what a write finds (RFC 3744 §5.4, §7.1.1).
import { describe, expect, it } from 'vitest';
import type { Rights } from '../../src/model/backend.ts';
import { childOf, childrenOf, clarkOf, textOf } from '../../src/xml/index.ts';
import {
  A,
  C,
  calendar,
  childNames,
  D,
  event,
  folders,
  home,
  propfind,
  propOf,
  setUp,
  type Answer,
  type Setup,
} from './harness.ts';

const path = `${home}team/`;

const attempts: Record<
  keyof Rights,
  { privilege: string; at: string; named: string; run: (setup: Setup) => Promise<Answer> }
> = {
  read: {
    privilege: '{DAV:}read',
    at: path,
    named: `${path}a.ics`,
    run: ({ ask }) => ask('GET', `${path}a.ics`),
  },
  create: {
    privilege: '{DAV:}bind',
    at: path,
    named: path,
    run: ({ ask }) => ask('PUT', `${path}n.ics`, { body: event('n') }),
  },
  modify: {
    privilege: '{DAV:}write-content',
    at: path,
    named: `${path}a.ics`,
    run: ({ ask }) => ask('PUT', `${path}a.ics`, { body: event('a', { SUMMARY: 'new' }) }),
  },
  remove: {
    privilege: '{DAV:}unbind',
    at: path,
    named: path,
    run: ({ ask }) => ask('DELETE', `${path}a.ics`),
  },
  administer: {
    privilege: '{DAV:}write-properties',
    at: path,
    named: path,
    run: async ({ ask }) => {
      const answer = await ask('PROPPATCH', path, {
        body: `<D:propertyupdate xmlns:D="DAV:"><D:set><D:prop><A:calendar-color xmlns:A="${A}">#000000</A:calendar-color></D:prop></D:set></D:propertyupdate>`,
      });
      // PROPPATCH tells each property's fate inside a 207.
      const [prop] = [...answer.responses[0]!.props.values()];
      const propstat = childOf(childOf(answer.xml, 'response', D), 'propstat', D)!;
      return { ...answer, status: prop!.status, xml: childOf(propstat, 'error', D) ?? answer.xml };
    },
  },
  createFolders: {
    privilege: '{DAV:}bind',
    at: home,
    named: home,
    run: ({ ask }) => ask('MKCALENDAR', `${home}new/`),
  },
};

function withRights(rights: Partial<Rights>): Setup {
  const setup = setUp({ folders: folders.map((folder) => ({ ...folder, rights })) });
  setup.home.at('team').keep('a.ics', event('a'));
  return setup;
}

async function advertised(setup: Setup, at: string): Promise<readonly string[]> {
  const answer = await setup.ask('PROPFIND', at, {
    headers: { Depth: '0' },
    body: propfind([D, 'current-user-privilege-set']),
  });
  return childrenOf(propOf(answer.responses[0], D, 'current-user-privilege-set')!).flatMap(childNames);
}

const none: Rights = {
  read: false,
  create: false,
  modify: false,
  remove: false,
  createFolders: false,
  administer: false,
};

describe.each(Object.entries(attempts))('the right %s', (right, { privilege, at, named, run }) => {
  it('is advertised and works when it alone is granted', async () => {
    const setup = withRights({ ...none, [right]: true });
    expect(await advertised(setup, at)).toContain(privilege);
    const answer = await run(setup);
    expect(answer.status).toBeLessThan(300);
  });

  it('is not advertised and refused with need-privileges when it alone is missing', async () => {
    const setup = withRights({ [right]: false });
    expect(await advertised(setup, at)).not.toContain(privilege);
    const before = JSON.stringify((await setup.home.collections()).map((each) => each.snapshot()));
    const answer = await run(setup);
    expect(answer.status).toBe(403);
    const needed = childOf(answer.xml, 'need-privileges', D);
    const resource = childOf(needed, 'resource', D);
    expect(textOf(childOf(resource, 'href', D))).toBe(named);
    expect(childrenOf(childOf(resource, 'privilege', D)!).map(clarkOf)).toEqual([privilege]);
    expect(JSON.stringify((await setup.home.collections()).map((each) => each.snapshot()))).toBe(before);
  });
});

describe('privileges', () => {
  it('name DAV:write only when all its parts are granted', async () => {
    expect(await advertised(withRights({}), path)).toContain('{DAV:}write');
    for (const part of ['create', 'modify', 'remove', 'administer'])
      expect(await advertised(withRights({ [part]: false }), path)).not.toContain('{DAV:}write');
  });

  it('guard every way of reading', async () => {
    const setup = withRights({ read: false });
    const query = `<C:calendar-query xmlns:D="DAV:" xmlns:C="${C}"><D:prop><D:getetag/></D:prop><C:filter><C:comp-filter name="VCALENDAR"/></C:filter></C:calendar-query>`;
    const ways: readonly Promise<Answer>[] = [
      setup.ask('GET', path),
      setup.ask('HEAD', `${path}a.ics`),
      setup.ask('PROPFIND', path, { headers: { Depth: '1' } }),
      setup.ask('REPORT', path, { body: query }),
      setup.ask('COPY', `${path}a.ics`, { headers: { Destination: `${calendar}a.ics` } }),
    ];
    for (const answer of await Promise.all(ways)) expect(answer.status).toBe(403);
    expect(await advertised(setup, path)).not.toContain('{DAV:}read');
    expect(await advertised(setup, path)).not.toContain(`{${C}}read-free-busy`);
  });

  it('guard both ends of MOVE', async () => {
    const move = (rights: Partial<Rights>) => {
      const setup = withRights(rights);
      return setup.ask('MOVE', `${path}a.ics`, { headers: { Destination: `${calendar}a.ics` } });
    };
    expect((await move({})).status).toBe(201);
    expect((await move({ remove: false })).conditions).toEqual(['{DAV:}need-privileges']);
    expect((await move({ create: false })).conditions).toEqual(['{DAV:}need-privileges']);
  });

  it('guard the deletion of a collection', async () => {
    const setup = withRights({ administer: false });
    expect((await setup.ask('DELETE', path)).conditions).toEqual(['{DAV:}need-privileges']);
    expect((await withRights({}).ask('DELETE', path)).status).toBe(204);
  });

  it('are told of a member as far as they reach it', async () => {
    expect(await advertised(withRights({}), `${path}a.ics`)).toEqual([
      '{DAV:}read',
      '{DAV:}write-content',
      '{DAV:}read-current-user-privilege-set',
    ]);
  });

  it('turn a refusal of the backend into need-privileges too', async () => {
    const setup = withRights({});
    setup.home.at('team').broken = { kind: 'denied', message: 'Access is denied' };
    const answer = await setup.ask('PUT', `${path}n.ics`, { body: event('n') });
    expect([answer.status, ...answer.conditions]).toEqual([403, '{DAV:}need-privileges']);
  });
});
