// Subscriptions: streaming and pull (BEHAVIOUR §13).
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Simulator } from '../../simulator/index.ts';
import { all, at, bareId, codeOf, createEvent, folder, ok, path, post, start } from './soap-client.ts';

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
  const again = await ok(sim, ask(path(created, 'Watermark')));
  expect(at(again.element, 'Notification/StatusEvent')).toBeDefined();
  expect(all(again.element, 'Notification/CreatedEvent')).toEqual([]);
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
