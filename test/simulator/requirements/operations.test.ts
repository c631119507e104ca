// What [MS-OXWSCORE], [MS-OXWSMTGS] and [MS-OXWSCDATA] say of the answers of the item operations, on calendar items; each
// test is named with the ids it checks.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { childOf, childrenOf, type XmlElement } from '../../../src/xml/index.ts';
import type { Simulator } from '../../../simulator/index.ts';
import {
  bareId,
  call,
  codeOf,
  createEvent,
  folder,
  getItemBody,
  path,
  set,
  start,
  updateBody,
} from '../soap-client.ts';
import { createBody, deleteBody, envelopeOf, forms, names } from './asking.ts';

let sim: Simulator;
beforeAll(async () => {
  sim = await start();
});
afterAll(() => sim.close());

const event = (): Promise<XmlElement> => createEvent(sim, '<t:Subject>x</t:Subject>');
const transfer = (operation: string, entity: XmlElement): string =>
  `<m:${operation}><m:ToFolderId>${folder('calendar')}</m:ToFolderId><m:ItemIds><t:ItemId Id="${bareId(entity)}"/></m:ItemIds></m:${operation}>`;

const operations = {
  CopyItem: async () => transfer('CopyItem', await event()),
  CreateItem: async () => createBody('CalendarItem', '<t:Subject>x</t:Subject>'),
  DeleteItem: async () => deleteBody(await event()),
  GetItem: async () => getItemBody(`<t:ItemId Id="${bareId(await event())}"/>`),
  MoveItem: async () => transfer('MoveItem', await event()),
  UpdateItem: async () =>
    updateBody(
      `Id="${bareId(await event())}"`,
      set('item:Subject', 'CalendarItem', '<t:Subject>y</t:Subject>'),
    ),
} as const;

/** The parts of a successful message, in their order. */
const withItems = ['ResponseCode', 'Items'];

it.each([
  [
    'CopyItem',
    'CORE_R1404 CORE_R240 CORE_R1405 CORE_R241 CORE_R244 CORE_R247 CORE_R253 CDATA_R1057 CDATA_R1602 MTGS_R1188 MTGS_R1189 MTGS_R602',
    withItems,
  ],
  [
    'CreateItem',
    'CORE_R1411 CORE_R279 CORE_R1412 CORE_R280 CORE_R2169 CORE_R2170 CORE_R283 CORE_R286 CORE_R292 CDATA_R1037 CDATA_R1583 MTGS_R1198 MTGS_R1199',
    withItems,
  ],
  [
    'DeleteItem',
    'CORE_R1421 CORE_R322 CORE_R1422 CORE_R323 CORE_R326 CORE_R329 CORE_R335 CDATA_R1038 CDATA_R1584 MTGS_R1207 MTGS_R1208 MTGS_R619',
    ['ResponseCode'],
  ],
  [
    'GetItem',
    'CORE_R1434 CORE_R367 CORE_R1435 CORE_R368 CORE_R371 CORE_R374 CDATA_R1039 CDATA_R1585 CDATA_R1675 MTGS_R1217 MTGS_R1218 MTGS_R630',
    withItems,
  ],
  [
    'MoveItem',
    'CORE_R1448 CORE_R406 CORE_R1449 CORE_R407 CORE_R410 CORE_R413 CORE_R419 CDATA_R1056 CDATA_R1601 MTGS_R1226 MTGS_R1227 MTGS_R640',
    withItems,
  ],
  [
    'UpdateItem',
    'CORE_R1464 CORE_R487 CORE_R1465 CORE_R488 CORE_R491 CORE_R494 CORE_R508 CORE_R58 CDATA_R1040 CDATA_R1586 MTGS_R1235 MTGS_R1236 MTGS_R650',
    [...withItems, 'ConflictResults'],
  ],
] as const)('%s succeeds: %s', async (operation, _, parts) => {
  const root = await envelopeOf(sim, await operations[operation]());
  expect(names(childOf(root, 'Header'))).toEqual(['ServerVersionInfo']);
  const [response] = childrenOf(childOf(root, 'Body')!);
  expect([response?.name, names(response)]).toEqual([`${operation}Response`, ['ResponseMessages']]);
  const messages = childrenOf(childOf(response, 'ResponseMessages')!);
  expect(messages.map(({ name, attrs }) => [name, attrs['ResponseClass']])).toEqual([
    [`${operation}ResponseMessage`, 'Success'],
  ]);
  expect(path(messages[0], 'ResponseCode')).toBe('NoError');
  expect(names(messages[0])).toEqual([...parts]);
});

it.each([
  ['CopyItem', 'MTGS_R1190'],
  ['CreateItem', 'CORE_R2171 CORE_R2172 MTGS_R1200'],
  ['DeleteItem', 'MTGS_R1209'],
  ['GetItem', 'CDATA_R1436'],
  ['MoveItem', 'MTGS_R1228'],
  ['UpdateItem', 'MTGS_R1237'],
] as const)('%s fails: %s', async (...[operation]) => {
  const body = await operations[operation]();
  const broken =
    operation === 'CreateItem'
      ? body.replace('<t:Subject>x</t:Subject>', '<t:Size>1</t:Size>')
      : body.replace(/<t:ItemId Id="[^"]*"/, '<t:ItemId Id="AAAA"');
  const [failed] = (await call(sim, broken)).messages;
  expect([failed?.class, failed?.code]).toEqual([
    'Error',
    operation === 'CreateItem' ? 'ErrorInvalidPropertySet' : 'ErrorInvalidIdMalformed',
  ]);
  expect(failed?.text).not.toBe('');
});

it.each([
  ['CDATA_R1456 CDATA_R368005 CDATA_R368006', 'MajorVersion', '15'],
  ['CDATA_R1457 CDATA_R368007 CDATA_R368008', 'MinorVersion', '2'],
  ['CDATA_R1458 CDATA_R368009 CDATA_R368010', 'MajorBuildNumber', '2562'],
  ['CDATA_R1459 CDATA_R368011 CDATA_R368012', 'MinorBuildNumber', '17'],
  ['CDATA_R1460 CDATA_R368013 CDATA_R368014', 'Version', 'V2017_07_11'],
])('%s: the header of answers says %s', async (_, attribute, value) => {
  const root = await envelopeOf(sim, getItemBody('<t:ItemId Id="AAAA"/>'));
  const header = childOf(childOf(root, 'Header'), 'ServerVersionInfo');
  expect(header?.attrs[attribute]).toBe(value);
  if (attribute !== 'Version') expect(header?.attrs[attribute]).toMatch(forms.int);
});

it('CDATA_R2110: a day that is no weekday is refused in a weekly pattern', async () => {
  for (const day of ['Day', 'Weekday', 'WeekendDay']) {
    const series = `<t:Start>2025-06-02T10:00:00Z</t:Start><t:End>2025-06-02T11:00:00Z</t:End><t:Recurrence><t:WeeklyRecurrence><t:Interval>1</t:Interval><t:DaysOfWeek>${day}</t:DaysOfWeek></t:WeeklyRecurrence><t:NoEndRecurrence><t:StartDate>2025-06-02</t:StartDate></t:NoEndRecurrence></t:Recurrence>`;
    expect(await codeOf(sim, createBody('CalendarItem', series))).toBe(
      'ErrorCalendarInvalidDayForWeeklyRecurrence',
    );
  }
});
