// What a mailbox holds → the text a client reads: text/calendar (RFC 5545) or text/vcard.
import { heldBy, type Stored } from '../model/backend.ts';
import type { Expression } from '../model/expression.ts';
import type { Item } from '../model/item.ts';
import type { Range } from '../model/time.ts';
import { instantOfWhen, resolveZone } from '../model/zones.ts';
import { envelopeOf, stringify, textOf, type Jcal, type JcalComponent } from './codec.ts';
import { composeItem } from './compose.ts';
import { byKind, eventKind } from './kinds.ts';
import { decodeResidue, type Residue } from './residue.ts';
import type { RenderContext } from './rows.ts';
import { renderCard } from './vcard.ts';
import { renderVtimezone } from './vtimezone.ts';

export interface RenderOptions {
  readonly uid: string;
  /** Whether a text is the UID of which `uid` is only a short name. */
  readonly isUid?: (whole: string) => boolean;
  /** `present`: what the mailbox holds; `item`: the same in the words of a client. */
  readonly express: (item: Item, present: Item | undefined) => Expression;
  readonly ownAddresses: readonly string[];
  readonly photos?: RenderContext['photos'];
  readonly vcard?: '3.0' | '4.0';
}

/** One object: usually one item, several when the owner was invited to single instances. */
export function renderStored(stored: readonly Stored[], options: RenderOptions): string {
  const residues = stored.map(({ tags }) => decodeResidue(tags.residue));
  const whole = residues.map((residue) => residue?.uid).find((uid) => uid !== undefined);
  // A message is known by a name of its own, and speaks of the UID of its event.
  const method = stored.find((each) => each.method)?.method;
  const eventUid = method && stored.find(({ item }) => item.kind === 'event')?.nativeUid;
  const context: RenderContext = {
    uid: eventUid ?? (whole !== undefined && options.isUid?.(whole) ? whole : options.uid),
    ownAddresses: options.ownAddresses,
    tellsStatus: true,
    ...(options.photos && { photos: options.photos }),
  };
  const render = (known: readonly (Residue | undefined)[]): string => {
    const components = stored.flatMap((from, index) =>
      byKind(from.item, (kind, each) =>
        composeItem(kind, each, {
          residue: known[index],
          context,
          express: (said) => options.express(said, heldBy(from)),
        }),
      ),
    );
    const [card] = components;
    if (card?.[0] === 'vcard') return renderCard(card, options.vcard ?? '3.0');
    return renderCalendar(components, {
      method,
      residue: known.find((each) => each),
      range: rangeOf(stored),
    });
  };
  if (residues.every((residue) => residue === undefined)) return render([]);
  try {
    return render(residues);
  } catch {
    // The tag can be written by every program of the mailbox's owner: what it holds must not hide the item.
    return render([]);
  }
}

const head: readonly Jcal[] = [
  ['version', {}, 'text', '2.0'],
  ['prodid', {}, 'text', '-//Exdav//Exdav//EN'],
  ['calscale', {}, 'text', 'GREGORIAN'],
];
const plainEnvelope = envelopeOf('vcalendar', head);

function renderCalendar(
  components: readonly JcalComponent[],
  { method, residue, range }: { method?: Stored['method']; residue: Residue | undefined; range: Range },
): string {
  const tzids = new Set<string>();
  components.forEach((component) => collectTzids(component, tzids));
  const kept = residue?.calendar ?? { properties: [], components: [] };
  const others = kept.components.filter(([name]) => name !== 'vtimezone');
  const zones = [...tzids].flatMap((tzid) => {
    const own = kept.components.find((each) => each[0] === 'vtimezone' && textOf(each, 'tzid') === tzid);
    const zone = own ?? vtimezoneOf(tzid, range);
    return zone ? [zone] : [];
  });
  const inner = [...zones, ...others, ...components];
  if (method === undefined && kept.properties.length === 0) return plainEnvelope(inner);
  const envelope: Jcal[] = [...head, ...(method ? [['method', {}, 'text', method] satisfies Jcal] : [])];
  return stringify(['vcalendar', [...envelope, ...kept.properties], inner]);
}

function collectTzids(component: JcalComponent, into: Set<string>): void {
  for (const [, params] of component[1]) {
    const { tzid } = params;
    if (typeof tzid === 'string') into.add(tzid);
  }
  for (const each of component[2]) collectTzids(each, into);
}

/** Of the zone that a name means, under the very name that is used (a client may say `W. Europe Standard Time`). */
export function vtimezoneOf(tzid: string, range: Range): JcalComponent | undefined {
  const zone = resolveZone(tzid);
  if (zone === undefined) return undefined;
  const component = renderVtimezone(zone, range);
  if (!component || textOf(component, 'tzid') === tzid) return component;
  const [name, properties, components] = component;
  return [
    name,
    properties.flatMap((each): Jcal[] => {
      if (each[0] === 'tzid') return [['tzid', {}, 'text', tzid]];
      return each[0] === 'x-lic-location' && /^[+-]/.test(zone) ? [] : [each];
    }),
    components,
  ];
}

/** The years that the times of an object touch; open where a rule does not say its last day. */
function rangeOf(stored: readonly Stored[]): Range {
  const ranges = stored.map(({ item }) => itemRange(item));
  const to = Math.max(...ranges.map((range) => range.to ?? Number.POSITIVE_INFINITY));
  return {
    from: Math.min(...ranges.map((range) => range.from ?? 0)),
    ...(Number.isFinite(to) && { to }),
  };
}

function itemRange(item: Item): Range {
  if (item.kind !== 'event') return { from: Date.UTC(2026, 0, 1) };
  const views = eventKind.views(item);
  const from = Math.min(...views.map((view) => instantOfWhen(view.start)));
  const end = item.recurrence?.end;
  if (end && end.kind !== 'until') return { from };
  const last = end ? [Date.parse(`${end.until}T00:00:00Z`)] : [];
  return { from, to: Math.max(...last, ...views.map((view) => instantOfWhen(view.end))) };
}
