// Several values of one property ⇄ the slots of a mailbox; what finds none is kept beside them.
import { inWordsOf, typesOf } from './contact-values.ts';
import { paramOf, type Jcal } from './codec.ts';
import { isDeepEqual, propertiesOf, type ParseContext, type Rendered } from './rows.ts';
import { rendered } from './shared-rows.ts';

export interface SlotList<Slot extends string, Value> {
  readonly slots: readonly Slot[];
  /** Undefined: the property says nothing. */
  read(property: Jcal, context: ParseContext): Value | undefined;
  write(value: Value, slot: Slot): Jcal | undefined;
  /** Slots the property may take, the best first. */
  slotsFor(property: Jcal): readonly Slot[];
  /** The same value twice is one (an account that older clients name by another property too). */
  readonly isDistinct?: boolean;
  /** What Outlook wrote into a slot, in the words that the client had for it; default: its name and parameters. */
  inWords?(words: Jcal, now: Jcal, isSame: boolean): Jcal;
}

type Slots<Slot extends string, Value> = Partial<Record<Slot, Value>>;

/** `occupied`: slots with what no card can show; they are not given away. */
export function fill<Slot extends string, Value>(
  list: SlotList<Slot, Value>,
  properties: readonly Jcal[],
  { context, occupied }: { context: ParseContext; occupied?: Readonly<Slots<Slot, Value>> },
): { filled: Slots<Slot, Value>; places: Map<Jcal, Slot> } {
  const filled: Slots<Slot, Value> = { ...occupied };
  const places = new Map<Jcal, Slot>();
  for (const property of byPreference(properties)) {
    const value = list.read(property, context);
    if (value === undefined) continue;
    const slot =
      (list.isDistinct && list.slots.find((each) => isDeepEqual(filled[each], value))) ||
      list.slotsFor(property).find((each) => filled[each] === undefined);
    if (!slot) continue;
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

/**
 * A slot is shown in the words that the client had for it (its label stays with the number that Outlook changed); values
 * that had no slot stay.
 */
export function mergeSlots<Slot extends string, Value>(
  list: SlotList<Slot, Value>,
  kept: readonly Rendered[],
  shown: readonly Rendered[],
): Rendered[] {
  const given = propertiesOf(kept);
  const now = propertiesOf(shown);
  const { places } = fill(list, given, { context: nobody });
  const textOf = (property: Jcal): string => JSON.stringify(list.read(property, nobody) ?? '');
  const slotOf = slotsOfShown(list, now);
  const wordsOf = new Map<Jcal, Jcal>();
  const take = (fits: (words: Jcal, property: Jcal) => boolean): void => {
    const used = new Set(wordsOf.values());
    for (const property of now) {
      if (wordsOf.has(property)) continue;
      const words = given.find((each) => places.has(each) && !used.has(each) && fits(each, property));
      if (!words) continue;
      wordsOf.set(property, words);
      used.add(words);
    }
  };
  const isSameText = (words: Jcal, property: Jcal): boolean => textOf(words) === textOf(property);
  const isSameSlot = (words: Jcal, property: Jcal): boolean => places.get(words) === slotOf.get(property);
  take((words, property) => isSameText(words, property) && isSameSlot(words, property));
  take(isSameText);
  take(isSameSlot);
  const inClientsWords = now.map((property) => {
    const words = wordsOf.get(property);
    if (!words) return property;
    const isSame = isSameText(words, property);
    if (list.inWords) return list.inWords(words, property, isSame);
    return isSame ? words : inWordsOf(words, property);
  });
  const said = new Set(now.map(textOf));
  const used = new Set(wordsOf.values());
  const beyond = given.filter((property) => {
    if (used.has(property)) return false;
    // What a client says twice is in one slot: both lines are its words.
    const isTwice = list.isDistinct === true && places.has(property);
    return isTwice ? said.has(textOf(property)) : !places.has(property) && !said.has(textOf(property));
  });
  return rendered(...inClientsWords, ...beyond);
}

/** From which slot each property was written: the first of its types that no other one takes. */
function slotsOfShown<Slot extends string, Value>(
  list: SlotList<Slot, Value>,
  shown: readonly Jcal[],
): ReadonlyMap<Jcal, Slot> {
  const found = new Map<Jcal, Slot>();
  for (const property of shown) {
    const value = list.read(property, nobody);
    const taken = new Set(found.values());
    const slot = list.slots.find((each) => {
      const written = value === undefined || taken.has(each) ? undefined : list.write(value, each);
      return written !== undefined && isDeepEqual(typesOf(written), typesOf(property));
    });
    if (slot !== undefined) found.set(property, slot);
  }
  return found;
}
