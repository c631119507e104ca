// What the property tests (test/laws) once found, each as small as it gets, over the express and the tables of EWS.
import { describe, expect, test } from 'vitest';
import type { FolderKind } from '../../src/model/backend.ts';
import { apply, applyOccurrences } from '../ews-backend/fields/stand-in.ts';
import { type Box, changed, get, putNew, putOver } from '../laws/box.ts';
import { fieldsIn } from '../laws/law-list.ts';
import { type Change, updatesOf } from '../laws/outlook-table.ts';
import { type JcalComponent, parseRendered, stringify } from '../../src/translate/codec.ts';
import { instancesOf } from '../../src/translate/instances.ts';
import { xml } from '../../src/xml/index.ts';
import { card } from './contacts.ts';
import { calendar, event, linesOf, task } from './mailbox.ts';

function put(text: string, kind: FolderKind): Box {
  return putNew(text, { kind, dayZone: 'Europe/Berlin' });
}

/** What another program does to the item. */
function edited(box: Box, ...changes: readonly Change[]): Box {
  return changed(box, { ...box.state, master: apply(box.state.master, updatesOf(box.kind, changes)) });
}

function shown(box: Box, vcard?: '3.0' | '4.0'): string[] {
  return linesOf(get(box, vcard));
}

/** Fields written when a client sends back what it was shown. */
function writtenAgain(box: Box, vcard?: '3.0' | '4.0'): string[] {
  return [...fieldsIn(putOver(get(box, vcard), box).sent)];
}

describe('a time zone of the client’s own', () => {
  const zone = [
    'BEGIN:VTIMEZONE',
    'TZID:mine',
    'BEGIN:STANDARD',
    'DTSTART:16010101T020000',
    'TZOFFSETFROM:-0400',
    'TZOFFSETTO:-0500',
    'RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11',
    'END:STANDARD',
    'BEGIN:DAYLIGHT',
    'DTSTART:16010101T020000',
    'TZOFFSETFROM:-0500',
    'TZOFFSETTO:-0400',
    'RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3',
    'END:DAYLIGHT',
    'END:VTIMEZONE',
  ];
  const series = (start: string): Box =>
    put(
      calendar(
        ...zone,
        'BEGIN:VEVENT',
        'UID:u',
        `DTSTART;TZID=mine:${start}`,
        'RRULE:FREQ=MONTHLY',
        'END:VEVENT',
      ),
      'events',
    );

  test('is understood when it is read as it was when it was written', () => {
    // In 2008 alone five zones had these rules, in the ten years of the series three.
    expect(shown(series('20080115T225900'))).toContain('DTSTART;TZID=mine:20080115T225900');
  });
  test('is the one in which most people live', () => {
    const { item } = series('20260115T225900').stored;
    expect(item).toMatchObject({ start: { zone: 'America/New_York' } });
  });
});

describe('tasks', () => {
  const of = (...lines: string[]): Box => put(task(...lines), 'tasks');

  test('one that is done, of which the client did not say the day', () => {
    const box = of('STATUS;X-P=1:COMPLETED');
    expect(box.stored.item).toMatchObject({ status: 'completed', completed: '2026-11-20' });
    expect(shown(box)).toContain('STATUS;X-P=1:COMPLETED');
    expect(writtenAgain(box)).toEqual([]);
  });
  test('one that is done by its percentage only is not written again', () => {
    const box = of('STATUS:NEEDS-ACTION', 'PERCENT-COMPLETE:100');
    expect(shown(box)).toContain('STATUS:NEEDS-ACTION');
    expect(writtenAgain(box)).toEqual([]);
  });
  const alarm = (trigger: string): string[] => [
    'BEGIN:VALARM',
    'ACTION:DISPLAY',
    'DESCRIPTION:a',
    trigger,
    'END:VALARM',
  ];

  test('an alarm before the end, where that is said by a DURATION', () => {
    const box = of('DTSTART:20260907T090000Z', 'DURATION:PT2H', ...alarm('TRIGGER;RELATED=END:-PT5M'));
    expect(box.stored.item).toMatchObject({ reminderAt: Date.parse('2026-09-07T10:55:00Z') });
    expect(shown(box)).toContain('TRIGGER;RELATED=END:-PT5M');
  });
  test('an alarm before the start, where there is only a DUE', () => {
    const box = of('DUE;TZID=Europe/Vienna:20260907T090000', ...alarm('TRIGGER:-PT5M'));
    expect(shown(box)).toContain('TRIGGER:-PT5M');
  });
  test('a second alarm is not taken for the reminder that Outlook took away', () => {
    const box = of('DTSTART:20260907T090000Z', ...alarm('TRIGGER:PT0S'), ...alarm('TRIGGER:-PT30S'));
    const after = edited(box, { field: 'item:ReminderIsSet', content: xml('t:ReminderIsSet', {}, 'false') });
    expect(shown(after)).toContain('TRIGGER:-PT30S');
    expect(writtenAgain(after)).toEqual([]);
  });
  test('the days of a series in UTC are those of its rule, where the reader has another day already', () => {
    const box = of('DUE:20360325T235959Z', 'RRULE:FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=25;UNTIL=20360929');
    expect(box.stored.item).toMatchObject({ due: '2036-03-25', recurrence: { byMonthDay: [25] } });
    expect(shown(box)).toContain('DUE:20360325T235959Z');
    const after = edited(box, {
      field: 'task:DueDate',
      content: xml('t:DueDate', {}, '2037-03-25T00:00:00Z'),
    });
    expect(shown(after)).toContain('DUE:20370325T235959Z');
    expect(writtenAgain(after)).toEqual([]);
  });
  test('an alarm that a client puts before the one that is the reminder stays as it is', () => {
    const box = of('DTSTART;VALUE=DATE:20260907', 'RRULE:FREQ=YEARLY', ...alarm('TRIGGER:P0D'));
    const first = alarm('TRIGGER;VALUE=DATE-TIME:20481019T234920Z').join('\r\n');
    const { box: after, sent } = putOver(get(box).replace(/(?=BEGIN:VALARM)/, `${first}\r\n`), box);
    expect([...fieldsIn(sent)]).toEqual([]);
    expect(shown(after)).toEqual(
      expect.arrayContaining(['TRIGGER;VALUE=DATE-TIME:20481019T234920Z', 'TRIGGER:P0D']),
    );
  });
  test('a DURATION goes with the DTSTART that Outlook takes away', () => {
    const box = of('DTSTART:20260907T090000Z', 'DURATION:PT2H');
    const after = edited(box, { field: 'task:StartDate' });
    expect(shown(after)).toContain('DUE:20260907T215900Z');
    expect(shown(after).join()).not.toContain('DURATION');
    expect(writtenAgain(after)).toEqual([]);
  });
  test('a series whose start Outlook moved behind its end can be edited', () => {
    const box = of('DTSTART;VALUE=DATE:20260907', 'RRULE:FREQ=DAILY;UNTIL=20260910');
    const moved = edited(box, {
      field: 'task:StartDate',
      content: xml('t:StartDate', {}, '2026-09-20T00:00:00Z'),
    });
    const text = get(moved).replace('END:VTODO', 'SUMMARY:new\r\nEND:VTODO');
    expect([...fieldsIn(putOver(text, moved).sent)]).toEqual(['item:Subject']);
  });
});

describe('cards', () => {
  const three = ['EMAIL;X-P=1:a@x.test', 'EMAIL:b@x.test', 'EMAIL:c@x.test'];

  test('addresses stay in their slots when Outlook takes the first one away', () => {
    const after = edited(put(card(...three), 'contacts'), {
      field: 'contacts:EmailAddress',
      index: 'EmailAddress1',
    });
    expect(writtenAgain(after)).toEqual([]);
    const text = get(after).replace('END:VCARD', 'NOTE:new\r\nEND:VCARD');
    expect([...fieldsIn(putOver(text, after).sent)]).toEqual(['item:Body']);
  });
  test('the same in a 4.0 card, which has no word for some types', () => {
    const box = put(card('EMAIL;TYPE=X400:a@x.test', 'EMAIL:a@x.test'), 'contacts');
    const after = edited(box, { field: 'contacts:EmailAddress', index: 'EmailAddress1' });
    expect(writtenAgain(after, '4.0')).toEqual([]);
  });
  test('how one name is pronounced stays when Outlook says how another one is', () => {
    const box = put(card('X-PHONETIC-FIRST-NAME;LANGUAGE=ja:アダ'), 'contacts');
    const path = xml('t:ExtendedFieldURI', {
      DistinguishedPropertySetId: 'Address',
      PropertyId: '32813',
      PropertyType: 'String',
    });
    const content = xml('t:ExtendedProperty', {}, path, xml('t:Value', {}, 'ラブレス'));
    const after = edited(box, { field: '32813', path, content });
    expect(shown(after)).toEqual(
      expect.arrayContaining(['X-PHONETIC-FIRST-NAME;LANGUAGE=ja:アダ', 'X-PHONETIC-LAST-NAME:ラブレス']),
    );
  });
  test('an anniversary in words stays one under the names of other programs', () => {
    const box = put(card('VERSION:4.0', 'X-KADDRESSBOOK-X-ANNIVERSARY;VALUE=text:about 1800'), 'contacts');
    const first = get(box, '4.0');
    expect(get(putOver(first, box).box, '4.0')).toBe(first);
  });
  test('of several spouses none is lost when a client tells them in another order', () => {
    const box = put(card('X-SPOUSE:Ada', 'X-SPOUSE:Bea', 'X-SPOUSE:Cle'), 'contacts');
    const text = get(box)
      .replace(/X-SPOUSE:Ada\r\n/, '')
      .replace('END:VCARD', 'X-SPOUSE:Ada\r\nEND:VCARD');
    const after = shown(putOver(text, box).box);
    expect(after).toEqual(expect.arrayContaining(['X-SPOUSE:Ada', 'X-SPOUSE:Bea', 'X-SPOUSE:Cle']));
  });
  test('an account that a client tells twice is told twice, also beside one that Outlook changed', () => {
    const twice = ['IMPP;TYPE=HOME:aim:ada', 'IMPP;X-P=1:aim:ada'];
    const after = edited(put(card(...twice, 'X-GROUPWISE:ada'), 'contacts'), {
      field: 'contacts:ImAddress',
      index: 'ImAddress2',
      content: xml('t:ImAddresses', {}, xml('t:Entry', { Key: 'ImAddress2' }, 'groupwise:bea')),
    });
    expect(shown(after)).toEqual(expect.arrayContaining([...twice, 'X-GROUPWISE:bea']));
    expect(writtenAgain(after)).toEqual([]);
  });
  test('of more accounts than there are slots none is lost when a client tells them in another order', () => {
    const lines = ['IMPP:aim:ada', 'X-GROUPWISE:ada', 'X-QQ:ada', 'X-ICQ:ada'];
    const box = put(card(...lines), 'contacts');
    const text = get(box)
      .replace(/IMPP:aim:ada\r\n/, '')
      .replace('END:VCARD', 'IMPP:aim:ada\r\nEND:VCARD');
    const { box: after, sent } = putOver(text, box);
    expect([...fieldsIn(sent)]).toEqual([]);
    expect(shown(after)).toEqual(expect.arrayContaining(lines));
  });
  test('what a 4.0 card cannot say stays when a client sends back what it was shown', () => {
    const box = put(card('TEL;TYPE=MSG,PREF:+49 30 1', 'TEL:+43 1 2'), 'contacts');
    const before = shown(box);
    expect(before).toContain('TEL;TYPE=MSG,PREF:+49 30 1');
    expect(get(box, '4.0')).not.toContain('MSG');
    const { box: after, sent } = putOver(get(box, '4.0'), box);
    expect([...fieldsIn(sent)]).toEqual([]);
    expect(shown(after)).toEqual(before);
  });
  test('REV of 3.0 says no VALUE', () => {
    const box = put(card(), 'contacts');
    const { item } = box.stored;
    const rev = (version: '3.0' | '4.0'): string | undefined =>
      shown({ ...box, stored: { ...box.stored, item: { ...item, modified: 0 } } }, version).find((each) =>
        each.startsWith('REV'),
      );
    expect(rev('3.0')).toBe('REV:1970-01-01T00:00:00Z');
    expect(rev('4.0')).toBe('REV:19700101T000000Z');
  });
});

test('a text that is folded between the two characters of an escaped backslash is read as it was written', () => {
  for (let length = 40; length < 90; length += 1) {
    const value = ['', '', `${'x'.repeat(length)}\\`, 'City', '', '', ''];
    const component: JcalComponent = ['vcard', [['adr', {}, 'text', value]], []];
    expect(parseRendered(stringify(component))).toEqual(component);
  }
});

describe('events', () => {
  const series = (...lines: string[]): Box => put(event(...lines), 'events');

  test('an instance that Outlook deletes from a series without time zone stays deleted', () => {
    const box = series('DTSTART:20260907T090000', 'DTEND:20260907T093000', 'RRULE:FREQ=DAILY;COUNT=5');
    const after = changed(
      box,
      applyOccurrences(box.state, [
        {
          recurrenceId: { kind: 'zoned', local: '2026-09-08T09:00:00', zone: 'Europe/Berlin' },
          kind: 'cancel',
        },
      ]),
    );
    const { box: again, sent } = putOver(get(after), after);
    expect([sent.changes, sent.resetsOccurrences]).toEqual([[], false]);
    expect(get(again)).toBe(get(after));
  });
  test('a series that no rule of ours could hold can be edited, because Exchange holds it', () => {
    const box = series('DTSTART:20260907T090000Z', 'DTEND:20260907T093000Z', 'RRULE:FREQ=WEEKLY;BYDAY=MO');
    // Tuesdays and Fridays, from a Monday on.
    const pattern = xml(
      't:Recurrence',
      {},
      xml('t:WeeklyRecurrence', {}, xml('t:Interval', {}, '1'), xml('t:DaysOfWeek', {}, 'Tuesday Friday')),
      xml('t:NoEndRecurrence', {}, xml('t:StartDate', {}, '2026-09-07')),
    );
    const odd = edited(box, { field: 'calendar:Recurrence', content: pattern });
    const text = get(odd).replace('END:VEVENT', 'SUMMARY:new\r\nEND:VEVENT');
    expect([...fieldsIn(putOver(text, odd).sent)]).toEqual(['item:Subject']);
  });
  test('answers to an own meeting are not kept a second time when a client sends back what it was shown', () => {
    const people = ['ORGANIZER:mailto:alice@example.test', 'ATTENDEE:mailto:bob@example.test'];
    const box = series('DTSTART:20260907T090000Z', 'DTEND:20260907T093000Z');
    const { item } = put(
      event('DTSTART:20260907T090000Z', 'DTEND:20260907T093000Z', ...people),
      'events',
    ).stored;
    if (item.kind !== 'event') throw new Error('an event');
    const attendees = item.attendees.map((each) => ({ ...each, partStat: 'accepted' as const }));
    const stored = { ...box.stored, tags: { uid: 'uid-1' }, item: { ...item, attendees } };
    const { sent } = putOver(get({ ...box, stored }), { ...box, stored });
    expect(sent.changes.map(({ xml }) => xml).join()).not.toMatch(/attendee/i);
  });
  const times = ['DTSTART:20260907T090000Z', 'DTEND:20260907T093000Z'];
  const guests = ['ORGANIZER:mailto:alice@example.test', 'ATTENDEE:mailto:bob@elsewhere.example'];
  const second = { kind: 'zoned', local: '2026-09-08T09:00:00', zone: 'UTC' } as const;

  /** What another program does to the second instance. */
  function editedThere(box: Box, ...changes: readonly Change[]): Box {
    const write = { recurrenceId: second, kind: 'change', changes: updatesOf('events', changes) } as const;
    return changed(box, applyOccurrences(box.state, [write]));
  }

  const invited = (address: string): Change => ({
    field: 'calendar:OptionalAttendees',
    content: xml(
      't:OptionalAttendees',
      {},
      xml('t:Attendee', {}, xml('t:Mailbox', {}, xml('t:EmailAddress', {}, address))),
    ),
  });

  describe('the hour that is repeated when the clock goes back', () => {
    test('a DURATION leads into it', () => {
      const box = series('DTSTART;TZID=Europe/Kyiv:20081026T033030', 'DURATION:PT30M');
      expect(box.stored.item).toMatchObject({ end: { local: '2008-10-26T01:00:30', zone: 'UTC' } });
    });
    test('a start in it that Outlook has set is not told an hour early', () => {
      const box = edited(
        series('DTSTART;TZID=Europe/Berlin:20261024T090000', 'DTEND;TZID=Europe/Berlin:20261024T100000'),
        { field: 'calendar:Start', content: xml('t:Start', {}, '2026-10-25T01:30:00Z') },
        { field: 'calendar:End', content: xml('t:End', {}, '2026-10-25T02:30:00Z') },
      );
      expect(shown(box)).toContain('DTSTART:20261025T013000Z');
      expect(shown(box)).toContain('DTEND;TZID=Europe/Berlin:20261025T033000');
      expect(writtenAgain(box)).toEqual([]);
    });
    test('an instance is moved to where it ends in it', () => {
      const text = calendar(
        'BEGIN:VEVENT',
        'UID:u',
        'DTSTART;TZID=Europe/Berlin:20261024T090000',
        'DTEND;TZID=Europe/Berlin:20261024T093000',
        'RRULE:FREQ=DAILY;COUNT=5',
        'END:VEVENT',
        'BEGIN:VEVENT',
        'UID:u',
        'RECURRENCE-ID;TZID=Europe/Berlin:20261025T090000',
        'DTSTART;TZID=Europe/Berlin:20261025T023000',
        'DTEND:20261025T011500Z',
        'END:VEVENT',
      );
      const box = put(text, 'events');
      expect(shown(box)).toContain('DTEND:20261025T011500Z');
      expect(writtenAgain(box)).toEqual([]);
    });
  });

  test('BYSETPOS of a yearly rule counts through all of its months', () => {
    const rule = (text: string) => {
      const { item } = series('DTSTART:20270308T090000Z', `RRULE:FREQ=YEARLY;BYMONTH=10,3;${text}`).stored;
      return item.kind === 'event' ? item.recurrence : undefined;
    };
    expect(rule('BYDAY=MO;BYSETPOS=2')).toMatchObject({ freq: 'YEARLY', byMonth: [3] });
    expect(() => rule('BYDAY=2MO;BYSETPOS=1')).toThrow('BYMONTH');
  });
  test.each([
    ['20201228', 'FREQ=YEARLY;BYMONTHDAY=28,-1;BYDAY=-1MO', '2020-12-28 2026-12-28 2029-12-31 2035-12-31'],
    ['20120102', 'FREQ=YEARLY;BYMONTHDAY=1;BYDAY=1SU;BYSETPOS=1;COUNT=3', '2012-01-02 2017-01-01 2023-01-01'],
    [
      '20231231',
      'FREQ=YEARLY;BYDAY=TH,FR,SA,WE,SU;BYSETPOS=-1;BYYEARDAY=100,101',
      '2023-12-31 2024-04-10 2025-04-11 2026-04-11 2027-04-11 2028-04-09',
    ],
    [
      '20200210',
      'FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=8,9,10,11;BYDAY=2MO,2TU;BYSETPOS=-1;COUNT=4',
      '2020-02-10 2020-02-11 2020-06-09 2020-08-11',
    ],
    [
      '20110301',
      'FREQ=YEARLY;BYMONTHDAY=9,1;BYYEARDAY=100,60',
      '2011-03-01 2012-04-09 2013-03-01 2014-03-01',
    ],
    [
      '20150512',
      'FREQ=YEARLY;BYWEEKNO=20;BYMONTHDAY=12,15',
      '2015-05-12 2015-05-15 2017-05-15 2018-05-15 2019-05-15 2020-05-12',
    ],
    [
      '20150515',
      'FREQ=YEARLY;BYWEEKNO=20,21;BYMONTH=5;BYMONTHDAY=15,20;BYSETPOS=-1',
      '2015-05-15 2015-05-20 2016-05-20 2017-05-20',
    ],
    [
      '20160410',
      'FREQ=YEARLY;BYWEEKNO=14;BYYEARDAY=100,101;BYDAY=SU,MO',
      '2016-04-10 2021-04-11 2022-04-10 2027-04-11 2028-04-09',
    ],
  ])('a rule that limits weekdays to days: from %s %s', (start, rule, wanted) => {
    const text = event(`DTSTART:${start}T065900Z`, 'SUMMARY:a', `RRULE:${rule}`);
    const range = { from: Date.UTC(2010, 0, 1), to: Date.UTC(2036, 0, 1) };
    const clock = { zones: () => undefined, floatingZone: 'UTC' };
    const found = instancesOf(parseRendered(text)[2], range, clock);
    const days = found.map(({ from }) => new Date(from).toISOString().slice(0, 10)).join(' ');
    expect(days.slice(0, wanted.length)).toBe(wanted);
  });

  test.each(['MONTHLY;BYMONTHDAY=31;BYDAY=1MO', 'DAILY;BYMONTHDAY=31;BYDAY=1MO'])(
    'a rule that never matches is not looked for through thousands of years: %s',
    (rule) => {
      const text = event('DTSTART:20260101T090000Z', 'SUMMARY:a', `RRULE:FREQ=${rule};COUNT=999`);
      const range = { from: Date.UTC(2026, 0, 1), to: Date.UTC(9998, 0, 1) };
      const clock = { zones: () => undefined, floatingZone: 'UTC' };
      expect(() => instancesOf(parseRendered(text)[2], range, clock)).toThrow(
        expect.objectContaining({ problem: 'too-large' }),
      );
    },
  );

  describe('an RDATE on a day that the rule has', () => {
    const weekly = 'RRULE:FREQ=WEEKLY;COUNT=5;BYDAY=MO';

    test('adds nothing: guests are invited to one series', () => {
      const box = series(...times, weekly, 'RDATE:20260914T090000Z', ...guests);
      expect(shown(box)).toEqual(expect.arrayContaining(['RDATE:20260914T090000Z', guests[1]]));
      expect(writtenAgain(box)).toEqual([]);
    });
    test('is a date of its own where it lasts otherwise', () => {
      const until = (end: string): string => `RDATE;VALUE=PERIOD:20260914T090000Z/${end}`;
      const longer = until('20260914T110000Z');
      expect(() => series(...times, weekly, longer, ...guests)).toThrow('an invitation of its own');
      const same = until('20260914T093000Z');
      expect(shown(series(...times, weekly, same, ...guests))).toContain(same);
    });
  });

  test('the words for a file of one occurrence stay when its series has to start anew', () => {
    const file = 'ATTACH;X-LABEL=b.txt;ENCODING=BASE64;VALUE=BINARY:VGV4dA==';
    const id = 'RECURRENCE-ID:20260908T090000Z';
    const own = [id, 'DTSTART:20260908T090000Z', 'DTEND:20260908T093000Z', 'SUMMARY:own', file];
    const rules = ['RRULE:FREQ=DAILY;COUNT=5', 'EXDATE:20260909T090000Z'];
    const box = series(...times, ...rules, 'END:VEVENT', 'BEGIN:VEVENT', 'UID:uid-1', ...own);
    const { box: after, sent } = putOver(get(box).replace(/EXDATE.*\r\n/, ''), box);
    expect(sent.resetsOccurrences).toBe(true);
    expect(shown(after).join('\n')).toMatch(/^ATTACH;X-LABEL=b\.txt;MANAGED-ID=/m);
  });

  test('the alarm that is the reminder still is left as it is, wherever a client puts it', () => {
    const alarm = (...lines: string[]): string[] => [
      'BEGIN:VALARM',
      'ACTION:DISPLAY',
      ...lines,
      'END:VALARM',
    ];
    const own = alarm('TRIGGER:PT0S', 'ACKNOWLEDGED:20260101T000000Z');
    const box = series(...times, ...own);
    const text = get(box).replace(/(?=BEGIN:VALARM)/, `${alarm('TRIGGER:-PT5M').join('\r\n')}\r\n`);
    const { box: after, sent } = putOver(text, box);
    expect([...fieldsIn(sent)]).toEqual([]);
    expect(shown(after)).toContain('ACKNOWLEDGED:20260101T000000Z');
  });
  test('a series that begins at a time that the clock skips is refused: Exchange would shift all of it', () => {
    const start = 'DTSTART;TZID=Europe/Kyiv:20210328T031500';
    expect(() => series(start, 'RRULE:FREQ=YEARLY')).toThrow('the hour that the clock skips');
    expect(shown(series(start))).toContain(start);
  });

  describe('what a client has called off', () => {
    const off = series(...times, 'RRULE:FREQ=DAILY;COUNT=5', 'STATUS:CANCELLED', ...guests);

    test('invites nobody by an instance in which another program changed something', () => {
      const after = editedThere(off, {
        field: 'item:Body',
        content: xml('t:Body', { BodyType: 'Text' }, 'Room closed'),
      });
      expect(shown(after)).toContain('DESCRIPTION:Room closed');
      expect(writtenAgain(after)).toEqual([]);
    });
    test('takes place again when another program invites somebody to it', () => {
      const after = edited(off, invited('carol@example.test'));
      expect(shown(after).join()).not.toContain('CANCELLED');
      expect(writtenAgain(after)).toEqual([]);
    });
    test('stays somebody else’s meeting when the time is shown as busy again', () => {
      const foreign = series(...times, 'STATUS:CANCELLED', 'ORGANIZER:mailto:bob@elsewhere.example');
      const after = edited(foreign, {
        field: 'calendar:LegacyFreeBusyStatus',
        content: xml('t:LegacyFreeBusyStatus', {}, 'Tentative'),
      });
      expect(shown(after)).toContain('ORGANIZER:mailto:bob@elsewhere.example');
    });
  });
  test('who was taken off one instance is not invited to it again by what was shown', () => {
    const after = editedThere(
      edited(series(...times, 'RRULE:FREQ=DAILY;COUNT=5'), invited('carol@example.test')),
      { field: 'calendar:OptionalAttendees' },
      { field: 'item:Subject', content: xml('t:Subject', {}, 'Alone') },
    );
    expect(shown(after)).toContain('SUMMARY:Alone');
    expect(writtenAgain(after)).toEqual([]);
  });
});
