// A client's vCard → ContactItem (RFC 6352 §5.1: one card, one UID).
import { emptyContact, type ContactItem } from '../model/item.ts';
import type { Incoming, IncomingContext } from './calendar-object.ts';
import { parseRendered, textOf, type JcalComponent } from './codec.ts';
import { TranslateError } from './errors.ts';
import { substituteName } from './contact-rows.ts';
import { shownRows } from './compose.ts';
import { contactKind, masterKey } from './kinds.ts';
import { decodeResidue } from './residue.ts';
import { parseRows, propertiesOf, takeApart, type ParseContext, type Rendered } from './rows.ts';
import { renderCard } from './vcard.ts';
import { canonicalCard } from './vcard-canonical.ts';

/** @throws TranslateError */
export function parseContact(root: JcalComponent, context: IncomingContext): Incoming {
  const card = withFullName(canonicalCard(root));
  const uid = textOf(card, 'uid')?.trim();
  if (!uid) throw new TranslateError('missing-uid', 'a card needs a UID (RFC 6352 §5.1)', 'UID');
  if (card[1].filter(([name]) => name === 'uid').length > 1) {
    throw new TranslateError('not-one-object', 'two UIDs in one card', 'UID');
  }
  const held = context.present?.item;
  const present = held?.kind === 'contact' ? held : undefined;
  const zone = context.defaultZone ?? 'UTC';
  const reading: ParseContext = {
    ownAddresses: context.ownAddresses,
    defaultZone: zone,
    zoneOf: () => zone,
    ...(present && { present }),
  };
  const taken = takeApart(contactKind.rows, card);
  const shown = shownIn(root, present, context);
  const item = parseRows(contactKind.rows, taken.rows, {
    base: emptyContact,
    context: reading,
    ...(present && { present }),
    ...(shown && { shown }),
  });
  return {
    uid,
    item,
    document: {
      zone,
      ownAddresses: context.ownAddresses,
      parts: [{ key: masterKey, taken }],
      calendar: { properties: [], components: [] },
    },
  };
}

/** What a client was shown, as a card of its version says it: 4.0 has lost some types. */
function shownIn(
  root: JcalComponent,
  present: ContactItem | undefined,
  { present: stored, ownAddresses, express }: IncomingContext,
): readonly (readonly Rendered[])[] | undefined {
  const residue = decodeResidue(stored?.tags.residue);
  if (present === undefined || residue === undefined || express === undefined) return undefined;
  const shown = shownRows(contactKind, present, { residue, express, context: { uid: '', ownAddresses } });
  const version = textOf(root, 'version') === '4.0' ? '4.0' : '3.0';
  const text = renderCard([root[0], propertiesOf([...shown.values()].flat(2)), []], version);
  return takeApart(contactKind.rows, canonicalCard(parseRendered(text))).rows;
}

/** FN must not be missing or empty (RFC 6350 §6.2.1); who leaves it out means the other names. */
function withFullName(card: JcalComponent): JcalComponent {
  if (textOf(card, 'fn')?.trim()) return card;
  const [name, properties, components] = card;
  const others = properties.filter((property) => property[0] !== 'fn');
  const { rows } = takeApart(contactKind.rows, [name, others, components]);
  const context: ParseContext = { ownAddresses: [], defaultZone: 'UTC', zoneOf: () => 'UTC' };
  const item = parseRows(contactKind.rows, rows, { base: emptyContact, context });
  return [name, [['fn', {}, 'text', substituteName(item)], ...others], components];
}
