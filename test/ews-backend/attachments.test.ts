// Attachments against the simulated Exchange: what calls they cost, what other programs have attached, and messages.
import { describe, expect, it } from 'vitest';
import type { Stored } from '../../src/model/backend.ts';
import { valueOf } from '../../src/model/failure.ts';
import { isNewPart, type EventItem, type Part } from '../../src/model/item.ts';
import { createAttachments } from '../../src/ews-backend/operations/create-attachment.ts';
import type { Soap } from '../../src/ews-backend/soap.ts';
import { parseXml, xml } from '../../src/xml/index.ts';
import { file } from '../contracts/attachments.ts';
import { openOutlook } from '../gateway/outlook.ts';
import { at, daily, draft, event, failureOf, override, signedIn, task } from './signed-in.ts';

const under = signedIn();
const { calls, folderOf, stored } = under;
const silent = 'silent';
const messages = 'http://schemas.microsoft.com/exchange/services/2006/messages';

async function made(item: EventItem): Promise<Stored> {
  const folder = await folderOf('events');
  const before = await stored((await under.mailbox.create(folder.id, draft(item), silent)).id);
  calls();
  return before;
}

function update(before: Stored, item: EventItem, mail: 'send' | 'silent' = silent) {
  return under.mailbox.update({ before, after: { item, tags: {} }, mail, conflict: 'guarded' });
}

function eventIn({ item }: Stored): EventItem {
  if (item.kind !== 'event') throw new Error('no event');
  return item;
}

async function textsOf(before: Stored): Promise<Record<string, string>> {
  const parts = eventIn(before).attachments.filter((part): part is Part => !isNewPart(part));
  const texts: Record<string, string> = {};
  for await (const [id, outcome] of under.mailbox.open(parts))
    texts[parts.find((part) => part.id === id)?.name ?? ''] = Buffer.from(valueOf(outcome)).toString();
  return texts;
}

const files = (count: number) => Array.from({ length: count }, (_, at) => file(`${at}.txt`, `text ${at}`));

describe('calls', () => {
  it('are one for all new files of an item, and none to know its version', async () => {
    const folder = await folderOf('events');
    const item = draft(event({ attachments: files(30) }));
    const written = await under.mailbox.create(folder.id, item, silent);
    expect(calls()).toEqual({ CreateItem: 1, CreateAttachment: 1 });
    expect((await stored(written.id)).version).toBe(written.version);
    expect(calls()).toEqual({ GetItem: 1 });
    const tasks = await folderOf('tasks');
    await under.mailbox.create(tasks.id, draft({ ...task, attachments: files(2) }), silent);
    expect(calls()).toEqual({ CreateItem: 1, CreateAttachment: 1 });
  });

  it('are one for all that come and one for all that go', async () => {
    const before = await made(event({ attachments: files(5) }));
    const item = eventIn(before);
    const kept = item.attachments.slice(0, 1);
    const written = await update(before, {
      ...item,
      summary: 'new',
      attachments: [...kept, file('a.txt', 'a'), file('b.txt', 'b')],
    });
    expect(calls()).toEqual({ UpdateItem: 1, CreateAttachment: 1, DeleteAttachment: 1 });
    const after = await stored(written.id);
    expect(after.version).toBe(written.version);
    expect(await textsOf(after)).toEqual({ '0.txt': 'text 0', 'a.txt': 'a', 'b.txt': 'b' });
  });

  it('are none for files that stay, also those of occurrences', async () => {
    const before = await made(
      event({
        recurrence: daily,
        attachments: files(2),
        overrides: [override('2026-03-04', { attachments: files(3) })],
      }),
    );
    expect(eventIn(before).overrides[0]?.attachments).toHaveLength(3);
    await update(before, { ...eventIn(before), summary: 'new' });
    expect(Object.keys(calls()).filter((name) => name.endsWith('Attachment'))).toEqual([]);
  });

  it('do not grow with the number of the occurrence', async () => {
    const endless = { freq: 'DAILY', interval: 1, end: { kind: 'never' } } as const;
    const costs: Record<string, number>[] = [];
    for (const date of ['2026-03-04', '2027-07-15']) {
      const before = await made(event({ recurrence: endless }));
      const own = override(date, {
        start: at(`${date}T09:00:00`),
        end: at(`${date}T10:00:00`),
        attachments: [file('agenda.txt', 'x')],
      });
      await update(before, { ...eventIn(before), overrides: [own] });
      costs.push({ ...calls() });
    }
    expect(costs[0]).toEqual(costs[1]);
    expect(costs[0]?.['CreateAttachment']).toBe(1);
  });

  it('are bounded: many occurrences with files of their own are refused before anything is written', async () => {
    const before = await made(event({ recurrence: daily }));
    const overrides = Array.from({ length: 11 }, (_, at) =>
      override(`2026-03-${String(at + 3).padStart(2, '0')}`, { attachments: files(1) }),
    );
    const failure = await failureOf(update(before, { ...eventIn(before), overrides }));
    expect(failure).toMatchObject({ kind: 'inexpressible', message: expect.stringMatching(/^ATTACH: /) });
    expect(calls()).toEqual({});
  });

  it('are divided where one request would be too large', async () => {
    const sizes: number[] = [];
    const answered = (count: number) =>
      `<r xmlns="${messages}"><ResponseMessages>${'<m ResponseClass="Success"><Attachments><FileAttachment><AttachmentId Id="i" RootItemChangeKey="k"/></FileAttachment></Attachments></m>'.repeat(count)}</ResponseMessages></r>`;
    const soap: Pick<Soap, 'call'> = {
      async call(_, body) {
        sizes.push(body.xml.length);
        return parseXml(answered(body.xml.split('<t:FileAttachment>').length - 1));
      },
    };
    const base64 = 'A'.repeat(20 * 1024 * 1024);
    const parts = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name, contentType: 'text/plain', base64 }));
    expect(await createAttachments(soap as Soap, 'item', parts)).toEqual({
      ids: ['i', 'i', 'i', 'i', 'i'],
      changeKey: 'k',
    });
    expect(sizes.map((size) => Math.round(size / base64.length))).toEqual([2, 2, 1]);
  });
});

describe('a write that breaks', () => {
  it('leaves no item behind when a file is refused', async () => {
    const folder = await folderOf('events');
    const before = (await under.listed(folder)).length;
    under.simulator.faults.on('refused', { operation: 'CreateAttachment', count: 1 });
    const item = event({ attachments: files(1) });
    expect((await failureOf(under.mailbox.create(folder.id, draft(item), silent))).kind).toBe('invalid');
    expect(await under.listed(folder)).toHaveLength(before);
  });

  it('ends in the same state when it is made again, with no file twice', async () => {
    const before = await made(event({ attachments: files(2) }));
    const wanted = {
      ...eventIn(before),
      attachments: [...eventIn(before).attachments.slice(0, 1), file('n.txt', 'n')],
    };
    under.simulator.faults.on('dropped-after', { operation: 'CreateAttachment', count: 1 });
    expect((await failureOf(update(before, wanted))).kind).toBe('unavailable');
    under.simulator.faults.clear();
    const halfway = await stored(before.id);
    expect(Object.keys(await textsOf(halfway)).sort()).toEqual(['0.txt', '1.txt', 'n.txt']);
    const after = await stored((await update(halfway, wanted)).id);
    expect(eventIn(after).attachments.map(({ name }) => name)).toEqual(['0.txt', 'n.txt']);
  });
});

describe('what other programs have attached', () => {
  const outlook = () =>
    openOutlook(under.simulator.url, { address: 'alice@example.test', password: 'alice' });

  async function holding(
    ...attachments: Parameters<ReturnType<typeof outlook>['attach']>[1][]
  ): Promise<Stored> {
    const before = await made(event());
    await outlook().attach({ id: before.id.slice(1), changeKey: '', subject: '' }, ...attachments);
    calls();
    return stored(before.id);
  }

  it('is read with the item, in the same call', async () => {
    await holding(xml('t:FileAttachment', {}, xml('t:Name', {}, 'a.txt'), xml('t:Content', {}, 'AAAA')));
    expect(calls()).toEqual({ GetItem: 1 });
  });

  it('is a message when it is an item, whatever kind', async () => {
    const item = (name: string, inner: ReturnType<typeof xml>) =>
      xml('t:ItemAttachment', {}, xml('t:Name', {}, name), inner);
    const subject = xml('t:Subject', {}, 'Inner words');
    const before = await holding(
      item('A mail', xml('t:Message', {}, subject)),
      item(
        'A date',
        xml(
          't:CalendarItem',
          {},
          subject,
          xml('t:Start', {}, '2026-03-02T09:00:00Z'),
          xml('t:End', {}, '2026-03-02T10:00:00Z'),
        ),
      ),
      item('Somebody', xml('t:Contact', {}, subject, xml('t:Surname', {}, 'Bee'))),
    );
    expect(eventIn(before).attachments).toMatchObject([
      { name: 'A mail.eml', contentType: 'message/rfc822' },
      { name: 'A date.eml', contentType: 'message/rfc822' },
      { name: 'Somebody.eml', contentType: 'message/rfc822' },
    ]);
    const texts = await textsOf(before);
    expect(texts['A mail.eml']).toMatch(/^Subject: Inner words$/m);
    expect(texts['A date.eml']).toMatch(
      /^MIME-Version: 1\.0\r\nContent-Type: text\/calendar; charset=utf-8\r\n[^]*\r\n\r\nBEGIN:VCALENDAR[^]*Inner words/,
    );
    expect(texts['Somebody.eml']).toMatch(/Content-Type: text\/vcard[^]*\r\n\r\nBEGIN:VCARD/);
  });

  it('is a link when it lies elsewhere: kept or removed, without bytes', async () => {
    const uri = 'https://files.example.test/plan.docx?a=1&b=2';
    const before = await holding(
      xml('t:ReferenceAttachment', {}, xml('t:Name', {}, 'plan.docx'), xml('t:AttachLongPathName', {}, uri)),
    );
    const item = eventIn(before);
    expect(item.attachments).toMatchObject([{ name: 'plan.docx', uri }]);
    const after = await stored((await update(before, { ...item, summary: 'new' })).id);
    expect(eventIn(after).attachments).toEqual(item.attachments);
    expect(eventIn(await stored((await update(after, { ...item, attachments: [] })).id)).attachments).toEqual(
      [],
    );
  });

  it('is left alone when it is a picture inside the body', async () => {
    const inline = (contentId: string) =>
      xml(
        't:FileAttachment',
        {},
        xml('t:Name', {}, `${contentId || 'no id'}.png`),
        contentId === '' ? undefined : xml('t:ContentId', {}, contentId),
        xml('t:IsInline', {}, true),
        xml('t:Content', {}, 'AAAA'),
      );
    const before = await holding(inline('logo'), inline(''));
    expect(eventIn(before).attachments).toMatchObject([{ name: 'no id.png' }]);
    await update(before, { ...eventIn(before), attachments: [] });
    expect(calls()['DeleteAttachment']).toBe(1);
    const world = under.simulator.world.mailboxes.get('alice@example.test');
    const held = [...(world?.folders.values() ?? [])].flatMap(({ items }) => [...items.values()]);
    expect(held.flatMap(({ attachments = [] }) => attachments.map(({ name }) => name))).toContain('logo.png');
  });
});

describe('messages', () => {
  const attendees = [{ address: 'bob@example.test', role: 'required', partStat: 'needs-action' }] as const;

  it('carry the files of a meeting: sent once, after these were attached', async () => {
    const folder = await folderOf('events');
    const sent = under.simulator.sentMessages().length;
    const item = event({ attendees, attachments: [file('agenda.txt', 'first this')] });
    const quiet = await under.mailbox.create(folder.id, draft(item), silent);
    expect(under.simulator.sentMessages()).toHaveLength(sent);
    const written = await under.mailbox.create(folder.id, draft(item), 'send');
    expect(under.simulator.sentMessages()).toHaveLength(sent + 1);
    expect((await stored(written.id)).version).toBe(written.version);
    const bob = under.simulator.world.mailboxes.get('bob@example.test');
    const received = [...(bob?.folders.values() ?? [])]
      .flatMap(({ items }) => [...items.values()])
      .filter(({ attachments }) => attachments?.some(({ name }) => name === 'agenda.txt'));
    expect(received.map(({ kind }) => kind).sort()).toContain('request');
    await under.mailbox.remove(quiet.id, { kind: 'event', mail: silent });
  });

  it('leave once when a file is all that changes, and only when they may', async () => {
    const before = await made(event({ attendees }));
    const sent = under.simulator.sentMessages().length;
    const item = { ...eventIn(before), attachments: [file('agenda.txt', 'x')] };
    const quiet = await update(before, item);
    expect(under.simulator.sentMessages()).toHaveLength(sent);
    const present = await stored(quiet.id);
    const more = [...eventIn(present).attachments, file('b.txt', 'y')];
    calls();
    await update(present, { ...eventIn(present), attachments: more }, 'send');
    expect(under.simulator.sentMessages()).toHaveLength(sent + 1);
    // The first call marks what has not been told yet.
    expect(calls()).toEqual({ UpdateItem: 2, CreateAttachment: 1 });
  });
});
