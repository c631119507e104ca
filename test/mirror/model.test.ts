// Whatever happens on both sides, and wherever the mirror is killed: after quiet both sides are equal, nothing is doubled,
// nothing is lost, and what lost a conflict is in the journal.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Killed } from './faulty.ts';
import { eventText, openMirrorStage, type MirrorStage } from './stage.ts';

const runs = Number(process.env['EXDAV_TEST_MIRROR_RUNS'] ?? 500);
/** So that one batch is decided while another is written, although there are few objects. */
const small = { batchSize: 2 };
const side = fc.constantFrom('exchange', 'nextcloud');
const uid = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const operation = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('put'), side, uid }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove'), side, uid }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('rename'), side, uid }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('run') }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('killed-run'), after: fc.nat(12) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('troubled-run'),
      side,
      next: fc.array(fc.constantFrom('none', 'unavailable', 'busy', 'refused', 'answer-lost', 'no-etag'), {
        maxLength: 4,
      }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('copy'), side, uid }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('expire-token'), side }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lose-store') }) },
);
type Operation = { kind: string; side?: string; uid?: string; after?: number; next?: string[] };

class World {
  readonly stage: MirrorStage;
  counter = 0;
  /** What each side's own people wrote last, by side and UID. */
  readonly own = new Map<string, string>();
  constructor(stage: MirrorStage) {
    this.stage = stage;
  }
  sideOf(name: string | undefined) {
    return name === 'exchange' ? this.stage.exchange : this.stage.nextcloud;
  }
  async hrefOf(name: string | undefined, uidWanted: string): Promise<string | undefined> {
    const { calendar } = this.sideOf(name);
    const members = await calendar.members();
    for (const [href, outcome] of await calendar.read(
      members.map((each) => each.href),
      { kind: 'whole' },
    ))
      if (outcome.ok && outcome.value.text.includes(`UID:${uidWanted}\r\n`)) return href;
    return undefined;
  }
}

async function perform(world: World, op: Operation): Promise<void> {
  const { stage } = world;
  const wanted = op.uid ?? '';
  stage.exchange.pass();
  stage.nextcloud.pass();
  switch (op.kind) {
    case 'put': {
      world.counter += 1;
      const summary = `v${world.counter}`;
      const href = (await world.hrefOf(op.side, wanted)) ?? `own-${world.counter}.ics`;
      await stage.put(world.sideOf(op.side), href, eventText(wanted, [`SUMMARY:${summary}`]));
      world.own.set(`${op.side} ${wanted}`, summary);
      return;
    }
    case 'remove': {
      const href = await world.hrefOf(op.side, wanted);
      world.own.delete(`${op.side} ${wanted}`);
      if (href !== undefined) await world.sideOf(op.side).calendar.remove(href, {}, 'silent');
      return;
    }
    case 'rename': {
      const href = await world.hrefOf(op.side, wanted);
      const key = 'calendar';
      world.counter += 1;
      if (href === undefined) return;
      await world.sideOf(op.side).home.transfer({
        verb: 'move',
        from: { key, href },
        to: { key, href: `moved-${world.counter}.ics` },
        overwrite: false,
        condition: {},
      });
      return;
    }
    case 'copy': {
      const href = await world.hrefOf(op.side, wanted);
      if (href === undefined) return;
      world.counter += 1;
      const [uid, summary] = [`copy-${world.counter}`, `v${world.counter}`];
      const text = eventText(uid, [`SUMMARY:${summary}`]);
      await stage.put(world.sideOf(op.side), `${uid}.ics`, text);
      world.own.set(`${op.side} ${uid}`, summary);
      return;
    }
    case 'expire-token': {
      const head = await stage.store.head('pair');
      const tokens = { ...head?.tokens, [op.side ?? '']: 'http://sabre.io/ns/sync/999999' };
      if (head) await stage.store.commit('pair', { head: { ...head, tokens } });
      return;
    }
    case 'lose-store':
      await stage.store.reset('pair');
      return;
    default:
      await perturbedRun(stage, op);
  }
}

async function perturbedRun(stage: MirrorStage, op: Operation): Promise<void> {
  const faults = stage.faults;
  if (op.kind === 'killed-run')
    faults.store.killIn = faults.exchange.killIn = faults.nextcloud.killIn = op.after;
  if (op.kind === 'troubled-run')
    (op.side === 'exchange' ? faults.exchange : faults.nextcloud).next = [...(op.next ?? [])] as never;
  try {
    await stage.run({ ...small, isForced: true });
  } catch (error) {
    if (!(error instanceof Killed) && !/away|busy|answer was lost/.test(String(error))) throw error;
  } finally {
    for (const each of [faults.store, faults.exchange, faults.nextcloud]) {
      each.killIn = undefined;
      each.next = [];
    }
  }
}

describe('the mirror', () => {
  it(
    `keeps both sides equal, whatever happens (${runs} runs)`,
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(operation, { minLength: 5, maxLength: 30 }), async (operations) => {
          const stage = await openMirrorStage();
          const world = new World(stage);
          for (const op of operations) await perform(world, op);
          stage.exchange.pass(48 * 3_600_000);
          stage.nextcloud.pass(48 * 3_600_000);
          for (let n = 0; n < 3; n += 1) await stage.run({ ...small, isForced: true });
          expect((await stage.run(small)).counts).toEqual({});
          expect((await stage.run({ ...small, scope: 'texts', dryRun: true })).counts).toEqual(
            Object.fromEntries(
              [['unchanged', (await stage.store.twins('pair')).length]].filter(([, n]) => n !== 0),
            ),
          );
          const [exchange, nextcloud] = [
            await stage.texts(stage.exchange),
            await stage.texts(stage.nextcloud),
          ];
          expect(Object.keys(nextcloud).sort()).toEqual(Object.keys(exchange).sort());
          const kept = (await stage.store.history('pair', {})).map(({ before }) => before ?? '');
          for (const [name, summary] of world.own) {
            const last = exchange[name.split(' ')[1] ?? ''] ?? '';
            expect(
              [last, ...kept].some((text) => text.includes(`SUMMARY:${summary}\r\n`)),
              `${name} ${summary}`,
            ).toBe(true);
          }
          for (const [each, text] of Object.entries(exchange)) {
            expect(text.match(/^SUMMARY:.*$/gm)).toHaveLength(1);
            expect(nextcloud[each]?.match(/^SUMMARY:.*$/gm)).toEqual(text.match(/^SUMMARY:.*$/gm));
          }
        }),
        { numRuns: runs },
      );
    },
    60_000 + runs * 200,
  );
});
