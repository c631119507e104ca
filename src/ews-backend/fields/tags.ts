// Tags (DESIGN §4): the few named properties of the project on items and folders, those of other gateways that are
// honoured, and the MAPI properties that the listing leans on (BEHAVIOUR §18).
import type { Tags } from '../../model/backend.ts';
import type { ItemKind } from '../../model/item.ts';
import type { XmlElement } from '../../xml/index.ts';
import { extendedOf, type ExtendedPath } from './path.ts';
import { extendedProperty, type Property } from './row.ts';

/** The one property set of the project. Never to be changed: it is in people's mailboxes. */
const propertySet = '18304321-fd8b-4638-a56f-ecd647c072bb';

function tag(name: string): ExtendedPath {
  return { kind: 'extended', set: propertySet, name, type: 'String' };
}

export const tagFields = {
  uid: tag('exdav-uid'),
  href: tag('exdav-href'),
  residue: tag('exdav-residue'),
  unsent: tag('exdav-unsent'),
  /** On a message of the Inbox: a DAV client has put it away, the mail stays. */
  dismissed: tag('exdav-dismissed'),
  folder: {
    key: tag('exdav-key'),
    color: tag('exdav-color'),
    order: tag('exdav-order'),
    description: tag('exdav-description'),
    timezone: tag('exdav-timezone'),
    dead: tag('exdav-dead'),
  },
} as const;

/** Read, never written: what other gateways left, and what Exchange keeps itself. */
export const foreignFields = {
  /** UID by the EWS connector of Nextcloud. */
  davUid: { kind: 'extended', wellKnownSet: 'PublicStrings', name: 'DAV:uid', type: 'String' },
  /** Resource name by DavMail (`<name>.EML`). */
  urlName: { kind: 'extended', tag: '0x10f3', type: 'String' },
  searchKey: { kind: 'extended', tag: '0x300B', type: 'Binary' },
  sourceKey: { kind: 'extended', tag: '0x65E0', type: 'Binary' },
  clipStart: { kind: 'extended', wellKnownSet: 'Appointment', id: 0x8235, type: 'SystemTime' },
  clipEnd: { kind: 'extended', wellKnownSet: 'Appointment', id: 0x8236, type: 'SystemTime' },
} as const satisfies Record<string, ExtendedPath>;

/** Values of this length are cut off in listings and say nothing (BEHAVIOUR §4). */
const cutLength = 255;

export interface Identity {
  readonly nativeUid?: string;
  readonly tags: Tags;
}

const extensions = {
  event: '.ics',
  task: '.ics',
  contact: '.vcf',
  group: '.vcf',
} satisfies Record<ItemKind, string>;

/** Names of an item. `listed`: long values may have been cut and are not believed. */
export function identityOf(
  element: XmlElement,
  kind: ItemKind,
  { uid, listed }: { uid?: string; listed: boolean },
): Identity {
  const whole = (text: string | undefined): string | undefined =>
    text === undefined || text === '' || (listed && text.length >= cutLength) ? undefined : text;
  const nativeUid =
    kind === 'event'
      ? whole(uid)
      : (whole(extendedOf(element, foreignFields.davUid)) ?? searchKeyOf(element));
  const tags = {
    uid: whole(extendedOf(element, tagFields.uid)),
    href:
      whole(extendedOf(element, tagFields.href)) ??
      davMailHref(whole(extendedOf(element, foreignFields.urlName)), kind),
    residue: listed ? undefined : whole(extendedOf(element, tagFields.residue)),
    unsent: listed ? undefined : whole(extendedOf(element, tagFields.unsent)),
  };
  return { ...definedOf({ nativeUid }), tags: definedOf(tags) };
}

/** Hex, so that its order is that of the bytes. */
export function sourceKeyOf(element: XmlElement): string {
  return hexOf(extendedOf(element, foreignFields.sourceKey)) ?? '';
}

function searchKeyOf(element: XmlElement): string | undefined {
  return hexOf(extendedOf(element, foreignFields.searchKey));
}

function hexOf(base64: string | undefined): string | undefined {
  return base64 === undefined || base64 === ''
    ? undefined
    : Buffer.from(base64, 'base64').toString('hex').toUpperCase();
}

/** DavMail stores `name.ics` as `name.EML`; other programs put subjects there. */
function davMailHref(name: string | undefined, kind: ItemKind): string | undefined {
  return name !== undefined && /.\.EML$/i.test(name) ? name.slice(0, -4) + extensions[kind] : undefined;
}

const tagNames = ['uid', 'href', 'residue', 'unsent'] as const;

/** Every tag as a property; an empty text is none. */
export function tagProperties(tags: Tags): readonly Property[] {
  return tagNames.map((name) => tagProperty(name, tags[name]));
}

/** What differs. A tag that is not given stays as it is, an empty one goes. */
export function changedTags(before: Tags, after: Tags): readonly Property[] {
  return tagNames.flatMap((name) =>
    after[name] === undefined || after[name] === (before[name] ?? '') ? [] : [tagProperty(name, after[name])],
  );
}

/** Set before the first of several calls of which the last sends, taken away by that one. */
export function unsentMark(isSet: boolean): Property {
  return tagProperty('unsent', isSet ? '1' : '');
}

function tagProperty(name: (typeof tagNames)[number], value: string | undefined): Property {
  return extendedProperty(tagFields[name], value ?? '');
}

/** Without the members that are undefined. */
function definedOf<T extends object>(value: T): Partial<T> {
  const found: Partial<T> = {};
  for (const key in value) if (value[key] !== undefined) found[key] = value[key];
  return found;
}
