// Subscriptions: streaming and pull (BEHAVIOUR §13).
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Simulator } from '../../simulator/index.ts';
import { addEntry } from '../../simulator/state/index.ts';
import { all, at, bareId, call, codeOf, createEvent, folder, ok, path, post, start } from './soap-client.ts';

let sim: Simulator;
beforeEach(async () => {
  sim = await start();
});
afterEach(() => sim.close());

const events =
  '<t:EventTypes><t:EventType>CreatedEvent</t:EventType><t:EventType>ModifiedEvent</t:EventType><t:EventType>DeletedEvent</t:EventType><t:EventType>MovedEvent</t:EventType></t:EventTypes>';
const streaming = `<m:Subscribe><m:StreamingSubscriptionRequest><t:FolderIds>${folder('calendar')}</t:FolderIds>${events}</m:StreamingSubscriptionRequest></m:Subscribe>`;
const stream = (id: string): string =>
  `<m:GetStreamingEvents><m:SubscriptionIds><t:SubscriptionId>${id}</t:SubscriptionId></m:SubscriptionIds><m:ConnectionTimeout>1</m:ConnectionTimeout></m:GetStreamingEvents>`;

it('streams envelopes: OK first, then what happens', async () => {
  const id = path((await ok(sim, streaming)).element, 'SubscriptionId');
  const response = await post(sim, stream(id));
  const reader = response.body!.getReader();
  const decoder = new TextDecoder();
  let text = '';
  const until = async (part: string): Promise<void> => {
    while (!text.includes(part)) text += decoder.decode((await reader.read()).value);
  };
  await until('</s:Envelope>');
  expect(text).toContain('<m:ConnectionStatus>OK</m:ConnectionStatus>');
  const event = await createEvent(sim, '');
  await until('CreatedEvent');
  await until(bareId(event));
  expect(text.split('<?xml').length).toBeGreaterThan(2);
  await reader.cancel();
});

it('answers bad subscriptions with their ids', async () => {
  const reply = await codeOf(sim, stream('bm9uZQ=='));
  expect(reply).toBe('ErrorInvalidSubscription');
  const id = path((await ok(sim, streaming)).element, 'SubscriptionId');
  const unsubscribe = `<m:Unsubscribe><m:SubscriptionId>${id}</m:SubscriptionId></m:Unsubscribe>`;
  expect(await codeOf(sim, unsubscribe, { user: 'bob' })).toBe('ErrorSubscriptionAccessDenied');
  expect(await codeOf(sim, unsubscribe)).toBe('NoError');
  expect(await codeOf(sim, unsubscribe)).toBe('ErrorSubscriptionNotFound');
});

it('is pulled with watermarks', async () => {
  const pull = `<m:Subscribe><m:PullSubscriptionRequest><t:FolderIds>${folder('calendar')}</t:FolderIds>${events}<t:Timeout>10</t:Timeout></m:PullSubscriptionRequest></m:Subscribe>`;
  const made = await ok(sim, pull);
  const id = path(made.element, 'SubscriptionId');
  const ask = (watermark: string): string =>
    `<m:GetEvents><m:SubscriptionId>${id}</m:SubscriptionId><m:Watermark>${watermark}</m:Watermark></m:GetEvents>`;
  const quiet = await ok(sim, ask(path(made.element, 'Watermark')));
  expect(at(quiet.element, 'Notification/StatusEvent')).toBeDefined();
  const event = await createEvent(sim, '');
  const told = await ok(sim, ask(path(quiet.element, 'Notification/StatusEvent/Watermark')));
  const [created] = all(told.element, 'Notification/CreatedEvent');
  expect(bareId(created)).toBe(bareId(event));
  expect(await codeOf(sim, ask('bm9uZQ=='))).toBe('ErrorInvalidWatermark');
});

it('refuses both folders and all folders', async () => {
  expect(
    await codeOf(
      sim,
      streaming
        .replace(
          'StreamingSubscriptionRequest>',
          'StreamingSubscriptionRequest SubscribeToAllFolders="true">',
        )
        .replace(
          '</m:StreamingSubscriptionRequest SubscribeToAllFolders="true">',
          '</m:StreamingSubscriptionRequest>',
        ),
    ),
  ).toBe('ErrorInvalidSubscriptionRequest');
});

it('takes ten streaming connections of one account', async () => {
  const id = path((await ok(sim, streaming)).element, 'SubscriptionId');
  const open = await Promise.all(Array.from({ length: 10 }, () => post(sim, stream(id))));
  expect(await codeOf(sim, stream(id))).toBe('ErrorExceededConnectionCount');
  await Promise.all(open.map((response) => response.body!.cancel()));
});

const pullOf = (types: readonly string[], options: { folders?: string; watermark?: string } = {}): string => {
  const where = options.folders === undefined ? '' : `<t:FolderIds>${folder(options.folders)}</t:FolderIds>`;
  const after = options.watermark === undefined ? '' : `<t:Watermark>${options.watermark}</t:Watermark>`;
  const all = options.folders === undefined ? ' SubscribeToAllFolders="true"' : '';
  return `<m:Subscribe><m:PullSubscriptionRequest${all}>${where}<t:EventTypes>${types.map((type) => `<t:EventType>${type}</t:EventType>`).join('')}</t:EventTypes>${after}<t:Timeout>10</t:Timeout></m:PullSubscriptionRequest></m:Subscribe>`;
};
const getEvents = (id: string, watermark: string): string =>
  `<m:GetEvents><m:SubscriptionId>${id}</m:SubscriptionId><m:Watermark>${watermark}</m:Watermark></m:GetEvents>`;
const opened = async (body: string, user = 'alice') => {
  const { element } = await ok(sim, body, { user });
  return { id: path(element, 'SubscriptionId'), watermark: path(element, 'Watermark') };
};
const namesOf = async (body: string, user = 'alice'): Promise<string[]> => {
  const told = at((await ok(sim, body, { user })).element, 'Notification')!;
  return told.children.flatMap((child) => (typeof child === 'string' ? [] : [child.name])).slice(3);
};

it('tells of new mail to whom it came, through groups too, and of changed free/busy times (§13)', async () => {
  addEntry(sim.world, {
    kind: 'group',
    address: 'team@example.test',
    name: 'Team',
    members: ['bob@example.test'],
  });
  const { id, watermark } = await opened(pullOf(['NewMailEvent', 'FreeBusyChangedEvent']), 'bob');
  await createEvent(
    sim,
    '<t:Subject>Talk</t:Subject><t:RequiredAttendees><t:Attendee><t:Mailbox><t:EmailAddress>team@example.test</t:EmailAddress></t:Mailbox></t:Attendee></t:RequiredAttendees>',
    { mode: 'SendOnlyToAll' },
  );
  const names = await namesOf(getEvents(id, watermark), 'bob');
  expect([names[0], names.includes('FreeBusyChangedEvent')]).toEqual(['NewMailEvent', true]);
});

it('goes on from a watermark, also in another subscription, and says when it cannot (§13)', async () => {
  const first = await opened(pullOf(['CreatedEvent'], { folders: 'calendar' }));
  await createEvent(sim, '<t:Subject>one</t:Subject>');
  expect(await namesOf(getEvents(first.id, first.watermark))).toEqual(['CreatedEvent']);
  // The same watermark gives the same events again.
  expect(await namesOf(getEvents(first.id, first.watermark))).toEqual(['CreatedEvent']);
  const second = await opened(pullOf(['CreatedEvent'], { folders: 'calendar', watermark: first.watermark }));
  expect(await namesOf(getEvents(second.id, second.watermark))).toEqual(['CreatedEvent']);
  const future = Buffer.from(first.watermark, 'base64');
  future.writeUInt32BE(4_000_000_000, 4);
  expect(await codeOf(sim, getEvents(second.id, future.toString('base64')))).toBe('ErrorInvalidWatermark');
  for (const { id } of [first, second])
    await ok(sim, `<m:Unsubscribe><m:SubscriptionId>${id}</m:SubscriptionId></m:Unsubscribe>`);
  await createEvent(sim, '<t:Subject>unheard</t:Subject>');
  const late = pullOf(['CreatedEvent'], { folders: 'calendar', watermark: first.watermark });
  expect(await codeOf(sim, late)).toBe('ErrorInvalidWatermark');
  const fresh = await opened(pullOf(['CreatedEvent'], { folders: 'calendar' }));
  expect(await codeOf(sim, getEvents(fresh.id, first.watermark))).toBe('ErrorReadEventsFailed');
  expect(await codeOf(sim, getEvents(fresh.id, fresh.watermark))).toBe('ErrorSubscriptionNotFound');
});

it('hands out 512 events at once and says that there are more (§13)', async () => {
  const { id, watermark } = await opened(pullOf(['CreatedEvent'], { folders: 'calendar' }));
  const items = '<t:CalendarItem/>'.repeat(100);
  for (let count = 0; count < 6; count += 1)
    await call(
      sim,
      `<m:CreateItem SendMeetingInvitations="SendToNone"><m:Items>${items}</m:Items></m:CreateItem>`,
    );
  const told = at((await ok(sim, getEvents(id, watermark))).element, 'Notification');
  const events = all(told, 'CreatedEvent');
  expect([events.length, path(told, 'MoreEvents'), path(told, 'PreviousWatermark')]).toEqual([
    512,
    'true',
    watermark,
  ]);
  expect((await namesOf(getEvents(id, path(events.at(-1), 'Watermark')))).length).toBe(88);
});
