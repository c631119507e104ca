// The rules that keep data safe (DESIGN §8), each with what would happen without it.
import { describe, expect, it } from 'vitest';
import type { ForeignSide, Sides } from '../../src/mirror/index.ts';
import { BackendError, DavError } from '../../src/model/failure.ts';
import type { Collection } from '../../src/model/collection.ts';
import { eventText, type MirrorStage, openMirrorStage } from './stage.ts';

const day = 24 * 3_600_000;

/** The stage's own sides, with something else about them. */
function sidesOf(
  { exchange, nextcloud }: MirrorStage,
  more: { readonly exchange?: Partial<Collection>; readonly nextcloud?: Partial<ForeignSide> },
): { readonly sides: Sides } {
  return {
    sides: {
      exchange: { ...exchange.calendar, ...more.exchange },
      nextcloud: { ...nextcloud.calendar, ...more.nextcloud },
    },
  };
}

async function mirrored(count: number): Promise<MirrorStage> {
  const stage = await openMirrorStage();
  for (let n = 0; n < count; n += 1) await stage.put(stage.exchange, `e${n}.ics`, eventText(`e${n}`));
  await stage.run();
  return stage;
}

async function namesOn(side: MirrorStage['exchange']): Promise<string[]> {
  return (await side.calendar.members()).map(({ href }) => href);
}

async function removed(side: MirrorStage['exchange'], ...hrefs: readonly string[]): Promise<void> {
  side.pass();
  for (const href of hrefs) await side.calendar.remove(href, {}, 'silent');
}

describe('one hash per side', () => {
  it('makes a re-stamped etag cause no write', async () => {
    const stage = await mirrored(1);
    const [name = ''] = await namesOn(stage.nextcloud);
    const [[, shown] = []] = await stage.nextcloud.calendar.read([name], { kind: 'whole' });
    await stage.put(stage.nextcloud, name, shown?.ok ? shown.value.text : '');
    expect((await stage.run()).counts).toEqual({ unchanged: 1 });
    expect((await stage.run()).counts).toEqual({});
  });
});

describe('a server that stores something else than was sent', () => {
  it('is not taken for a user who changed it', async () => {
    const stage = await openMirrorStage();
    await stage.put(stage.exchange, 'a.ics', eventText('a', ['LOCATION:Room 1']));
    const altering = sidesOf(stage, {
      nextcloud: {
        put: async (request) => {
          const text = request.text.replace(/^LOCATION.*\r\n/m, '');
          const { created } = await stage.nextcloud.calendar.put({ ...request, text });
          return { created };
        },
      },
    });
    await stage.run(altering);
    expect((await stage.run(altering)).counts).toEqual({});
    expect((await stage.run({ ...altering, scope: 'texts' })).counts).toEqual({ unchanged: 1 });
    expect((await stage.texts(stage.exchange))['a']).toContain('LOCATION:Room 1');
  });
});

describe('overwriting', () => {
  it('never hits what was changed at the last moment: that is a conflict', async () => {
    const stage = await mirrored(1);
    const [name = ''] = await namesOn(stage.nextcloud);
    await stage.put(stage.exchange, 'e0.ics', eventText('e0', ['SUMMARY:Ours']));
    let isFirst = true;
    const racing = sidesOf(stage, {
      nextcloud: {
        put: async (request) => {
          if (isFirst) await stage.put(stage.nextcloud, name, eventText('e0', ['SUMMARY:Theirs']));
          isFirst = false;
          return stage.nextcloud.calendar.put(request);
        },
      },
    });
    expect((await stage.run(racing)).counts).toEqual({ 'updated on nextcloud': 1, conflicts: 1 });
    const kept = (await stage.store.history('pair', { uid: 'e0' })).at(-1);
    expect(kept?.before).toContain('SUMMARY:Theirs');
  });
});

describe('the journal', () => {
  it('says what is about to be written before it is', async () => {
    const stage = await openMirrorStage();
    await stage.put(stage.exchange, 'a.ics', eventText('a'));
    const seen: unknown[] = [];
    await stage.run(
      sidesOf(stage, {
        nextcloud: {
          put: async (request) => {
            seen.push(...(await stage.store.intents('pair')).map(({ entry }) => [entry.uid, entry.href]));
            return stage.nextcloud.calendar.put(request);
          },
        },
      }),
    );
    expect(seen).toEqual([['a', (await namesOn(stage.nextcloud))[0]]]);
    expect(await stage.store.intents('pair')).toEqual([]);
  });
});

describe('a run that was killed after it had written', () => {
  it('does not bring back what its owner deletes before the next', async () => {
    const stage = await openMirrorStage();
    await stage.put(stage.nextcloud, 'a.ics', eventText('a'));
    await expect(stage.run({ store: dyingStore(stage) })).rejects.toThrow('killed');
    expect(await namesOn(stage.exchange)).toHaveLength(1);
    await removed(stage.nextcloud, 'a.ics');
    expect((await stage.run()).counts).toEqual({ 'removed on exchange': 1 });
    expect((await stage.run()).counts).toEqual({});
    for (const side of [stage.exchange, stage.nextcloud]) expect(await namesOn(side)).toEqual([]);
  });

  it('is not believed to have written what nobody would see', async () => {
    const stage = await mirrored(1);
    await stage.put(stage.exchange, 'e0.ics', eventText('e0', ['X-OWN:kept']));
    const killed = sidesOf(stage, {
      nextcloud: { put: () => Promise.reject(new TypeError('killed before it wrote')) },
    });
    await expect(stage.run(killed)).rejects.toThrow('killed');
    expect(await stage.store.intents('pair')).toHaveLength(1);
    expect((await stage.run()).counts).toEqual({ 'updated on nextcloud': 1 });
    expect((await stage.texts(stage.nextcloud))['e0']).toContain('X-OWN:kept');
  });

  it('takes no change made before the next for a conflict', async () => {
    const stage = await openMirrorStage();
    await stage.put(stage.nextcloud, 'a.ics', eventText('a'));
    await expect(stage.run({ store: dyingStore(stage) })).rejects.toThrow('killed');
    await stage.put(stage.nextcloud, 'a.ics', eventText('a', ['SUMMARY:Changed']));
    expect((await stage.run()).counts).toEqual({ 'updated on exchange': 1 });
    expect((await stage.texts(stage.exchange))['a']).toContain('SUMMARY:Changed');
  });
});

/** Journals what is to be done, and nothing of what was. */
function dyingStore({ store }: MirrorStage): MirrorStage['store'] {
  return {
    ...store,
    commit: async (pair, change) => {
      if (change.opened === undefined) throw new Error('killed');
      await store.commit(pair, change);
    },
  };
}

describe('an object that fails', () => {
  it('stops no other, is remembered past the token, and tried again later and later', async () => {
    const stage = await openMirrorStage();
    for (const name of ['bad', 'good']) await stage.put(stage.exchange, `${name}.ics`, eventText(name));
    let tries = 0;
    let isBad = true;
    const refusing = sidesOf(stage, {
      nextcloud: {
        put: async (request) => {
          if (!request.text.includes('UID:bad')) return stage.nextcloud.calendar.put(request);
          tries += 1;
          if (isBad) throw new DavError(415, 'it does not like this one');
          return stage.nextcloud.calendar.put(request);
        },
      },
    });
    expect(await stage.run(refusing)).toMatchObject({
      counts: { 'created on nextcloud': 1, 'troubled on nextcloud': 1 },
      troubled: 1,
    });
    await stage.run(refusing);
    expect(tries).toBe(1);
    stage.exchange.pass(6 * 60_000);
    await stage.run(refusing);
    stage.exchange.pass(6 * 60_000);
    await stage.run(refusing);
    expect(tries).toBe(2);
    isBad = false;
    stage.exchange.pass(5 * 60_000);
    expect(await stage.run(refusing)).toMatchObject({ counts: { 'created on nextcloud': 1 }, troubled: 0 });
    expect(Object.keys(await stage.texts(stage.nextcloud)).toSorted()).toEqual(['bad', 'good']);
  });

  it('is remembered when it cannot even be read', async () => {
    const stage = await openMirrorStage();
    const id = await itemOf(stage, 'a');
    stage.exchange.backend.faults.poison(id);
    expect(await stage.run()).toMatchObject({ counts: { troubled: 1 }, troubled: 1 });
    stage.exchange.backend.faults.heal(id);
    stage.exchange.pass(6 * 60_000);
    expect(await stage.run()).toMatchObject({ counts: { 'created on nextcloud': 1 }, troubled: 0 });
  });
});

async function itemOf(stage: MirrorStage, uid: string): Promise<string> {
  await stage.put(stage.exchange, `${uid}.ics`, eventText(uid));
  const { mailbox } = stage.exchange;
  const folder = (await mailbox.folders()).find(({ key }) => key === 'calendar');
  for await (const page of mailbox.changes(folder?.id ?? '', undefined)) {
    const last = page.changes.at(-1);
    if (last?.kind === 'present') return last.listed.id;
  }
  throw new Error('nothing is there');
}

describe('a side that is in trouble', () => {
  it('ends the run; the next goes on from there', async () => {
    const stage = await openMirrorStage();
    for (const name of ['a', 'b', 'c']) await stage.put(stage.exchange, `${name}.ics`, eventText(name));
    stage.faults.nextcloud.next = ['none', 'busy'];
    await expect(stage.run()).rejects.toMatchObject({ failure: { kind: 'busy' } });
    expect(await namesOn(stage.nextcloud)).toHaveLength(1);
    expect((await stage.run()).counts).toMatchObject({ 'created on nextcloud': 2 });
  });

  it('has nothing taken away elsewhere because it lets nobody in', async () => {
    const stage = await mirrored(3);
    const closed = sidesOf(stage, {
      nextcloud: {
        changes: () =>
          Promise.reject(new BackendError({ kind: 'unauthorized', message: 'the password is refused' })),
      },
    });
    await expect(stage.run(closed)).rejects.toMatchObject({ failure: { kind: 'unauthorized' } });
    expect(await namesOn(stage.exchange)).toHaveLength(3);
  });

  it('stops the pair when all of a sudden it is empty, however little there was', async () => {
    const stage = await mirrored(3);
    await removed(stage.nextcloud, ...(await namesOn(stage.nextcloud)));
    stage.exchange.pass(2 * day);
    const stopped = await stage.run();
    expect(stopped.stopped).toContain('nextcloud is empty');
    expect(await namesOn(stage.exchange)).toHaveLength(3);
    // It stays so until somebody has looked.
    expect((await stage.run()).stopped).toContain('nextcloud is empty');
    expect((await stage.run({ isForced: true })).counts).toEqual({ 'removed on exchange': 3 });
    expect((await stage.run()).stopped).toBeUndefined();
  });

  it('is not called empty for what was never there', async () => {
    const stage = await openMirrorStage({ window: { pastDays: 1, futureDays: 1 } });
    for (const name of ['a', 'b', 'c']) await stage.put(stage.exchange, `${name}.ics`, eventText(name));
    await stage.run();
    expect(await namesOn(stage.nextcloud)).toEqual([]);
    expect((await stage.run({ scope: 'everything' })).stopped).toBeUndefined();
  });

  it.each([
    ['lies in its trash bin', { trashed: true }],
    ['cannot be written to', { writable: false }],
  ])('stops the pair when its collection %s', async (reason, state) => {
    const stage = await mirrored(1);
    await stage.put(stage.exchange, 'new.ics', eventText('new'));
    const sides = sidesOf(stage, {
      nextcloud: { state: async () => ({ syncToken: '', ctag: '', ...state }), purgeTrash: async () => 0 },
    });
    expect((await stage.run(sides)).stopped).toContain(reason);
    expect(await namesOn(stage.nextcloud)).toHaveLength(1);
  });

  it('stops the pair when it is another collection than before', async () => {
    const stage = await mirrored(3);
    const other = sidesOf(stage, { nextcloud: stage.nextcloud.other });
    expect((await stage.run(other)).stopped).toContain('another one');
    expect(await namesOn(stage.exchange)).toHaveLength(3);
    expect((await stage.run({ ...other, isForced: true })).counts).toEqual({ 'created on nextcloud': 3 });
    expect((await stage.run(other)).counts).toEqual({});
  });
});

describe('the guard against mass deletion', () => {
  it.each([
    [12, 10, undefined],
    [12, 11, '11 of 12'],
    [80, 16, undefined],
    [80, 17, '17 of 80'],
  ])('of %i objects, %i gone: %s', async (all, gone, reason) => {
    const stage = await mirrored(all);
    await removed(stage.exchange, ...(await namesOn(stage.exchange)).slice(0, gone));
    const { stopped } = await stage.run();
    if (reason === undefined) expect(stopped).toBeUndefined();
    else expect(stopped).toContain(reason);
    expect(await namesOn(stage.nextcloud)).toHaveLength(reason === undefined ? all - gone : all);
  });

  it('counts before anything is removed, however the losses are spread', async () => {
    const stage = await mirrored(80);
    const gone = new Set([0, 1, 2, 3, 4, 5, 6, 7, 70, 71, 72, 73, 74, 75, 76, 77, 78]);
    await removed(stage.exchange, ...[...gone].map((n) => `e${n}.ics`));
    for (let n = 0; n < 70; n += 1)
      if (!gone.has(n)) await stage.put(stage.exchange, `e${n}.ics`, eventText(`e${n}`, ['SUMMARY:New']));
    expect((await stage.run()).stopped).toContain('17 of 80');
    expect(await namesOn(stage.nextcloud)).toHaveLength(80);
  });

  it('stops the pair until somebody looks', async () => {
    const stage = await mirrored(12);
    await removed(stage.exchange, ...(await namesOn(stage.exchange)).slice(0, 11));
    await stage.run();
    await stage.put(stage.exchange, 'new.ics', eventText('new'));
    // It would let few go: but it has been stopped.
    const mild = { rules: { ...stage.rules, guard: { share: 1, count: 100 } } };
    expect((await stage.run(mild)).stopped).toContain('11 of 12');
    expect(await namesOn(stage.nextcloud)).toHaveLength(12);
  });

  it('shows what would go when asked, and removes nothing', async () => {
    const stage = await mirrored(12);
    await removed(stage.exchange, ...(await namesOn(stage.exchange)).slice(0, 11));
    await stage.run();
    expect((await stage.run({ dryRun: true, isForced: true })).counts).toEqual({
      'removed on nextcloud': 11,
    });
    expect(await namesOn(stage.nextcloud)).toHaveLength(12);
  });
});

describe('a deletion', () => {
  it('spares what was changed at the last moment', async () => {
    const stage = await mirrored(1);
    await removed(stage.exchange, 'e0.ics');
    const [name = ''] = await namesOn(stage.nextcloud);
    const racing = sidesOf(stage, {
      nextcloud: {
        remove: async (href, condition, mail) => {
          await stage.put(stage.nextcloud, name, eventText('e0', ['SUMMARY:At the last moment']));
          await stage.nextcloud.calendar.remove(href, condition, mail);
        },
      },
    });
    await stage.run(racing);
    for (const side of [stage.exchange, stage.nextcloud])
      expect((await stage.texts(side))['e0']).toContain('At the last moment');
  });

  it('is not believed for an object that a listing forgot', async () => {
    const stage = await mirrored(3);
    const forgetful = sidesOf(stage, {
      nextcloud: {
        changes: async (...args) => {
          const delta = await stage.nextcloud.calendar.changes(...args);
          return { ...delta, changed: delta.changed.slice(1) };
        },
      },
    });
    expect((await stage.run({ ...forgetful, scope: 'everything' })).counts).toEqual({ unchanged: 1 });
    expect(await namesOn(stage.exchange)).toHaveLength(3);
  });

  it('loses against a change on the other side', async () => {
    const stage = await mirrored(1);
    const [name = ''] = await namesOn(stage.nextcloud);
    await stage.put(stage.exchange, 'e0.ics', eventText('e0', ['SUMMARY:Changed']));
    await removed(stage.nextcloud, name);
    expect((await stage.run()).counts).toEqual({ 'created on nextcloud': 1 });
    const [again = ''] = await namesOn(stage.nextcloud);
    expect(again).not.toBe(name);
  });

  it('is carried over from servers that have no tokens, only listings', async () => {
    const stage = await mirrored(2);
    const listing = sidesOf(stage, {
      nextcloud: {
        changes: async () => ({ ...(await stage.nextcloud.calendar.changes(undefined)), full: true }),
      },
    });
    await stage.run(listing);
    await removed(stage.nextcloud, (await namesOn(stage.nextcloud))[0] ?? '');
    expect((await stage.run(listing)).counts).toEqual({ 'removed on exchange': 1 });
  });

  it('is purged from the trash bin, by the UID that the object had there', async () => {
    const stage = await openMirrorStage();
    const alike = ['SUMMARY:Alike', 'DTSTART:20260611T090000Z', 'DTEND:20260611T100000Z'];
    await stage.put(stage.exchange, 'a.ics', eventText('ours', alike));
    await stage.put(stage.nextcloud, 'b.ics', eventText('theirs', alike));
    const purged: string[] = [];
    const bin = sidesOf(stage, {
      nextcloud: {
        state: async () => ({ syncToken: '', ctag: '' }),
        purgeTrash: async (uids) => purged.push(...uids),
      },
    });
    await stage.run(bin);
    await removed(stage.exchange, 'a.ics');
    expect((await stage.run(bin)).counts).toEqual({ 'removed on nextcloud': 1 });
    expect(purged).toEqual(['theirs']);
  });

  it('is done although the trash bin cannot be emptied', async () => {
    const stage = await mirrored(1);
    await removed(stage.exchange, 'e0.ics');
    const bin = sidesOf(stage, {
      nextcloud: {
        state: async () => ({ syncToken: '', ctag: '' }),
        purgeTrash: () => Promise.reject(new BackendError({ kind: 'unavailable', message: 'no' })),
      },
    });
    expect((await stage.run(bin)).counts).toEqual({ 'removed on nextcloud': 1 });
    expect(stage.events).toContainEqual({ kind: 'note', message: expect.stringContaining('trash bin') });
    expect((await stage.run(bin)).counts).toEqual({});
  });
});

describe('memory', () => {
  it('that is lost is rebuilt from UIDs: nothing is doubled', async () => {
    const stage = await mirrored(5);
    await stage.store.reset('pair');
    expect((await stage.run()).counts).toEqual({ tied: 5 });
    for (const side of [stage.exchange, stage.nextcloud]) expect(await namesOn(side)).toHaveLength(5);
  });

  it('is compared with everything once a day, because tokens can miss changes', async () => {
    const stage = await mirrored(2);
    const deaf = (): { readonly sides: Sides } =>
      sidesOf(stage, {
        nextcloud: {
          changes: async (token, limit, signal) => {
            const delta = await stage.nextcloud.calendar.changes(token, limit, signal);
            return token === undefined ? delta : { ...delta, changed: [], gone: [] };
          },
        },
      });
    await stage.put(stage.nextcloud, 'new.ics', eventText('new'));
    expect((await stage.run(deaf())).counts).toEqual({});
    stage.exchange.pass(25 * 3_600_000);
    expect((await stage.run(deaf())).counts).toEqual({ 'created on exchange': 1 });
  });
});

describe('no mail', () => {
  it('leaves with anything that the mirror writes or removes', async () => {
    const stage = await openMirrorStage();
    const meeting = (more: readonly string[]): string =>
      eventText('m', ['ORGANIZER:mailto:alice@example.test', 'ATTENDEE:mailto:bob@example.test', ...more]);
    const asked: string[] = [];
    const listening = sidesOf(stage, {
      exchange: {
        put: async (request) => {
          asked.push(request.mail);
          return stage.exchange.calendar.put(request);
        },
        remove: async (href, condition, mail) => {
          asked.push(mail);
          await stage.exchange.calendar.remove(href, condition, mail);
        },
      },
    });
    await stage.put(stage.nextcloud, 'm.ics', meeting([]));
    await stage.run(listening);
    await stage.put(stage.nextcloud, 'm.ics', meeting(['SUMMARY:Changed']));
    await stage.run(listening);
    await removed(stage.nextcloud, 'm.ics');
    await stage.run(listening);
    expect(asked).toEqual(['silent', 'silent', 'silent']);
  });

  it('and no meeting of somebody else gets into Exchange', async () => {
    const stage = await openMirrorStage();
    await stage.put(
      stage.nextcloud,
      'm.ics',
      eventText('m', ['ORGANIZER:mailto:eve@elsewhere.test', 'ATTENDEE:mailto:alice@example.test']),
    );
    expect((await stage.run()).counts).toEqual({ 'left-out': 1 });
    expect(await namesOn(stage.exchange)).toEqual([]);
    expect((await stage.run({ scope: 'everything' })).counts).toEqual({});
  });
});
