// Stored attachments of members, on a mailbox in memory: what they cost, whose they are, and how large they may be.
import { describe, expect, it } from 'vitest';
import type { Attachments, Collection } from '../../src/model/collection.ts';
import { isNewPart } from '../../src/model/item.ts';
import { event, eventText } from '../memory-backend/items.ts';
import { type Fixture, openFixture, readOne, refusalOf } from './fixture.ts';

const address = 'https://dav.test/calendars/alice@example.test/calendar/';

function inline(name: string, text: string): string {
  return `ATTACH;FILENAME=${name};ENCODING=BASE64;VALUE=BINARY:${Buffer.from(text).toString('base64')}`;
}

function put(collection: Collection, href: string, ...lines: readonly string[]) {
  const text = eventText(href, { lines });
  return collection.put({ href, text, condition: {}, mail: 'silent' });
}

function attachmentsOf(collection: Collection): Attachments {
  if (!collection.attachments) throw new Error('no attachments here');
  return collection.attachments;
}

function idsIn(text: string): string[] {
  return [...text.replaceAll('\r\n ', '').matchAll(/MANAGED-ID=([\w-]+)/g)].map(([, id = '']) => id);
}

function namesIn(text: string): string[] {
  return [...text.replaceAll('\r\n ', '').matchAll(/FILENAME=([^;:]+)/g)].map(([, name = '']) => name);
}

const after = async (fixture: Fixture, href: string): Promise<string> => {
  fixture.pass();
  return (await readOne(fixture.calendar.servedAt?.(address) ?? fixture.calendar, href)).text;
};

describe('the text of a member', () => {
  it('is one in the cache, whatever address it is read at', async () => {
    const fixture = await openFixture();
    await put(fixture.calendar, 'a b.ics', inline('a.txt', 'a'));
    const texts = new Set<string>();
    const calls = await fixture.callsOf(async () => {
      for (const at of [address, 'http://other.test/x/'])
        texts.add((await readOne(fixture.calendar.servedAt?.(at) ?? fixture.calendar, 'a b.ics')).text);
      texts.add((await readOne(fixture.calendar, 'a b.ics')).text);
    });
    expect(calls['fetch']).toBe(1);
    const unfolded = [...texts].map((text) => text.replaceAll('\r\n ', ''));
    expect(
      unfolded.map((text) => /:(\S*)\/[\w-]{22}\/a\.txt$|(exdav-attachment:)/m.exec(text)?.slice(1).join('')),
    ).toEqual([
      `${address}a%20b.ics/attachments`,
      'http://other.test/x/a%20b.ics/attachments',
      'exdav-attachment:',
    ]);
  });

  it('gives an etag for a put of what a read gives, links and all', async () => {
    const fixture = await openFixture();
    const served = fixture.calendar.servedAt?.(address) ?? fixture.calendar;
    await put(served, 'a.ics', inline('a.txt', 'a'));
    // Stamps are the server's: without them nothing else differs.
    const text = (await after(fixture, 'a.ics')).replaceAll(/^(?:CREATED|LAST-MODIFIED).*\r\n/gm, '');
    const result = await served.put({ href: 'a.ics', text, condition: {}, mail: 'silent' });
    expect(result.etag === undefined || result.etag === (await readOne(served, 'a.ics')).etag).toBe(true);
  });
});

describe('a file that comes again', () => {
  it('is compared with what is stored once, and then known', async () => {
    const fixture = await openFixture();
    const lines = [inline('a.txt', 'a'), inline('b.txt', 'b')];
    await put(fixture.calendar, 'a.ics', ...lines);
    const ids = idsIn(await after(fixture, 'a.ics'));
    expect((await fixture.callsOf(() => put(fixture.calendar, 'a.ics', ...lines)))['open']).toBe(1);
    expect((await fixture.callsOf(() => put(fixture.calendar, 'a.ics', ...lines)))['open']).toBeUndefined();
    expect(idsIn(await after(fixture, 'a.ics'))).toEqual(ids);
    // The same name with other bytes is another file, and one of another name is not even compared.
    const calls = await fixture.callsOf(() =>
      put(fixture.calendar, 'a.ics', inline('a.txt', 'new'), inline('c.txt', 'b')),
    );
    expect(calls['open']).toBeUndefined();
    expect(idsIn(await after(fixture, 'a.ics')).some((id) => ids.includes(id))).toBe(false);
  });
});

describe("in somebody else's meeting", () => {
  async function meeting(): Promise<Fixture & { id: string }> {
    const fixture = await openFixture();
    const id = fixture.outside.create(
      'calendar',
      event({
        uid: 'meeting',
        isOrganizer: false,
        organizer: { address: 'bob@example.test' },
        ownPartStat: 'needs-action',
        attendees: [{ address: 'alice@example.test', role: 'required', partStat: 'needs-action' }],
      }),
    );
    fixture.outside.edit(id, (item) =>
      item.kind === 'event'
        ? { ...item, attachments: [{ id: 'theirs', name: 'agenda.txt', uri: 'https://x.test/' }] }
        : item,
    );
    fixture.pass();
    return { ...fixture, id };
  }

  it('a client adds its own files and takes none of the organizer’s away', async () => {
    const fixture = await meeting();
    const lines = [
      'ORGANIZER:mailto:bob@example.test',
      'ATTENDEE:mailto:alice@example.test',
      inline('mine.txt', 'm'),
    ];
    const text = eventText('meeting', { lines });
    await fixture.calendar.put({ href: 'meeting.ics', text, condition: {}, mail: 'silent' });
    expect(namesIn(await after(fixture, 'meeting.ics'))).toEqual(['agenda.txt', 'mine.txt']);
  });
});

describe('limits', () => {
  it('are the smaller of what the mailbox and the settings allow', async () => {
    const own = await openFixture({ home: { maxAttachmentBytes: 10 } });
    expect(attachmentsOf(own.calendar).maxBytes).toBe(10);
    expect(attachmentsOf((await openFixture()).calendar).maxBytes).toBe(10_000_000);
    expect(own.contacts.attachments).toBeUndefined();
    expect(await refusalOf(put(own.calendar, 'a.ics', inline('a.txt', '01234567890')))).toBe(
      '403 max-attachment-size',
    );
    await put(own.calendar, 'a.ics', inline('a.txt', '0123456789'));
    const file = {
      name: 'b',
      contentType: 'text/plain',
      base64: Buffer.from('01234567890').toString('base64'),
    };
    const request = { href: 'a.ics', change: { kind: 'add', file }, condition: {}, mail: 'silent' } as const;
    expect(await refusalOf(attachmentsOf(own.calendar).change(request))).toBe('403 max-attachment-size');
  });
});

describe('one file more or less', () => {
  it('is named safely, whatever a header says', async () => {
    const fixture = await openFixture();
    await put(fixture.calendar, 'a.ics');
    for (const name of ['../../x/passwd', '', 'a\r\nb:c'])
      await attachmentsOf(fixture.calendar).change({
        href: 'a.ics',
        change: { kind: 'add', file: { name, contentType: 'text/plain', base64: 'AAAA' } },
        condition: {},
        mail: 'silent',
      });
    const [stored] = fixture.outside.items('calendar');
    if (stored?.item.kind !== 'event') throw new Error('no event is stored');
    const { attachments } = stored.item;
    expect(attachments.map(({ name }) => name)).toEqual(['passwd', 'attachment.txt', 'abc']);
    expect(attachments.some(isNewPart)).toBe(false);
  });

  it('is read by the name its member shows, while it is there', async () => {
    const fixture = await openFixture();
    await put(fixture.calendar, 'a.ics', inline('a.txt', 'words'));
    const [id = ''] = idsIn(await after(fixture, 'a.ics'));
    const { find } = attachmentsOf(fixture.calendar);
    const found = await find('a.ics', id);
    expect(found).toMatchObject({ name: 'a.txt', contentType: 'application/octet-stream', size: 5 });
    expect(Buffer.from((await found?.read()) ?? []).toString()).toBe('words');
    expect(await find('b.ics', id)).toBeUndefined();
    expect(await find('a.ics', 'other')).toBeUndefined();
    await put(fixture.calendar, 'a.ics');
    expect(await find('a.ics', id)).toBeUndefined();
    await expect(found?.read()).rejects.toThrow(/not-found/);
  });
});
