// A group of people as a card: KIND:group and MEMBER (RFC 6350 §6.1.4, §6.6.5); 3.0 says them as Apple does.
import type { GroupItem, GroupMember } from '../model/group.ts';
import type { Item } from '../model/item.ts';
import { cardClassRow, cardUidRow, revisionRow } from './card-rows.ts';
import { paramOf, type Jcal } from './codec.ts';
import { mergeFirst, partsOf, textValue } from './contact-values.ts';
import { propertiesOf, type Rendered, type Row } from './rows.ts';
import { categoriesRow, firstText, rendered, textRow } from './shared-rows.ts';

type GroupRow = Row<GroupItem>;

/** Apple's clients take the name of a group from N. */
const nameRow: GroupRow = {
  claims: ['fn', 'n'],
  fields: ['fullName'],
  render({ fullName }) {
    const name = fullName || unnamed;
    return rendered(['fn', {}, 'text', name], ['n', {}, 'text', [name, '', '', '', '']]);
  },
  parse: (parts) => ({ fullName: firstText(parts, 'fn') }),
};

const unnamed = '(no name)';

/** What a group without FN is called. */
export function groupName(name: Jcal | undefined): string {
  return partsOf(name).find((part) => part !== '') ?? unnamed;
}

const kindRow: GroupRow = {
  claims: ['kind'],
  fields: [],
  render: () => rendered(['kind', {}, 'text', 'group']),
  parse: () => ({}),
};

/** A UID as a member is named by: itself where it is a URI, else as Apple writes them. */
function uriOfUid(uid: string): string {
  return /^[a-z][a-z0-9+.-]*:/i.test(uid) ? uid : `urn:uuid:${uid}`;
}

function uriOf({ uid, address }: GroupMember): string | undefined {
  if (uid !== undefined) return uriOfUid(uid);
  return address === '' ? undefined : `mailto:${address}`;
}

/** UUIDs and addresses are the same in letters of any case. */
function keyOf(uri: string): string {
  return uri.toLowerCase();
}

function memberOf(property: Jcal, present: Item | undefined): GroupMember {
  const uri = textValue(property);
  const held = present?.kind === 'group' ? present.members : [];
  const known = held.find((member) => keyOf(uriOf(member) ?? '') === keyOf(uri));
  if (known) return known;
  if (!/^mailto:/i.test(uri)) return { address: '', uid: uri.replace(/^urn:uuid:/i, '') };
  return { address: decoded(uri.slice('mailto:'.length).replace(/\?.*$/s, '')) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function renderMembers({ members }: GroupItem): readonly Rendered[] {
  return rendered(
    ...members.map((member): Jcal | undefined => {
      const uri = uriOf(member);
      return uri === undefined ? undefined : ['member', {}, 'uri', uri];
    }),
  );
}

/** In kept parts: one that the mailbox held, and that is kept for the client's words only. */
const heldParam = 'x-exdav-held';

const membersRow: GroupRow = {
  claims: ['member'],
  // Who is named by a card that has come in the meantime is found when the same text is put again.
  isAlwaysRead: true,
  fields: ['members'],
  isBeside: true,
  render: renderMembers,
  parse(parts, { present }) {
    // What a card cannot show, a client cannot have meant to take away.
    const members =
      present?.kind === 'group' ? present.members.filter((member) => uriOf(member) === undefined) : [];
    const named = new Set<string>();
    for (const property of propertiesOf(parts)) {
      const member = memberOf(property, present);
      const key = keyOf(uriOf(member) ?? '');
      if (key === '' || named.has(key)) continue;
      named.add(key);
      members.push(member);
    }
    return { members };
  },
  /** Those that the mailbox does not hold, and words for others that are not the usual ones. */
  keepable(parts, item) {
    const usual = new Map(
      propertiesOf(renderMembers(item)).map((property) => [keyOf(textValue(property)), property]),
    );
    return rendered(
      ...propertiesOf(parts).map((property): Jcal | undefined => {
        const same = usual.get(keyOf(textValue(property)));
        if (!same) return property;
        const isUsual = property[3] === same[3] && Object.keys(property[1]).length === 0;
        return isUsual
          ? undefined
          : [property[0], { ...property[1], [heldParam]: '1' }, property[2], property[3]];
      }),
    );
  },
  merge(kept, shown) {
    const given = propertiesOf(kept);
    const now = propertiesOf(shown);
    const said = new Set(now.map((property) => keyOf(textValue(property))));
    const words = new Map(given.map((property) => [keyOf(textValue(property)), property]));
    const beyond = given.filter((property) => !isHeld(property) && !said.has(keyOf(textValue(property))));
    return rendered(...now.map((property) => words.get(keyOf(textValue(property))) ?? property), ...beyond);
  },
};

function isHeld(property: Jcal): boolean {
  return paramOf(property, heldParam) !== undefined;
}

const noteRow = textRow('note', 'note');

/** What no card speaks of: a PUT leaves it as the mailbox has it. */
const createdRow: GroupRow = {
  claims: [],
  fields: ['created'],
  render: () => [],
  parse: (_, { present }) =>
    present?.kind === 'group' && present.created !== undefined ? { created: present.created } : {},
};

export const groupRows: readonly GroupRow[] = [
  cardUidRow,
  nameRow,
  kindRow,
  membersRow,
  {
    ...noteRow,
    merge: (kept: readonly Rendered[], shown: readonly Rendered[]) => mergeFirst(['note'], kept, shown),
  },
  categoriesRow,
  cardClassRow,
  createdRow,
  revisionRow,
];
