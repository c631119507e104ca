// Which members belong together: a member that was renamed is no deletion, and an object that is on both sides already is
// adopted, never doubled.
import type { Side, Twin } from '../model/mirror-store.ts';
import type { Reader } from './look.ts';
import { bothSides } from './pair.ts';
import type { RunInput } from './run-input.ts';
import { batchSize, chunksOf, identify, identitiesOf, type Identity, type Unknown } from './unknown.ts';
import { isMissing, type Unit, type WorkList } from './units.ts';

interface Context {
  readonly input: RunInput;
  readonly reader: Reader;
}

/** The units of a run, in batches. */
export async function* unitsOf(context: Context, work: WorkList): AsyncIterable<readonly Unit[]> {
  const { reader } = context;
  const { batchSize: size = batchSize } = context.input;
  const nextcloud = await identify(reader, 'nextcloud', work.unknown.nextcloud);
  // In a first run nothing can have been renamed: Exchange is read batch by batch.
  const isFirst = work.known.length === 0;
  const exchange = isFirst ? undefined : await identify(reader, 'exchange', work.unknown.exchange);
  const known = await claimed(context, work.known, { nextcloud, ...(exchange && { exchange }) });
  // A group names people who may be new themselves: they come first.
  const hasGroups = context.input.rules.kind === 'contacts';
  if (!hasGroups) yield* chunksOf(known, size);
  const rest = exchange?.all().map(({ href, etag }) => [href, etag] as const) ?? [...work.unknown.exchange];
  const alike: Identity[] = [];
  for (const batch of chunksOf(rest, size)) {
    const units: Unit[] = [];
    for (const identity of await identitiesOf(reader, 'exchange', batch)) {
      const other = nextcloud.take(identity.uid) ?? nextcloud.takeConnectors(identity.uid);
      if (other === undefined && mayBeAlike(nextcloud, identity)) alike.push(identity);
      else units.push(newUnit({ exchange: identity, ...(other && { nextcloud: other }) }, 'uid'));
    }
    yield units;
  }
  // Only now is it certain that no other object of Exchange has that UID.
  yield* chunksOf(
    alike.map((identity) => {
      const other = nextcloud.takeAlike(identity.fingerprint);
      return newUnit({ exchange: identity, ...(other && { nextcloud: other }) }, 'content');
    }),
    size,
  );
  for (const isGroup of [false, true])
    yield* chunksOf(
      nextcloud
        .all()
        .filter((identity) => identity.isGroup === isGroup)
        .map((identity) => newUnit({ nextcloud: identity })),
      size,
    );
  if (hasGroups) yield* chunksOf(known, size);
}

function mayBeAlike(nextcloud: Unknown, { fingerprint }: Identity): boolean {
  return fingerprint !== '' && nextcloud.hasAlike(fingerprint);
}

function newUnit(members: Partial<Record<Side, Identity>>, joinedBy?: Unit['joinedBy']): Unit {
  const isJoined = bothSides.every((side) => members[side] !== undefined);
  return { touched: touchedBy(members), tries: 0, ...(isJoined && joinedBy && { joinedBy }) };
}

function touchedBy(members: Partial<Record<Side, Identity>>): Unit['touched'] {
  const touched: { -readonly [Key in Side]?: Unit['touched'][Key] } = {};
  for (const side of bothSides) {
    const member = members[side];
    if (member) touched[side] = { kind: 'fresh', href: member.href, etag: member.etag };
  }
  return touched;
}

/** Known objects, with members that nobody knew by name but whose UID is theirs. */
async function claimed(
  { input }: Context,
  known: readonly Unit[],
  unknown: Partial<Record<Side, Unknown>>,
): Promise<readonly Unit[]> {
  const units = new Map(known.map((unit) => [unit.twin?.uid ?? '', unit]));
  const uids = bothSides.flatMap((side) => unknown[side]?.all().map(({ uid }) => uid) ?? []);
  for (const batch of chunksOf([...new Set(uids)], batchSize * 8))
    for (const twin of await input.store.twins(input.rules.name, batch))
      if (!units.has(twin.uid)) units.set(twin.uid, { twin, touched: {}, tries: 0 });
  for (const side of bothSides)
    for (const [uid, unit] of units) units.set(uid, withMember(unit, side, unknown[side]));
  return [...units.values()].filter(({ touched }) => bothSides.some((side) => touched[side] !== undefined));
}

function withMember(unit: Unit, side: Side, unknown: Unknown | undefined): Unit {
  const { twin, touched } = unit;
  const isFree = twin?.sides[side] === undefined || isMissing(touched[side]);
  const found = isFree && twin ? unknown?.take(uidOn(twin, side)) : undefined;
  return found ? { ...unit, touched: { ...touched, ...touchedBy({ [side]: found }) } } : unit;
}

function uidOn(twin: Twin, side: Side): string {
  return twin.sides[side]?.uid ?? twin.uid;
}
