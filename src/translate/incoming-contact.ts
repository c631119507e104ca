// A client's vCard → ContactItem or GroupItem (RFC 6352 §5.1: one card, one UID).
import { emptyGroup } from '../model/group.ts';
import { emptyContact, type Item } from '../model/item.ts';
import type { Incoming, IncomingContext } from './calendar-object.ts';
import { parseRendered, textOf, type JcalComponent } from './codec.ts';
import { TranslateError } from './errors.ts';
import { shownRows } from './compose.ts';
import { substituteName } from './contact-name-rows.ts';
import { groupName } from './group-rows.ts';
import { contactKind, groupKind, masterKey, type Kind } from './kinds.ts';
import { decodeResidue } from './residue.ts';
import {
  isSameMeaning,
  parseRows,
  propertiesOf,
  takeApart,
  type ParseContext,
  type Rendered,
  type TakenApart,
} from './rows.ts';
import { renderCard } from './vcard.ts';
import type { CardVersion } from './vcard-facts.ts';
import { canonicalCard } from './vcard-canonical.ts';

/** @throws TranslateError */
export function parseContact(root: JcalComponent, context: IncomingContext): Incoming {
  const card = canonicalCard(root);
  const isGroup = textOf(card, 'kind')?.trim().toLowerCase() === 'group';
  const version = textOf(root, 'version') === '4.0' ? '4.0' : '3.0';
  return isGroup
    ? parseCard(groupKind, { card: withGroupName(card), base: emptyGroup, version }, context)
    : parseCard(contactKind, { card: withFullName(card), base: emptyContact, version }, context);
}

function parseCard<T extends Item>(
  kind: Kind<T>,
  { card, base, version }: { card: JcalComponent; base: T; version: CardVersion },
  context: IncomingContext,
): Incoming {
  const uid = textOf(card, 'uid')?.trim();
  if (!uid) throw new TranslateError('missing-uid', 'a card needs a UID (RFC 6352 §5.1)', 'UID');
  if (card[1].filter(([name]) => name === 'uid').length > 1) {
    throw new TranslateError('not-one-object', 'two UIDs in one card', 'UID');
  }
  const held = context.present?.item;
  const present = held && kind.isOf(held) ? held : undefined;
  const zone = context.defaultZone ?? 'UTC';
  const reading: ParseContext = {
    ownAddresses: context.ownAddresses,
    defaultZone: zone,
    zoneOf: () => zone,
    ...(present && { present }),
  };
  const taken = takeApart(kind.rows, card);
  const shown = shownIn(kind, present, { version, context });
  const item = parseRows(kind.rows, taken.rows, {
    base,
    context: reading,
    ...(present && { present }),
    ...(shown && { shown: shown.toClient }),
  });
  return {
    uid,
    item,
    document: {
      zone,
      zones: new Map(),
      ownAddresses: context.ownAddresses,
      parts: [{ key: masterKey, taken: shown ? inKeptWords(kind, taken, shown) : taken }],
      calendar: { properties: [], components: [] },
    },
  };
}

/** What a client was shown, by row. */
interface Shown {
  /** As it is kept and held. */
  readonly before: readonly (readonly Rendered[])[];
  /** As a card of the client's version says it: 4.0 has lost some types. */
  readonly toClient: readonly (readonly Rendered[])[];
}

function shownIn<T extends Item>(
  kind: Kind<T>,
  present: T | undefined,
  { version, context }: { version: CardVersion; context: IncomingContext },
): Shown | undefined {
  const { present: stored, ownAddresses, express } = context;
  if (present === undefined || express === undefined) return undefined;
  const residue = decodeResidue(stored?.tags.residue);
  const shown = shownRows(kind, present, { residue, express, context: { uid: '', ownAddresses } });
  const before = [...shown.values()].flat();
  const text = renderCard(['vcard', propertiesOf(before.flat()), []], version);
  return { before, toClient: takeApart(kind.rows, canonicalCard(parseRendered(text))).rows };
}

/** What comes back as it was shown stays in the words and the order in which it was kept: by them its slots are found. */
function inKeptWords<T extends Item>(
  kind: Kind<T>,
  taken: TakenApart,
  { before, toClient }: Shown,
): TakenApart {
  const rows = taken.rows.map((given, index) => {
    const isAsShown = kind.rows[index]?.isAlwaysRead !== true && isSameMeaning(given, toClient[index] ?? []);
    return isAsShown ? (before[index] ?? given) : given;
  });
  return { ...taken, rows };
}

/** FN must not be missing or empty (RFC 6350 §6.2.1); who leaves it out means the other names. */
function withFullName(card: JcalComponent): JcalComponent {
  return withName(card, (others) => {
    const { rows } = takeApart(contactKind.rows, others);
    const context: ParseContext = { ownAddresses: [], defaultZone: 'UTC', zoneOf: () => 'UTC' };
    return substituteName(parseRows(contactKind.rows, rows, { base: emptyContact, context }));
  });
}

function withGroupName(card: JcalComponent): JcalComponent {
  return withName(card, (others) => groupName(others[1].find((each) => each[0] === 'n')));
}

function withName(card: JcalComponent, nameOf: (others: JcalComponent) => string): JcalComponent {
  if (textOf(card, 'fn')?.trim()) return card;
  const [name, properties, components] = card;
  const others: JcalComponent = [name, properties.filter((property) => property[0] !== 'fn'), components];
  return [name, [['fn', {}, 'text', nameOf(others)], ...others[1]], components];
}
