// Attachments through the whole gateway: ATTACH in a PUT, links that are read with a sign-in, POST actions of RFC 8607, and
// what each of it costs Exchange.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { folderOf, grant, levels } from '../../simulator/state/index.ts';
import { xml } from '../../src/xml/index.ts';
import { openOutlook } from './outlook.ts';
import {
  alice,
  type Answer,
  asCalendar,
  asCard,
  asXml,
  bob,
  calendarOf,
  cardsOf,
  cardText,
  conditionOf,
  eventText,
  multigetBody,
  openStage,
  responsesOf,
  type Stage,
} from './stage.ts';

const calendar = calendarOf(alice);
const tasks = calendarOf(alice, 'tasks');
let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ settings: { EXDAV_MAX_ATTACHMENT_MB: '1' } });
});
afterAll(() => stage.stop());
beforeEach(() => stage.advance());

const inline = (name: string, text: string, more = ''): string =>
  `ATTACH;FMTTYPE=text/plain;FILENAME=${name}${more};ENCODING=BASE64;VALUE=BINARY:${Buffer.from(text).toString('base64')}`;

function put(name: string, ...lines: readonly string[]): Promise<Answer> {
  return stage.ask('PUT', `${calendar}${name}.ics`, { body: eventText(name, ...lines), headers: asCalendar });
}

async function made(name: string, ...lines: readonly string[]): Promise<string> {
  const answer = await put(name, ...lines);
  expect(answer.status, answer.text).toBe(201);
  expect(answer.headers.etag).toBe(lines.length === 0 ? answer.headers.etag : undefined);
  return `${calendar}${name}.ics`;
}

function unfolded(text: string): string[] {
  return text.replaceAll(/\r\n[ \t]/g, '').split('\r\n');
}

interface Shown {
  readonly line: string;
  readonly id: string;
  readonly name: string;
  readonly uri: string;
}

function attachedIn(text: string): Shown[] {
  return unfolded(text)
    .filter((line) => line.startsWith('ATTACH') && line.includes('MANAGED-ID='))
    .map((line) => ({
      line,
      id: /MANAGED-ID=([^;:]+)/.exec(line)?.[1] ?? '',
      name: /FILENAME=([^;:]+)/.exec(line)?.[1] ?? '',
      uri: /:(https?:.*)$/.exec(line)?.[1] ?? '',
    }));
}

async function shown(href: string): Promise<Shown[]> {
  stage.advance();
  const answer = await stage.ask('GET', href);
  expect(answer.status, answer.text).toBe(200);
  return attachedIn(answer.text);
}

async function bytesOf(uri: string, user = alice): Promise<string> {
  const answer = await stage.ask('GET', new URL(uri).pathname, { user });
  expect(answer.status, answer.text).toBe(200);
  return answer.text;
}

/** Operations asked of Exchange by `work`. */
async function callsOf(work: () => Promise<unknown>): Promise<string[]> {
  stage.advance();
  stage.sent.length = 0;
  await work();
  return stage.sent.flatMap((text) => /<m:([A-Z]\w+)/.exec(text)?.[1] ?? []);
}

const post = (
  href: string,
  query: string,
  body = '',
  headers: Record<string, string> = {},
): Promise<Answer> => stage.ask('POST', `${href}?${query}`, { body, headers });

const asFile = (name: string, type = 'text/plain') => ({
  'content-type': type,
  'content-disposition': `attachment;filename=${name}`,
});

describe('bytes inside an object', () => {
  it('become a file of the item, shown as a link that gives them back', async () => {
    const href = await made(
      'inline',
      inline('notes.txt', 'Hello, world!', ';X-PIN=1'),
      'ATTACH:https://x.test/a',
    );
    const [file, ...others] = await shown(href);
    expect(others).toEqual([]);
    expect(file).toMatchObject({ name: 'notes.txt' });
    expect(file?.line).toMatch(
      /^ATTACH;X-PIN=1;MANAGED-ID=[\w-]{22};FMTTYPE=text\/plain;FILENAME=notes.txt;SIZE=\d+:/,
    );
    expect(file?.uri).toBe(`http://127.0.0.1:${stage.port()}${href}/attachments/${file?.id}/notes.txt`);
    const answer = await stage.ask('GET', new URL(file?.uri ?? '').pathname);
    expect(answer).toMatchObject({ status: 200, text: 'Hello, world!' });
    expect(answer.headers).toMatchObject({
      'content-type': 'text/plain',
      'content-length': '13',
      'content-disposition': `attachment; filename="notes.txt"; filename*=UTF-8''notes.txt`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'private, no-cache',
    });
    expect(unfolded((await stage.ask('GET', href)).text)).toContain('ATTACH:https://x.test/a');
  });

  it('cost one call more for a PUT, and none for reading', async () => {
    const lines = ['a', 'b', 'c'].map((name) => inline(`${name}.txt`, name));
    expect(await callsOf(() => put('costs', ...lines))).toEqual([
      'SyncFolderItems',
      'CreateItem',
      'CreateAttachment',
    ]);
    expect(await callsOf(() => stage.ask('GET', `${calendar}costs.ics`))).toEqual([
      'SyncFolderItems',
      'GetItem',
    ]);
    expect(await callsOf(() => stage.ask('GET', `${calendar}costs.ics`))).toEqual(['SyncFolderItems']);
    const [file] = await shown(`${calendar}costs.ics`);
    const path = new URL(file?.uri ?? '').pathname;
    expect(await callsOf(() => stage.ask('GET', path))).toEqual(['SyncFolderItems', 'GetAttachment']);
  });

  it('leave no trace in the log', async () => {
    await made('unlogged', inline('very-own-name.txt', 'very own words'));
    const [file] = await shown(`${calendar}unlogged.ics`);
    await bytesOf(file?.uri ?? '');
    for (const secret of [
      'very-own',
      'very own words',
      Buffer.from('very own words').toString('base64'),
      file?.id ?? '',
    ])
      expect(stage.log()).not.toContain(secret);
  });

  it('come and go with a task as with an event', async () => {
    const href = `${tasks}errand.ics`;
    const body = eventText('errand', inline('list.txt', 'milk'))
      .replaceAll('VEVENT', 'VTODO')
      .replaceAll(/DT(?:START|END):.*\r\n/g, '');
    expect((await stage.ask('PUT', href, { body, headers: asCalendar })).status).toBe(201);
    const [file] = await shown(href);
    expect(await bytesOf(file?.uri ?? '')).toBe('milk');
    const without = body.replace(/^ATTACH.*\r\n/m, '');
    expect((await stage.ask('PUT', href, { body: without, headers: asCalendar })).status).toBe(204);
    expect(await shown(href)).toEqual([]);
  });
});

describe('a change of an object that has files', () => {
  it('touches none of them when their lines come back, however the client spells them', async () => {
    const href = await made('edited', inline('a.txt', 'a'), inline('b.txt', 'b'));
    const text = (await stage.ask('GET', href)).text;
    const before = attachedIn(text);
    const body = text.replace('SUMMARY:About edited', 'SUMMARY:Renamed').replace(/MANAGED-ID=[\w-]+;/, '');
    const calls = await callsOf(async () => {
      expect((await stage.ask('PUT', href, { body, headers: asCalendar })).status).toBe(204);
    });
    expect(calls).toEqual(['SyncFolderItems', 'UpdateItem']);
    expect(await shown(href)).toEqual(before);
  });

  it('adds all new ones in one call, deletes all that are gone in another, and keeps the rest', async () => {
    const href = await made('moved', inline('a.txt', 'a'), inline('b.txt', 'b'), inline('c.txt', 'c'));
    const [first] = await shown(href);
    const lines = [first?.line ?? '', inline('d.txt', 'd'), inline('e.txt', 'e')];
    expect(await callsOf(() => put('moved', 'SUMMARY:new', ...lines))).toEqual([
      'SyncFolderItems',
      'UpdateItem',
      'CreateAttachment',
      'DeleteAttachment',
    ]);
    const after = await shown(href);
    expect(after[0]).toEqual(first);
    expect(after.map(({ name }) => name)).toEqual(['a.txt', 'd.txt', 'e.txt']);
    expect(await Promise.all(after.map(({ uri }) => bytesOf(uri)))).toEqual(['a', 'd', 'e']);
  });

  it('stores a file that comes again once, and knows it by its bytes', async () => {
    const lines = [inline('a.txt', 'same'), inline('b.txt', 'old')];
    const href = await made('again', ...lines);
    const before = await shown(href);
    expect(await callsOf(() => put('again', ...lines))).toEqual([
      'SyncFolderItems',
      'GetAttachment',
      'GetItem',
    ]);
    expect(await shown(href)).toEqual(before);
    await put('again', inline('a.txt', 'same'), inline('b.txt', 'new'));
    const after = await shown(href);
    expect(after[0]).toEqual(before[0]);
    expect(await Promise.all(after.map(({ uri }) => bytesOf(uri)))).toEqual(['same', 'new']);
  });

  it('that breaks midway ends the same when it is sent again', async () => {
    const href = await made('broken');
    for (const operation of ['CreateAttachment', 'UpdateItem']) {
      stage.simulator.faults.on('dropped-after', { operation, count: 5 });
      const body = eventText('broken', `SUMMARY:${operation}`, inline('a.txt', 'a'), inline('b.txt', 'b'));
      const broken = await stage.ask('PUT', href, { body, headers: asCalendar });
      expect(broken.status, operation).toBe(503);
      stage.simulator.faults.clear();
      const again = await stage.ask('PUT', href, { body, headers: asCalendar });
      expect(again.status, again.text).toBe(204);
      expect((await shown(href)).map(({ name }) => name)).toEqual(['a.txt', 'b.txt']);
    }
  });

  it('gives an etag when the text is what a GET gives, and none when bytes were sent', async () => {
    const href = await made('etags', inline('a.txt', 'a'));
    expect((await put('etags', inline('a.txt', 'a'))).headers.etag).toBeUndefined();
    const { text } = await stage.ask('GET', href);
    const answer = await stage.ask('PUT', href, { body: text, headers: asCalendar });
    const { headers } = await stage.ask('GET', href);
    expect([answer.status, answer.headers.etag ?? headers.etag]).toEqual([204, headers.etag]);
  });

  it('shows what Outlook does to them', async () => {
    const href = await made('outlooked', inline('a.txt', 'a'));
    const outlook = openOutlook(stage.simulator.url, alice);
    const item = (await outlook.items('calendar')).find(({ subject }) => subject === 'About outlooked')!;
    const before = await stage.ask('GET', href);
    await outlook.attach(
      item,
      xml('t:FileAttachment', {}, xml('t:Name', {}, 'by Outlook.txt'), xml('t:Content', {}, 'b3V0')),
      xml(
        't:ReferenceAttachment',
        {},
        xml('t:Name', {}, 'plan'),
        xml('t:AttachLongPathName', {}, 'https://f.test/p'),
      ),
    );
    const files = await shown(href);
    expect(files.map(({ name }) => name)).toEqual(['a.txt', 'by Outlook.txt']);
    expect(await bytesOf(files[1]?.uri ?? '')).toBe('out');
    const after = await stage.ask('GET', href);
    expect(
      unfolded(after.text).some((line) => /^ATTACH;.*FILENAME=plan:https:\/\/f\.test\/p$/.test(line)),
    ).toBe(true);
    expect(after.headers.etag).not.toBe(before.headers.etag);
  });
});

describe('limits', () => {
  const large = 'x'.repeat(1024 * 1024 + 1);

  it('are told of calendars and task lists', async () => {
    const body =
      '<propfind xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><prop><C:max-attachment-size/><C:max-attachments-per-resource/></prop></propfind>';
    for (const path of [calendar, tasks]) {
      const answer = await stage.ask('PROPFIND', path, { body, headers: { ...asXml, depth: '0' } });
      expect(answer.text).toContain('<C:max-attachment-size>1048576</C:max-attachment-size>');
      expect(answer.text).toContain('<C:max-attachments-per-resource>100</C:max-attachments-per-resource>');
    }
  });

  it('refuse a file that is too large before anything is written', async () => {
    const calls = await callsOf(async () => {
      const answer = await put('too-large', inline('a.txt', large));
      expect([answer.status, conditionOf(answer)]).toEqual([403, 'max-attachment-size']);
    });
    expect(calls).toEqual(['SyncFolderItems']);
    const href = await made('large-post');
    for (const length of [large, 'x'.repeat(3 * 1024 * 1024)]) {
      const answer = await post(href, 'action=attachment-add', length, asFile('a.txt'));
      expect([answer.status, conditionOf(answer)]).toEqual([403, 'max-attachment-size']);
    }
    expect(await shown(href)).toEqual([]);
    expect((await post(href, 'action=attachment-add', large.slice(1), asFile('a.txt'))).status).toBe(201);
    expect((await bytesOf((await shown(href))[0]?.uri ?? '')).length).toBe(1024 * 1024);
  });

  it('refuse more files than an object may have', async () => {
    const lines = Array.from({ length: 101 }, (_, at) => inline(`${at}.txt`, 'x'));
    const answer = await put('too-many', ...lines);
    expect([answer.status, conditionOf(answer)]).toEqual([403, 'max-attachments-per-resource']);
    const href = await made('many', ...lines.slice(1));
    const one = await post(href, 'action=attachment-add', 'x', asFile('one.txt'));
    expect([one.status, conditionOf(one)]).toEqual([403, 'max-attachments-per-resource']);
    expect(await shown(href)).toHaveLength(100);
  });
});

describe('a file', () => {
  it('is unchanged for who has it, and only its length for HEAD', async () => {
    const href = await made('conditional', inline('a.txt', 'abc'));
    const [file] = await shown(href);
    const path = new URL(file?.uri ?? '').pathname;
    const { headers } = await stage.ask('GET', path);
    const etag = String(headers.etag);
    const calls = await callsOf(async () => {
      const answer = await stage.ask('GET', path, { headers: { 'if-none-match': etag } });
      expect(answer).toMatchObject({ status: 304, text: '' });
    });
    expect(calls).toEqual(['SyncFolderItems']);
    const head = await stage.ask('HEAD', path);
    expect(head).toMatchObject({ status: 200, text: '' });
    expect(head.headers['content-length']).toBe('3');
  });

  it('that could run in a browser is saved, never shown', async () => {
    const href = await made('html');
    await post(
      href,
      'action=attachment-add',
      '<script>x</script>',
      asFile('"a\\"b .html"', 'text/html; charset=utf-8'),
    );
    const [file] = await shown(href);
    const answer = await stage.ask('GET', new URL(file?.uri ?? '').pathname);
    expect(answer.headers['content-disposition']).toMatch(/^attachment; filename="ab \.html"/);
    expect(answer.headers['content-security-policy']).toContain('sandbox');
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
  });

  it('is gone with its line, with its object, and takes no other method', async () => {
    const href = await made('gone', inline('a.txt', 'a'));
    const [file] = await shown(href);
    const path = new URL(file?.uri ?? '').pathname;
    for (const method of ['PUT', 'DELETE', 'PROPFIND', 'MOVE', 'POST']) {
      const answer = await stage.ask(method, path, { headers: { destination: '/x' } });
      expect([method, answer.status, answer.headers.allow]).toEqual([method, 405, 'OPTIONS, GET, HEAD']);
    }
    for (const other of [
      `${href}/attachments/`,
      `${href}/attachments/${'x'.repeat(22)}/a.txt`,
      `${href}/other/${file?.id}`,
      `${path}/more`,
    ])
      expect((await stage.ask('GET', other)).status, other).toBe(404);
    await put('gone');
    stage.advance();
    expect((await stage.ask('GET', path)).status).toBe(404);
    await put('gone', inline('a.txt', 'a'));
    const [next] = await shown(href);
    await stage.ask('DELETE', href);
    expect((await stage.ask('GET', new URL(next?.uri ?? '').pathname)).status).toBe(404);
  });
});

describe('borders', () => {
  it('a file is read with the rights of its object, and named in no other', async () => {
    const href = await made('mine', inline('secret.txt', 'secret words'));
    const [file] = await shown(href);
    const path = new URL(file?.uri ?? '').pathname;
    expect((await stage.ask('GET', path, { user: null })).status).toBe(401);
    const denied = await stage.ask('GET', path, { user: bob });
    expect([denied.status, denied.text.includes('secret words')]).toEqual([404, false]);
    const other = `/calendars/${alice.address}/border/`;
    expect((await stage.ask('MKCALENDAR', other)).status).toBe(201);
    const theirs = path.replace(alice.address, bob.address);
    expect((await stage.ask('GET', theirs, { user: bob })).status).toBe(404);
    for (const [user, target] of [
      [bob, `${calendarOf(bob)}thief.ics`],
      [alice, `${other}thief.ics`],
    ] as const) {
      const calls = await callsOf(async () => {
        const body = eventText('thief', file?.line ?? '');
        const answer = await stage.ask('PUT', target, { body, headers: asCalendar, user });
        expect([answer.status, conditionOf(answer)]).toEqual([403, 'valid-managed-id-parameter']);
      });
      expect(calls.filter((name) => /Attachment|CreateItem/.test(name))).toEqual([]);
    }
    const mailbox = stage.simulator.world.mailboxes.get(alice.address)!;
    grant(folderOf(mailbox, 'calendar'), bob.address, levels.reviewer);
    stage.advance(3_600_000);
    expect(await bytesOf(file?.uri ?? '', bob)).toBe('secret words');
    const added = await stage.ask('POST', `${href}?action=attachment-add`, { body: 'x', user: bob });
    expect([added.status, conditionOf(added)]).toEqual([403, 'need-privileges']);
    grant(folderOf(mailbox, 'calendar'), bob.address, levels.none);
    stage.advance(3_600_000);
    expect((await stage.ask('GET', path, { user: bob })).status).toBe(404);
  });
});

describe('copies and moves', () => {
  it('by a PUT that names the files of one other object of the collection copy them', async () => {
    const href = await made('original', inline('a.txt', 'a', ';X-PIN=1'), inline('b.txt', 'b'));
    const files = await shown(href);
    const lines = files.map(({ line }) => line);
    const calls = await callsOf(() => put('duplicate', ...lines));
    expect(calls).toEqual(['SyncFolderItems', 'GetAttachment', 'CreateItem', 'CreateAttachment']);
    const copies = await shown(`${calendar}duplicate.ics`);
    expect(copies.map(({ name, line }) => [name, line.includes('X-PIN=1')])).toEqual([
      ['a.txt', true],
      ['b.txt', false],
    ]);
    expect(copies.some(({ id }) => files.some((file) => file.id === id))).toBe(false);
    await stage.ask('DELETE', href);
    expect(await Promise.all(copies.map(({ uri }) => bytesOf(uri)))).toEqual(['a', 'b']);
    // Of two others, of one that is gone, or under a broken name: refused.
    const third = await made('third', inline('c.txt', 'c'));
    const [more] = await shown(third);
    for (const wrong of [
      [copies[0]?.line ?? '', more?.line ?? ''],
      [files[0]?.line ?? ''],
      [(more?.line ?? '').replace('third.ics', '%ff.ics')],
    ]) {
      const answer = await put('refused-copy', ...wrong);
      expect([answer.status, conditionOf(answer)]).toEqual([403, 'valid-managed-id-parameter']);
    }
  });

  it('of an object keep its files', async () => {
    const other = `/calendars/${alice.address}/second/`;
    expect((await stage.ask('MKCALENDAR', other)).status).toBe(201);
    const href = await made('travels', inline('a.txt', 'a', ';X-PIN=1'), inline('b.txt', 'b'));
    const [first] = await shown(href);
    const copied = await stage.ask('COPY', href, { headers: { destination: `${other}copy.ics` } });
    expect(copied.status, copied.text).toBe(201);
    const copies = await shown(`${other}copy.ics`);
    expect(copies.map(({ name }) => name)).toEqual(['a.txt', 'b.txt']);
    expect(copies[0]?.line).toContain('X-PIN=1');
    expect(copies[0]?.id).not.toBe(first?.id);
    expect(await Promise.all(copies.map(({ uri }) => bytesOf(uri)))).toEqual(['a', 'b']);
    await stage.ask('DELETE', `${other}copy.ics`);
    // The copy's are gone, those of the original are not.
    expect(await bytesOf(first?.uri ?? '')).toBe('a');
    const moved = await stage.ask('MOVE', href, { headers: { destination: `${other}moved.ics` } });
    expect(moved.status, moved.text).toBe(201);
    const there = await shown(`${other}moved.ics`);
    expect(await Promise.all(there.map(({ uri }) => bytesOf(uri)))).toEqual(['a', 'b']);
  });
});

describe('POST', () => {
  it('adds, replaces and removes one file, and says which', async () => {
    const href = await made('posted');
    const named = asFile(`a.txt;filename*=UTF-8''gr%C3%B6%C3%9Fe.txt`);
    const added = await post(href, 'action=attachment-add', 'first', named);
    expect(added.status, added.text).toBe(201);
    const id = String(added.headers['cal-managed-id']);
    const [file] = await shown(href);
    expect(file).toMatchObject({ id, name: 'größe.txt' });
    expect(added.headers.location).toBe(file?.uri.replace(/\/[^/]*$/, ''));
    expect(await bytesOf(String(added.headers.location))).toBe('first');

    const replaced = await post(href, `action=attachment-update&managed-id=${id}`, 'second', {
      ...asFile('b.pdf', 'application/pdf'),
      prefer: 'return=representation',
    });
    expect(replaced.status, replaced.text).toBe(200);
    const [next, ...others] = attachedIn(replaced.text);
    expect([next?.id, next?.name, others]).toEqual([replaced.headers['cal-managed-id'], 'b.pdf', []]);
    expect(next?.id).not.toBe(id);
    expect(next?.line).toContain('FMTTYPE=application/pdf');
    expect(replaced.headers.etag).toBe((await stage.ask('GET', href)).headers.etag);
    expect(replaced.headers['content-location']).toBe(href);
    expect(await bytesOf(next?.uri ?? '')).toBe('second');

    const removed = await post(href, `action=attachment-remove&managed-id=${next?.id}`);
    expect([removed.status, removed.headers['cal-managed-id']]).toEqual([204, undefined]);
    expect(await shown(href)).toEqual([]);
  });

  it('costs the refresh and one call a kind of change', async () => {
    const href = await made('post-costs', inline('a.txt', 'a'));
    const [file] = await shown(href);
    expect(await callsOf(() => post(href, 'action=attachment-add', 'x', asFile('x.txt')))).toEqual([
      'SyncFolderItems',
      'CreateAttachment',
    ]);
    await shown(href);
    const update = `action=attachment-update&managed-id=${file?.id}`;
    expect(await callsOf(() => post(href, update, 'y', asFile('y.txt')))).toEqual([
      'SyncFolderItems',
      'CreateAttachment',
      'DeleteAttachment',
    ]);
  });

  const refusals = [
    ['valid-action', 'action=attachment-steal'],
    ['valid-action', ''],
    ['valid-managed-id', 'action=attachment-add&managed-id=x'],
    ['valid-managed-id', 'action=attachment-update'],
    ['valid-managed-id', 'action=attachment-remove&managed-id=unknown'],
    ['valid-rid', 'action=attachment-update&managed-id=x&rid=M'],
    ['valid-rid', 'action=attachment-add&rid=20261204T100000Z'],
    ['valid-rid', 'action=attachment-add&rid=tomorrow'],
  ] as const;
  it('is refused with the condition that is not met', async () => {
    const href = await made('refused', inline('a.txt', 'a'));
    const before = await shown(href);
    for (const [condition, query] of refusals) {
      const answer = await post(href, query, 'x', asFile('x.txt'));
      expect([query, answer.status, conditionOf(answer)]).toEqual([query, 403, condition]);
    }
    expect(await shown(href)).toEqual(before);
  });

  it('obeys If-Match, and is for objects that exist and can have files', async () => {
    const href = await made('matched');
    const stale = await post(href, 'action=attachment-add', 'x', { ...asFile('x.txt'), 'if-match': '"old"' });
    expect(stale.status).toBe(412);
    const etag = String((await stage.ask('GET', href)).headers.etag);
    const met = await post(href, 'action=attachment-add', 'x', { ...asFile('x.txt'), 'if-match': etag });
    expect(met.status, met.text).toBe(201);
    expect((await post(`${calendar}none.ics`, 'action=attachment-add', 'x')).status).toBe(404);
    expect((await stage.ask('POST', `${calendar}?action=attachment-add`, { body: 'x' })).status).toBe(405);
    const card = `${cardsOf(alice)}c.vcf`;
    await stage.ask('PUT', card, { body: cardText('c'), headers: asCard });
    const refused = await post(card, 'action=attachment-add', 'x');
    expect([refused.status, refused.headers.allow?.includes('POST')]).toEqual([405, false]);
  });

  it('means the occurrences it names', async () => {
    const href = await made('weekly', 'RRULE:FREQ=DAILY;COUNT=5', inline('all.txt', 'all'));
    const added = await post(href, 'action=attachment-add&rid=20261205T100000Z', 'one', asFile('one.txt'));
    expect(added.status, added.text).toBe(201);
    const text = async () => (await stage.ask('GET', href)).text;
    const parts = async () => {
      stage.advance();
      const [master = '', ...overrides] = (await text()).split('BEGIN:VEVENT').slice(1);
      return [master, ...overrides].map((part) => attachedIn(part).map(({ name }) => name));
    };
    expect(await parts()).toEqual([['all.txt'], ['all.txt', 'one.txt']]);
    expect(unfolded(await text())).toContain('RECURRENCE-ID:20261205T100000Z');
    const ids = attachedIn(await text());
    expect(ids[1]?.id).toBe(ids[0]?.id);
    expect(ids[2]?.id).toBe(added.headers['cal-managed-id']);
    expect(await bytesOf(ids[2]?.uri ?? '')).toBe('one');

    await post(href, `action=attachment-remove&managed-id=${ids[0]?.id}&rid=20261206T100000Z`);
    expect(await parts()).toEqual([['all.txt'], ['all.txt', 'one.txt'], []]);
    await post(href, 'action=attachment-add', 'new', asFile('new.txt'));
    expect(await parts()).toEqual([['all.txt', 'new.txt'], ['all.txt', 'one.txt', 'new.txt'], ['new.txt']]);
    stage.advance();
    const all = attachedIn(await text())[0];
    await post(href, `action=attachment-remove&managed-id=${all?.id}`);
    // The third is as its series again.
    expect(await parts()).toEqual([['new.txt'], ['one.txt', 'new.txt']]);
  });
});

describe('addresses', () => {
  it('are those of who asks; the text behind them, its etag and the cache are one', async () => {
    const own = await openStage({ settings: { EXDAV_TRUSTED_PROXIES: '127.0.0.1' } });
    const href = `${calendar}seen.ics`;
    const body = eventText('seen', inline('a.txt', 'a'));
    await own.ask('PUT', href, { body, headers: asCalendar });
    const etags = new Set<string>();
    own.sent.length = 0;
    for (const [headers, base] of [
      [{ host: 'dav.example.test' }, 'http://dav.example.test'],
      [{ host: 'dav.example.test', 'x-forwarded-proto': 'https' }, 'https://dav.example.test'],
      [
        {
          'x-forwarded-host': 'Outer.example.test:8443',
          'x-forwarded-proto': 'https',
          'x-forwarded-prefix': '/exchange',
        },
        'https://outer.example.test:8443/exchange',
      ],
    ] as const) {
      own.advance();
      const prefix = 'x-forwarded-prefix' in headers ? '/exchange' : '';
      const got = await own.ask('GET', `${prefix}${href}`, { headers });
      etags.add(String(got.headers.etag));
      const [file] = attachedIn(got.text);
      expect(file?.uri).toBe(`${base}${href}/attachments/${file?.id}/a.txt`);
      const report = await own.ask('REPORT', `${prefix}${calendar}`, {
        body: multigetBody(`${prefix}${href}`),
        headers: { ...asXml, ...headers },
      });
      expect(attachedIn(responsesOf(report).get(`${prefix}${href}`)?.data ?? '')).toEqual([file]);
      const feed = await own.ask('GET', `${prefix}${calendar}`, { headers });
      expect(attachedIn(feed.text)).toEqual([file]);
      for (const line of got.text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
    }
    expect(etags.size).toBe(1);
    expect(own.sent.filter((text) => text.includes('<m:GetItem>'))).toHaveLength(1);
    await own.stop();
  });

  it('are the public one where there is one, and never made of a header that names no host', async () => {
    const own = await openStage({ settings: { EXDAV_PUBLIC_URL: 'https://www.example.test/exchange' } });
    const href = `/exchange${calendar}seen.ics`;
    await own.ask('PUT', href, { body: eventText('seen', inline('a.txt', 'a')), headers: asCalendar });
    own.advance();
    const got = await own.ask('GET', href, {
      headers: { host: 'evil.test', 'x-forwarded-host': 'evil.test' },
    });
    expect(attachedIn(got.text)[0]?.uri).toMatch(/^https:\/\/www\.example\.test\/exchange\/calendars\//);
    await own.stop();
    stage.advance();
    await put('odd-host', inline('a.txt', 'a'));
    for (const host of ['a b', 'x"y', 'a/b', 'user@x']) {
      const answer = await stage.ask('GET', `${calendar}odd-host.ics`, { headers: { host } });
      if (answer.status === 200)
        expect(unfolded(answer.text).some((line) => line.includes(host))).toBe(false);
    }
  });
});
