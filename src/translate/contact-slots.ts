// Several values of one property ⇄ the slots of a mailbox; what finds none is kept beside them.
import { paramOf, type Jcal } from './codec.ts';
import { propertiesOf, type ParseContext, type Rendered } from './rows.ts';
import { rendered } from './shared-rows.ts';

/** Several values become slots; what finds none is kept beside them. */
export interface SlotList<Slot extends string, Value> {
  readonly name: string;
  readonly field: 'emails' | 'phones' | 'addresses' | 'ims';
  readonly slots: readonly Slot[];
  /** Undefined: the property says nothing. */
  read(property: Jcal, context: ParseContext): Value | undefined;
  write(value: Value, slot: Slot): Jcal | undefined;
  /** Slots the property may take, the best first. */
  slotsFor(property: Jcal): readonly Slot[];
}

type Slots<Slot extends string, Value> = Partial<Record<Slot, Value>>;

export function fill<Slot extends string, Value>(
  list: SlotList<Slot, Value>,
  properties: readonly Jcal[],
  context: ParseContext,
): { filled: Slots<Slot, Value>; places: Map<Jcal, Slot> } {
  const filled: Slots<Slot, Value> = {};
  const places = new Map<Jcal, Slot>();
  for (const property of byPreference(properties)) {
    const value = list.read(property, context);
    const slot = list.slotsFor(property).find((each) => filled[each] === undefined);
    if (value === undefined || slot === undefined) continue;
    filled[slot] = value;
    places.set(property, slot);
  }
  return { filled, places };
}

/** `other` is no type of either version: said by saying none. */
export function typed(types: readonly string[]): Jcal[1] {
  return types.length > 0 ? { type: [...types] } : {};
}

/** PREF=1 first; without preference last, as they came. */
export function byPreference(properties: readonly Jcal[]): Jcal[] {
  const rank = (property: Jcal): number => Number(paramOf(property, 'pref') ?? 101) || 101;
  return [...properties].sort((a, b) => rank(a) - rank(b));
}

export function renderSlots<Slot extends string, Value>(
  list: SlotList<Slot, Value>,
  filled: Readonly<Slots<Slot, Value>>,
): Rendered[] {
  return list.slots.flatMap((slot) => {
    const value = filled[slot];
    return value === undefined ? [] : rendered(list.write(value, slot));
  });
}

const nobody: ParseContext = { ownAddresses: [], defaultZone: 'UTC', zoneOf: () => 'UTC' };

/** A slot that still says the same is shown in the client's words; values that had no slot stay. */
export function mergeSlots<Slot extends string, Value>(
  list: SlotList<Slot, Value>,
  kept: readonly Rendered[],
  shown: readonly Rendered[],
): Rendered[] {
  const given = propertiesOf(kept);
  const { places } = fill(list, given, nobody);
  const textOf = (property: Jcal): string => JSON.stringify(list.read(property, nobody) ?? '');
  const shownTexts = new Set(propertiesOf(shown).map(textOf));
  const inClientsWords = propertiesOf(shown).map(
    (property) => given.find((each) => places.has(each) && textOf(each) === textOf(property)) ?? property,
  );
  const beyond = given.filter((property) => !places.has(property) && !shownTexts.has(textOf(property)));
  return rendered(...new Set([...inClientsWords, ...beyond]));
}
