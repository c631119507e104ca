// Throttling as a policy of each account (BEHAVIOUR §5, §6, §13, §14).
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Simulator } from '../../../simulator/index.ts';
import { all, at, call, codeOf, createEvent, folder, path, post, start } from '../soap-client.ts';

let sim: Simulator;
beforeEach(async () => {
  sim = await start();
});
afterEach(() => sim.close());

const getFolder = `<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:FolderIds>${folder('calendar')}</m:FolderIds></m:GetFolder>`;
const syncItems = `<m:SyncFolderItems><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:SyncFolderId>${folder('calendar')}</m:SyncFolderId><m:MaxChangesReturned>10</m:MaxChangesReturned></m:SyncFolderItems>`;
const findItems = (view = ''): string =>
  `<m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape>${view}<m:ParentFolderIds>${folder('calendar')}</m:ParentFolderIds></m:FindItem>`;
const atOnce = (count: number, body: string, user = 'alice'): Promise<string[]> =>
  Promise.all(Array.from({ length: count }, () => codeOf(sim, body, { user })));
const count = (codes: readonly string[], code: string): number => codes.filter((one) => one === code).length;

describe('concurrency', () => {
  it('is of each account and can be changed while calls run', async () => {
    // The first answer makes the schema check ready, which takes a while.
    await codeOf(sim, getFolder);
    sim.faults.latencyMs = 300;
    sim.policies.set({ maxConcurrency: 3 }, 'Alice@example.test');
    const [alice, bob] = await Promise.all([atOnce(8, getFolder), atOnce(8, getFolder, 'bob')]);
    expect([count(alice, 'NoError'), count(alice, 'fault ErrorServerBusy'), count(bob, 'NoError')]).toEqual([
      3, 5, 8,
    ]);
    sim.policies.clear('alice@example.test');
    expect(count(await atOnce(8, getFolder), 'NoError')).toBe(8);
  });

  it('five sync calls at once, the others are refused in their messages', async () => {
    sim.faults.latencyMs = 300;
    const codes = await atOnce(7, syncItems);
    expect([count(codes, 'NoError'), count(codes, 'ErrorServerBusy')]).toEqual([5, 2]);
    sim.faults.latencyMs = 0;
    sim.policies.set({ syncConcurrency: 0, backOffMs: 77 });
    const [message] = (await call(sim, syncItems)).messages;
    expect([
      path(message?.element, 'MessageXml/Value'),
      message?.text.includes("'ConcurrentSyncCalls'"),
    ]).toEqual(['77', true]);
    expect(await codeOf(sim, getFolder)).toBe('NoError');
  });
});

describe('the budget', () => {
  const budget = { burstMs: 1000, rechargeMsPerHour: 3_600_000, cutoffMs: 2000, callCostMs: 1500 };

  it('delays first, then refuses with BackOffMilliseconds, and comes back with time', async () => {
    sim.clock.freeze();
    sim.policies.set({ budget }, 'alice@example.test');
    expect(sim.policies.balanceOf('alice@example.test')).toBe(1000);
    expect(await codeOf(sim, getFolder)).toBe('NoError');
    const owed = -(sim.policies.balanceOf('alice@example.test') ?? 0);
    expect([owed >= 500, owed < 800]).toEqual([true, true]);
    const before = performance.now();
    expect(await codeOf(sim, getFolder)).toBe('NoError');
    expect(performance.now() - before).toBeGreaterThan(480);
    const reply = await call(sim, getFolder);
    const backOff = Number(path(reply.body, 'detail/MessageXml/Value'));
    expect([reply.status, path(reply.body, 'detail/ResponseCode'), backOff > 0, backOff < 300]).toEqual([
      500,
      'ErrorServerBusy',
      true,
      true,
    ]);
    expect(await codeOf(sim, getFolder, { user: 'bob' })).toBe('NoError');
    sim.clock.advance(backOff);
    expect(await codeOf(sim, getFolder)).toBe('NoError');
    sim.clock.advance(3_600_000);
    expect(sim.policies.balanceOf('alice@example.test')).toBe(1000);
  });

  it('says the back-off it is told to say', async () => {
    sim.policies.set({ budget: { ...budget, cutoffMs: 0, burstMs: 0 }, backOffMs: 297_749 });
    await codeOf(sim, getFolder);
    const reply = await call(sim, getFolder);
    expect(path(reply.body, 'detail/MessageXml/Value')).toBe('297749');
  });
});

describe('counts', () => {
  it('hits of a search: cut when paged or bounded, else refused', async () => {
    for (let number = 0; number < 4; number += 1) await createEvent(sim, `<t:Subject>${number}</t:Subject>`);
    sim.policies.set({ findCountLimit: 3 });
    expect(await codeOf(sim, findItems())).toBe('ErrorExceededFindCountLimit');
    const [page] = (
      await call(
        sim,
        findItems('<m:IndexedPageItemView MaxEntriesReturned="100" Offset="0" BasePoint="Beginning"/>'),
      )
    ).messages;
    const root = at(page?.element, 'RootFolder');
    expect([all(root, 'Items/CalendarItem').length, root?.attrs['IncludesLastItemInRange']]).toEqual([
      3,
      'false',
    ]);
  });

  it('subscriptions and streams', async () => {
    const subscribe = `<m:Subscribe><m:StreamingSubscriptionRequest><t:FolderIds>${folder('calendar')}</t:FolderIds><t:EventTypes><t:EventType>CreatedEvent</t:EventType></t:EventTypes></m:StreamingSubscriptionRequest></m:Subscribe>`;
    sim.policies.set({ maxSubscriptions: 1, hangingConnections: 0 }, 'alice@example.test');
    const [first] = (await call(sim, subscribe)).messages;
    expect(await codeOf(sim, subscribe)).toBe('ErrorExceededSubscriptionCount');
    const stream = `<m:GetStreamingEvents><m:SubscriptionIds><t:SubscriptionId>${path(first?.element, 'SubscriptionId')}</t:SubscriptionId></m:SubscriptionIds><m:ConnectionTimeout>1</m:ConnectionTimeout></m:GetStreamingEvents>`;
    expect(await codeOf(sim, stream)).toBe('ErrorExceededConnectionCount');
    sim.policies.set({ hangingConnections: 1 }, 'alice@example.test');
    const open = await post(sim, stream);
    expect(await codeOf(sim, stream)).toBe('ErrorExceededConnectionCount');
    await open.body?.cancel();
  });
});
