// The admin interface: JSON over HTTP on a port of its own; the state put aside and back; the clock.
import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Simulator } from '../../../simulator/index.ts';
import {
  call,
  codeOf,
  createEvent,
  folder,
  get,
  idOf,
  path,
  set,
  start,
  sync,
  updateBody,
} from '../soap-client.ts';

let sim: Simulator;
beforeEach(async () => {
  sim = await start({ adminPort: 0 });
});
afterEach(() => sim.close());

const getFolder = (id = folder('calendar')): string =>
  `<m:GetFolder><m:FolderShape><t:BaseShape>Default</t:BaseShape></m:FolderShape><m:FolderIds>${id}</m:FolderIds></m:GetFolder>`;

interface Told {
  readonly status: number;
  readonly json: ReturnType<typeof JSON.parse>;
}

async function tell(method: string, where: string, body?: unknown): Promise<Told> {
  const response = await fetch(`${sim.adminUrl}${where}`, {
    method,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, json: text === '' ? undefined : JSON.parse(text) };
}

describe('the interface', () => {
  it('lists what it can be asked, and every line of it is served', async () => {
    const { json } = await tell('GET', '/');
    expect(json.ews).toBe(sim.url);
    expect(json.routes.length).toBeGreaterThan(30);
  });

  it('refuses what it does not understand, and says why', async () => {
    expect(await tell('GET', '/nonsense')).toEqual({
      status: 404,
      json: { error: 'there is nothing at /nonsense; GET / lists what is' },
    });
    expect(await tell('POST', '/clock')).toEqual({
      status: 405,
      json: { error: '/clock takes GET, PUT, DELETE' },
    });
    expect((await tell('PUT', '/clock', 'now')).json.error).toBe('the body is not JSON');
    expect((await tell('PUT', '/clock', { later: 1 })).json.error).toContain('later');
    expect((await tell('POST', '/faults', { kind: 'nonsense' })).json.error).toContain(
      'kind: must be one of',
    );
    expect((await tell('POST', '/faults', { kind: 'fault', code: 'ErrorX' })).json.error).toContain('ErrorX');
    expect((await tell('GET', '/mailboxes/nobody@example.test')).status).toBe(404);
    expect((await tell('POST', '/snapshots/none/restore')).status).toBe(404);
    expect((await tell('DELETE', '/faults/99')).status).toBe(404);
  });

  it('is for programs on this machine only', async () => {
    const status = (headers: Record<string, string>): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        request(`${sim.adminUrl}/users`, { headers }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on('error', reject)
          .end();
      });
    expect(await status({})).toBe(200);
    expect(await status({ host: 'localhost:1' })).toBe(200);
    expect(await status({ host: 'evil.example' })).toBe(403);
    expect(await status({ origin: 'https://evil.example' })).toBe(403);
  });
});

describe('the state', () => {
  it('reset, seed, and what is where', async () => {
    await createEvent(sim, '<t:Subject>x</t:Subject>');
    await tell('PUT', '/policies/everyone', { findCountLimit: 1 });
    await tell('POST', '/faults', { kind: 'html-500' });
    expect((await tell('POST', '/reset', { seed: 40 })).status).toBe(204);
    expect((await tell('GET', '/faults')).json.armed).toEqual([]);
    expect((await tell('GET', '/policies')).json.set).toEqual({});
    const [alice] = (await tell('GET', '/mailboxes')).json;
    expect([alice.address, alice.folders.Calendar]).toEqual(['alice@example.test', 40]);
    await tell('POST', '/seed', { seed: 2 });
    expect((await tell('GET', '/mailboxes')).json[0].folders.Calendar).toBe(42);
    const { json } = await tell('GET', '/mailboxes/alice@example.test');
    expect(json.folders.length).toBeGreaterThan(2);
    expect((await sync(sim, '')).changes).toHaveLength(42);
  });

  it('a snapshot put back: items, ids and change keys as they were, later ids and sync states unknown', async () => {
    const kept = await createEvent(sim, '<t:Subject>kept</t:Subject>');
    const before = await sync(sim, '');
    const shown = sim.snapshot('alice@example.test');
    expect((await tell('PUT', '/snapshots/first')).status).toBe(204);
    const later = await createEvent(sim, '<t:Subject>later</t:Subject>');
    await call(
      sim,
      updateBody(idOf(kept), set('item:Subject', 'CalendarItem', '<t:Subject>changed</t:Subject>')),
    );
    await tell('PUT', '/users/dave@example.test', { password: 'd' });
    const after = await sync(sim, before.state);
    expect((await tell('GET', '/snapshots')).json.map((one: { name: string }) => one.name)).toEqual([
      'first',
    ]);
    expect((await tell('POST', '/snapshots/first/restore')).status).toBe(204);

    expect(sim.snapshot('alice@example.test')).toEqual(shown);
    expect(path(await get(sim, idOf(kept)), 'Subject')).toBe('kept');
    expect(sim.users.map(({ address }) => address)).not.toContain('dave@example.test');
    // States of before go on, those of what was undone are refused.
    const again = await sync(sim, before.state);
    expect(again.changes).toEqual([]);
    const stale = `<m:SyncFolderItems><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:SyncFolderId>${folder('calendar')}</m:SyncFolderId><m:SyncState>${after.state}</m:SyncState><m:MaxChangesReturned>10</m:MaxChangesReturned></m:SyncFolderItems>`;
    expect(await codeOf(sim, stale)).toBe('ErrorInvalidSyncStateData');
    const renewed = await createEvent(sim, '<t:Subject>renewed</t:Subject>');
    expect(idOf(renewed)).not.toBe(idOf(later));
    expect((await sync(sim, again.state)).changes.map(({ kind }) => kind)).toEqual(['Create']);

    expect((await tell('POST', '/snapshots/first/restore')).status).toBe(204);
    expect((await sync(sim, '')).changes).toHaveLength(1);
    expect((await tell('DELETE', '/snapshots/first')).status).toBe(204);
  });
});

describe('the clock', () => {
  it('is set, advanced, frozen: items, reminders and expiry go by it', async () => {
    const shown = await tell('PUT', '/clock', { now: '2031-05-06T07:08:09Z', frozen: true });
    expect(shown.json).toEqual({ now: '2031-05-06T07:08:09.000Z', frozen: true });
    const event = await get(sim, idOf(await createEvent(sim, '<t:Subject>x</t:Subject>')));
    expect([path(event, 'DateTimeCreated'), path(event, 'Start')]).toEqual([
      '2031-05-06T07:08:09Z',
      '2031-05-06T07:30:00Z',
    ]);
    const pull = `<m:Subscribe><m:PullSubscriptionRequest><t:FolderIds>${folder('calendar')}</t:FolderIds><t:EventTypes><t:EventType>CreatedEvent</t:EventType></t:EventTypes><t:Timeout>10</t:Timeout></m:PullSubscriptionRequest></m:Subscribe>`;
    const [subscribed] = (await call(sim, pull)).messages;
    const events = `<m:GetEvents><m:SubscriptionId>${path(subscribed?.element, 'SubscriptionId')}</m:SubscriptionId><m:Watermark>${path(subscribed?.element, 'Watermark')}</m:Watermark></m:GetEvents>`;
    expect(await codeOf(sim, events)).toBe('NoError');
    await tell('PUT', '/clock', { advanceMs: 11 * 60_000 });
    expect(await codeOf(sim, events)).toBe('ErrorExpiredSubscription');
    expect((await tell('GET', '/clock')).json.now).toBe('2031-05-06T07:19:09.000Z');
    await tell('DELETE', '/clock');
    expect(Math.abs(sim.clock.now() - Date.now())).toBeLessThan(1000);
  });
});

describe('people', () => {
  it('come, get rights, change their password, and go', async () => {
    await tell('PUT', '/users/dave@example.test', { password: 'secret', name: 'Dave D.' });
    expect((await tell('GET', '/users')).json).toContainEqual({
      address: 'dave@example.test',
      password: 'secret',
    });
    await tell('PUT', '/users/dave@example.test', { password: 'dave' });
    expect(await codeOf(sim, getFolder(), { user: 'dave' })).toBe('NoError');
    const bobs =
      '<t:DistinguishedFolderId Id="calendar"><t:Mailbox><t:EmailAddress>bob@example.test</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId>';
    expect(await codeOf(sim, getFolder(bobs), { user: 'dave' })).toBe('ErrorFolderNotFound');
    const grant = { mailbox: 'bob@example.test', folder: 'calendar', to: 'dave@example.test' };
    await tell('PUT', '/grants', { ...grant, level: 'reviewer', rights: { modify: true } });
    expect(await codeOf(sim, getFolder(bobs), { user: 'dave' })).toBe('NoError');
    const [held] = (await tell('GET', '/grants/bob@example.test')).json;
    expect([held.folder, held.to, held.rights.read, held.rights.modify, held.rights.delete]).toEqual([
      'Calendar',
      'dave@example.test',
      true,
      true,
      false,
    ]);
    await tell('PUT', '/grants', { ...grant, folder: 'Calendar', level: 'none' });
    expect(await codeOf(sim, getFolder(bobs), { user: 'dave' })).toBe('ErrorFolderNotFound');
    expect((await tell('DELETE', '/users/dave@example.test')).status).toBe(204);
    expect(
      (
        await fetch(sim.url, {
          method: 'POST',
          headers: { authorization: `Basic ${btoa('dave@example.test:dave')}` },
        })
      ).status,
    ).toBe(401);
  });
});

describe('the server', () => {
  it('has settings, and accounts that act for others', async () => {
    await tell('PUT', '/settings', { availabilityDays: 62, assistantDelayMs: 5 });
    await tell('PUT', '/impersonation', { account: 'Alice@example.test', of: ['bob@example.test'] });
    expect((await tell('GET', '/settings')).json).toEqual({
      availabilityDays: 62,
      exRouting: false,
      demandsAnchor: false,
      assistantDelayMs: 5,
      impersonation: { 'alice@example.test': ['bob@example.test'] },
    });
    const header =
      '<t:ExchangeImpersonation><t:ConnectingSID><t:PrimarySmtpAddress>bob@example.test</t:PrimarySmtpAddress></t:ConnectingSID></t:ExchangeImpersonation>';
    sim.policies.set({ maxConcurrency: 0 }, 'bob@example.test');
    expect(await codeOf(sim, getFolder(), { header })).toBe('fault ErrorServerBusy');
    sim.policies.clear();
    expect(await codeOf(sim, getFolder(), { header })).toBe('NoError');
    await tell('PUT', '/impersonation', { account: 'alice@example.test', of: [] });
    expect(await codeOf(sim, getFolder(), { header })).toBe('fault ErrorImpersonateUserDenied');
  });
});

describe('what was done', () => {
  it('calls and sent messages', async () => {
    await tell('DELETE', '/calls');
    await createEvent(
      sim,
      '<t:Subject>meet</t:Subject><t:RequiredAttendees><t:Attendee><t:Mailbox><t:EmailAddress>bob@example.test</t:EmailAddress></t:Mailbox></t:Attendee></t:RequiredAttendees>',
      { mode: 'SendToAllAndSaveCopy' },
    );
    const { json } = await tell('GET', '/calls?operation=CreateItem&user=alice@example.test&after=0');
    expect([json.counts, json.calls.length, json.calls[0].codes]).toEqual([
      { CreateItem: 1 },
      1,
      { NoError: 1 },
    ]);
    expect((await tell('GET', '/sent')).json).toMatchObject([
      { kind: 'request', from: 'alice@example.test', to: ['bob@example.test'], subject: 'meet' },
    ]);
    await tell('DELETE', '/sent');
    expect((await tell('GET', '/sent')).json).toEqual([]);
  });

  it('policies of one account', async () => {
    const budget = { burstMs: 100, rechargeMsPerHour: 1000, cutoffMs: 100 };
    expect((await tell('PUT', '/policies/alice@example.test', { maxConcurrency: 2, budget })).status).toBe(
      204,
    );
    const shown = (await tell('GET', '/policies/alice@example.test')).json;
    expect([shown.maxConcurrency, shown.findCountLimit, shown.budget.callCostMs, shown.balanceMs]).toEqual([
      2, 1000, 0, 100,
    ]);
    await tell('PUT', '/policies/alice@example.test', { budget: null });
    expect((await tell('GET', '/policies/alice@example.test')).json.balanceMs).toBe(null);
    await tell('DELETE', '/policies/alice@example.test');
    expect((await tell('GET', '/policies')).json.set).toEqual({});
  });
});
