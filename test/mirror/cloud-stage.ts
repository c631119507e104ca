// A mailbox in memory behind the gateway's collections, the double of Nextcloud behind dav-remote, and a mirror between two
// collections of one kind: each side keeps and shows texts in its own way.
import { openDavHosts, openRemote } from '../../src/dav-remote/index.ts';
import type { FolderKind } from '../../src/model/backend.ts';
import type { Collection } from '../../src/model/collection.ts';
import { valueOf } from '../../src/model/failure.ts';
import {
  type MirrorEvent,
  openOwner,
  openTexts,
  type PairRules,
  runPair,
  type RunInput,
  type RunReport,
  sidesWithFiles,
} from '../../src/mirror/index.ts';
import { openMirrorStore } from '../../src/store/index.ts';
import type { MirrorStore } from '../../src/model/mirror-store.ts';
import { type Fixture, openFixture } from '../collections/fixture.ts';
import { type RunningDouble, startNextcloudDouble, type Version } from '../nextcloud-double/index.ts';
import { plainRules } from './stage.ts';

export interface CloudStage {
  readonly exchange: Fixture;
  readonly cloud: RunningDouble;
  readonly events: MirrorEvent[];
  readonly store: MirrorStore;
  readonly run: (more?: Partial<RunInput>) => Promise<RunReport>;
  /** What each side shows and keeps now, unfolded, by UID. Texts that are there twice are joined. */
  readonly inExchange: () => Promise<Readonly<Record<string, string>>>;
  readonly inCloud: () => Promise<Readonly<Record<string, string>>>;
  /** As a user of that side writes: over the object with that UID if there is one. */
  readonly toExchange: (text: string) => Promise<void>;
  readonly toCloud: (text: string) => Promise<void>;
  readonly dropFromCloud: (uid: string) => Promise<void>;
  /** Time goes on. */
  readonly passDays: (days: number) => void;
  readonly writesOf: (work: () => Promise<unknown>) => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}

export interface CloudStageOptions {
  readonly kind?: FolderKind;
  readonly version?: Version;
  /** Where the gateway serves the Exchange side. */
  readonly servedAt?: string;
}

export async function openCloudStage(
  more: Partial<PairRules> = {},
  { kind = 'events', version = '33.0.3', servedAt }: CloudStageOptions = {},
): Promise<CloudStage> {
  const exchange = await openFixture();
  const cloud = await startNextcloudDouble({ version });
  const hosts = openDavHosts();
  const { uid, password } = cloud.alice;
  const home = await openRemote({ url: cloud.url, user: uid, password, hosts });
  const nextcloud = await home.create({ kind, displayName: 'Mirror' });
  const own = exchange[({ events: 'calendar', tasks: 'tasks', contacts: 'contacts' } as const)[kind]];
  const store = await openMirrorStore('memory:', { now: exchange.now });
  const rules: PairRules = { ...plainRules, ...more, kind };
  const events: MirrorEvent[] = [];
  const put = async (side: Collection, text: string): Promise<void> => {
    exchange.pass();
    const wanted = uidIn(text);
    const all = await membersOf(side);
    const present = all.find((each) => uidIn(each.text) === wanted);
    await side.put({
      href: present?.href ?? `own-${wanted}${kind === 'contacts' ? '.vcf' : '.ics'}`,
      text,
      condition: {},
      mail: 'silent',
    });
  };
  return {
    exchange,
    cloud,
    events,
    store,
    async run(given) {
      events.length = 0;
      exchange.pass();
      const owner = openOwner(['alice@example.test'], exchange.home.addresses);
      return runPair({
        rules,
        sides: owner.learning(sidesWithFiles({ exchange: own, nextcloud })),
        store,
        texts: openTexts(rules, {
          ownAddresses: owner.addresses,
          now: exchange.now,
          ...(servedAt !== undefined && { servedAt }),
        }),
        seal: (text) => `sealed ${text}`,
        now: exchange.now,
        scope: 'changes',
        dryRun: false,
        isForced: false,
        writers: { exchange: 1, nextcloud: 1 },
        observe: (event) => void events.push(event),
        ...given,
      });
    },
    inExchange: async () => {
      exchange.pass();
      return byUid(await membersOf(own));
    },
    inCloud: async () => byUid(await membersOf(nextcloud)),
    toExchange: (text) => put(own, text),
    toCloud: (text) => put(nextcloud, text),
    async dropFromCloud(wanted) {
      const found = (await membersOf(nextcloud)).find(({ text }) => uidIn(text) === wanted);
      if (found === undefined) throw new Error(`no ${wanted}`);
      await nextcloud.remove(found.href, {}, 'silent');
    },
    passDays: (days) => exchange.pass(days * 86_400_000),
    async writesOf(work) {
      exchange.backend.resetCalls();
      cloud.double.log.length = 0;
      await work();
      const there = cloud.double.log.filter(({ method }) => ['PUT', 'DELETE', 'MOVE'].includes(method));
      const here = Object.keys(exchange.backend.calls()).filter((name) =>
        /create|update|delete|remove|move/i.test(name),
      );
      return [...there.map(({ method }) => method), ...here];
    },
    async close() {
      hosts.close();
      await cloud.close();
    },
  };
}

async function membersOf(side: Collection): Promise<readonly { href: string; text: string }[]> {
  const members = await side.members();
  const hrefs = members.map(({ href }) => href);
  const shape =
    side.folder.kind === 'contacts'
      ? ({ kind: 'address', version: '3.0' } as const)
      : ({ kind: 'whole' } as const);
  return (await side.read(hrefs, shape)).map(([href, outcome]) => ({
    href,
    text: unfolded(valueOf(outcome).text),
  }));
}

function byUid(members: readonly { readonly text: string }[]): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const { text } of members) texts[uidIn(text)] = (texts[uidIn(text)] ?? '') + text;
  return texts;
}

export function unfolded(text: string): string {
  return text.replaceAll(/\r\n[ \t]/g, '');
}

function uidIn(text: string): string {
  return /^UID:(.*)$/m.exec(text)?.[1]?.trim() ?? '';
}
