// Days, and times without a zone, are meant where the owner of the mailbox lives.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ok, path } from '../simulator/soap-client.ts';
import { itemsIn } from '../simulator/scheduling/people.ts';
import { alice, asCalendar, calendarOf, calendarText, openStage, type Stage } from './stage.ts';

let stage: Stage;
const text = (value: string): string => `<t:Type>String</t:Type><t:Value>${value}</t:Value>`;

beforeAll(async () => {
  stage = await openStage();
  await ok(
    stage.simulator,
    `<m:CreateUserConfiguration><m:UserConfiguration><t:UserConfigurationName Name="OWA.UserOptions"><t:DistinguishedFolderId Id="root"/></t:UserConfigurationName><t:Dictionary><t:DictionaryEntry><t:DictionaryKey>${text('timezone')}</t:DictionaryKey><t:DictionaryValue>${text('W. Europe Standard Time')}</t:DictionaryValue></t:DictionaryEntry></t:Dictionary></m:UserConfiguration></m:CreateUserConfiguration>`,
  );
});
afterAll(() => stage.stop());

const alarm = (trigger: string): string[] => [
  'BEGIN:VALARM',
  'ACTION:DISPLAY',
  trigger,
  'DESCRIPTION:x',
  'END:VALARM',
];

describe.each([
  [
    'a due time in UTC is on the day that it is here',
    ['DUE:20261210T233000Z'],
    { DueDate: '2026-12-11T00:00:00Z' },
  ],
  ['midnight in UTC is just a day', ['DUE:20261210T000000Z'], { DueDate: '2026-12-10T00:00:00Z' }],
  [
    'an alarm before a day',
    ['DUE;VALUE=DATE:20261210', ...alarm('TRIGGER;RELATED=END:-PT3H')],
    { ReminderDueBy: '2026-12-09T20:00:00Z' },
  ],
  [
    'an alarm before a time without a zone',
    ['DTSTART:20261210T100000', ...alarm('TRIGGER:-PT1H')],
    { ReminderDueBy: '2026-12-10T08:00:00Z' },
  ],
  ['done late in the evening', ['COMPLETED:20260110T233000Z'], { CompleteDate: '2026-01-10T00:00:00Z' }],
])('%s', (name, lines, held) => {
  it('in Exchange, and back as it was', async () => {
    const href = `${calendarOf(alice, 'tasks')}${encodeURIComponent(name)}.ics`;
    const body = calendarText(
      'BEGIN:VTODO',
      `UID:${name}`,
      'DTSTAMP:20260101T000000Z',
      ...lines,
      'END:VTODO',
    );
    const answer = await stage.ask('PUT', href, { body, headers: asCalendar });
    expect(answer.status, answer.text).toBe(201);
    const item = (await itemsIn(stage.simulator, 'alice', 'tasks')).at(-1);
    for (const [field, value] of Object.entries(held))
      expect([field, path(item, field)]).toEqual([field, value]);
    await stage.restart();
    const shown = (await stage.ask('GET', href)).text.split('\r\n');
    expect(shown).toEqual(expect.arrayContaining(lines));
  });
});

it('an alarm at a time before a whole day counts from the midnight of here', async () => {
  const body = calendarText(
    'BEGIN:VEVENT',
    'UID:day@example.org',
    'DTSTAMP:20260101T000000Z',
    'DTSTART;VALUE=DATE:20261210',
    ...alarm('TRIGGER;VALUE=DATE-TIME:20261209T200000Z'),
    'END:VEVENT',
  );
  await stage.ask('PUT', `${calendarOf(alice)}day.ics`, { body, headers: asCalendar });
  const [item] = await itemsIn(stage.simulator, 'alice', 'calendar');
  expect(path(item, 'ReminderMinutesBeforeStart')).toBe('180');
});
