// POST to the outbox: whole questions for busy times, and what is refused.
import { describe, expect, it } from 'vitest';
import { failed, success } from '../../../src/model/failure.ts';
import { childOf, childrenOf, clarkOf, textOf } from '../../../src/xml/index.ts';
import { C, D, home, setUp, type Setup } from '../harness.ts';

const outbox = `${home}outbox/`;
const type = { 'Content-Type': 'text/calendar; charset=utf-8; method=REQUEST' };

function question(...lines: readonly string[]): string {
  const has = (name: string): boolean => lines.some((line) => line.startsWith(name));
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Test//EN',
    ...(has('METHOD') ? lines.filter((line) => line.startsWith('METHOD')) : ['METHOD:REQUEST']),
    'BEGIN:VFREEBUSY',
    ...(has('UID') ? [] : ['UID:q-1']),
    'DTSTAMP:20260101T000000Z',
    ...(has('DTSTART') ? [] : ['DTSTART:20260302T000000Z', 'DTEND:20260303T000000Z']),
    ...(has('ORGANIZER') ? [] : ['ORGANIZER;CN=Alice:mailto:alice@example.test']),
    ...lines.filter((line) => !line.startsWith('METHOD')),
    'END:VFREEBUSY',
    'END:VCALENDAR',
    '',
  ].join('\r\n');
}

const bob = 'ATTENDEE;CN=Bob:mailto:bob@example.test';
const at = (hour: number): number => Date.UTC(2026, 2, 2, hour);

async function answersTo(setup: Setup, body: string, headers: Record<string, string> = {}) {
  const answer = await setup.ask('POST', outbox, { body, headers: { ...type, ...headers } });
  expect(answer.status, answer.text).toBe(200);
  expect(clarkOf(answer.xml)).toBe(`{${C}}schedule-response`);
  return childrenOf(answer.xml).map((response) => ({
    recipient: textOf(childOf(childOf(response, 'recipient', C), 'href', D)),
    status: textOf(childOf(response, 'request-status', C)),
    text: textOf(childOf(response, 'calendar-data', C)),
  }));
}

async function refusalOf(body: string | Uint8Array, headers: Record<string, string> = type) {
  const { status, conditions } = await setUp().ask('POST', outbox, { body, headers });
  return [status, ...conditions.map((each) => each.replace(/^\{.*\}/, ''))];
}

describe('a question for busy times', () => {
  it('is one question to the mailbox for all, and a reply for each', async () => {
    const setup = setUp();
    setup.home.busy.set('bob@example.test', success([{ range: { from: at(9), to: at(10) }, busy: 'busy' }]));
    setup.home.busy.set('room@example.test', success([]));
    const found = await answersTo(setup, question(bob, 'ATTENDEE;CUTYPE=ROOM:mailto:room@example.test'));
    expect(setup.home.busyQuestions).toEqual([
      { addresses: ['bob@example.test', 'room@example.test'], range: { from: at(0), to: at(24) } },
    ]);
    expect(found.map(({ recipient, status }) => [recipient, status])).toEqual([
      ['mailto:bob@example.test', '2.0;Success'],
      ['mailto:room@example.test', '2.0;Success'],
    ]);
    const lines = found[0]!.text.split('\r\n');
    for (const line of [
      'METHOD:REPLY',
      'BEGIN:VFREEBUSY',
      'UID:q-1',
      'DTSTART:20260302T000000Z',
      'DTEND:20260303T000000Z',
      'ORGANIZER;CN=Alice:mailto:alice@example.test',
      'ATTENDEE;CN=Bob:mailto:bob@example.test',
      'FREEBUSY;FBTYPE=BUSY:20260302T090000Z/20260302T100000Z',
    ])
      expect(lines).toContain(line);
    expect(found[1]!.text).not.toContain('FREEBUSY;');
  });

  it('tells of each recipient what is not known, and invents nothing', async () => {
    const setup = setUp();
    const kinds = {
      denied: '3.8;No authority',
      unavailable: '5.1;Could not complete delivery',
      unreadable: '5.3;No scheduling support for user',
    } as const;
    for (const kind of ['denied', 'unavailable', 'unreadable'] as const)
      setup.home.busy.set(`${kind}@example.test`, failed({ kind, message: 'told to' }));
    const people = Object.keys(kinds).map((kind) => `ATTENDEE:mailto:${kind}@example.test`);
    const found = await answersTo(
      setup,
      question(...people, 'ATTENDEE:mailto:nobody@example.test', 'ATTENDEE:urn:uuid:1'),
    );
    expect(found).toEqual([
      ...Object.entries(kinds).map(([kind, status]) => ({
        recipient: `mailto:${kind}@example.test`,
        status,
        text: '',
      })),
      { recipient: 'mailto:nobody@example.test', status: '3.7;Invalid calendar user', text: '' },
      { recipient: 'urn:uuid:1', status: '3.7;Invalid calendar user', text: '' },
    ]);
  });

  it('may be asked under every address of the owner, and by his principal', async () => {
    for (const organizer of [
      'mailto:A.Adams@example.test',
      '/principals/alice@example.test/',
      'MAILTO:alice@example.test',
    ])
      expect(await answersTo(setUp(), question(`ORGANIZER:${organizer}`, bob))).toHaveLength(1);
    expect(
      await answersTo(setUp(), question(bob), { Originator: 'mailto:a.adams@example.test' }),
    ).toHaveLength(1);
  });

  it('by somebody else is refused with valid-organizer', async () => {
    expect(await refusalOf(question('ORGANIZER:mailto:bob@example.test', bob))).toEqual([
      403,
      'valid-organizer',
    ]);
    const headers = { ...type, Originator: 'mailto:bob@example.test' };
    expect(await refusalOf(question(bob), headers)).toEqual([403, 'valid-organizer']);
  });

  it('that is none is refused with the preconditions of RFC 4791 and RFC 6638', async () => {
    const invalid = [403, 'valid-scheduling-message'];
    expect(await refusalOf('BEGIN:VCARD\r\nEND:VCARD\r\n')).toEqual([403, 'valid-calendar-data']);
    expect(await refusalOf(new Uint8Array([0xff, 0xfe, 0xff]))).toEqual([403, 'valid-calendar-data']);
    expect(await refusalOf(question(bob), { 'Content-Type': 'text/plain' })).toEqual([
      403,
      'supported-calendar-data',
    ]);
    expect(await refusalOf(question(bob, `COMMENT:${'x'.repeat(10_000)}`))).toEqual([
      403,
      'max-resource-size',
    ]);
    expect(await refusalOf(question())).toEqual(invalid);
    expect(await refusalOf(question('METHOD:PUBLISH', bob))).toEqual(invalid);
    expect(await refusalOf(question(bob, 'DTSTART:20260302T000000Z', 'DTEND:20260301T000000Z'))).toEqual(
      invalid,
    );
    expect(await refusalOf(question(bob, 'DTSTART:20260302T000000Z', 'DTEND:20280302T000000Z'))).toEqual(
      invalid,
    );
    expect(await refusalOf(question(bob).replace(/^UID.*\r\n/m, ''))).toEqual(invalid);
    expect(await refusalOf(question(bob).replaceAll('VFREEBUSY', 'VEVENT'))).toEqual(invalid);
  });

  it('has a place of its own: nothing is stored there, and POST is for no other', async () => {
    const { ask } = setUp();
    for (const [method, path, status] of [
      ['POST', `${home}calendar/`, 405],
      ['POST', '/principals/alice@example.test/', 405],
      ['PUT', `${outbox}a.ics`, 409],
      ['GET', `${outbox}a.ics`, 404],
      ['DELETE', outbox, 403],
      ['MKCALENDAR', outbox, 405],
      ['GET', outbox, 200],
    ] as const)
      expect([method, path, (await ask(method, path, { body: '' })).status]).toEqual([method, path, status]);
    expect((await ask('OPTIONS', outbox)).headers.get('Allow')).toContain('POST');
    expect((await ask('OPTIONS', home)).headers.get('DAV')?.split(', ')).toContain('calendar-schedule');
  });
});
