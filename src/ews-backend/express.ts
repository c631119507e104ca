// How Exchange would hold an item: what a read gives after a write, or the part that it cannot hold (DESIGN §3).
import type { Expression } from '../model/expression.ts';
import type { GroupItem, GroupMember } from '../model/group.ts';
import type { ContactItem, Item, TaskItem } from '../model/item.ts';
import type { ZoneId } from '../model/time.ts';
import { expressEvent } from './express-recurring.ts';
import { heldAttachments } from './fields/attachment-fields.ts';
import { heldPerson, smtpOf } from './fields/people.ts';
import { isEqual } from './fields/row.ts';
import { consistentProgress, firstDateOf } from './fields/task-fields.ts';
import { heldBody, heldLine, heldList, heldShort, heldText, heldUri } from './fields/texts.ts';
import { parseId } from './ids.ts';
import { patternOf } from './recurrence.ts';
import { ruleOf } from './recurrence-rule.ts';

/**
 * `dayZone`: the mailbox's own zone, which times without zone mean; UTC when it is not known.
 * `present`: what Exchange holds already; of its times and pattern it is believed that they can be held.
 */
export function express(item: Item, dayZone: ZoneId = 'UTC', present?: Item): Expression {
  switch (item.kind) {
    case 'event':
      return exactness(expressEvent(item, dayZone, present?.kind === 'event' ? present : undefined));
    case 'task':
      return exactness(expressTask(item, present?.kind === 'task' ? present : undefined));
    case 'contact':
      return { kind: 'ok', held: heldContact(item, present?.kind === 'contact' ? present : undefined) };
    case 'group':
      return { kind: 'ok', held: heldGroup(item) };
  }
}

/** Exchange makes its own words of HTML, and its own next instance of a task. */
function exactness(expression: Expression): Expression {
  if (expression.kind === 'refuse') return expression;
  const { held } = expression;
  if (held.kind !== 'event' && held.kind !== 'task') return expression;
  const isApproximate =
    held.kind === 'task'
      ? held.formatted !== undefined || held.instanceDone !== undefined
      : [held, ...held.overrides].some(({ formatted }) => formatted !== undefined);
  return isApproximate ? { ...expression, isApproximate } : expression;
}

function expressTask(item: TaskItem, present: TaskItem | undefined): Expression {
  const held: TaskItem = {
    ...item,
    ...consistentProgress(item),
    summary: heldShort(item.summary),
    description: heldBody(item.description),
    categories: heldList(item.categories),
    attachments: heldAttachments(item.attachments),
    ...(item.reminderAt !== undefined && { reminderAt: Math.floor(item.reminderAt / 1000) * 1000 }),
  };
  if (item.recurrence === undefined) return { kind: 'ok', held };
  // What Exchange holds it can hold: another program may have moved the dates away from the pattern.
  if (present && isEqual(seriesIn(item), seriesIn(present)))
    return { kind: 'ok', held: { ...held, recurrence: present.recurrence } };
  const date = firstDateOf(item);
  if (date === undefined)
    return { kind: 'refuse', part: 'DTSTART', reason: 'a recurring task needs a start or a due date' };
  const pattern = patternOf(item.recurrence, { date });
  if (pattern.kind === 'refuse') return pattern;
  return { kind: 'ok', held: { ...held, recurrence: ruleOf(pattern, date, item.recurrence.end) } };
}

function seriesIn({ start, due, recurrence }: TaskItem): readonly unknown[] {
  return [start, due, recurrence];
}

const lineFields = [
  'fullName',
  'nickname',
  'company',
  'department',
  'office',
  'title',
  'profession',
  'manager',
  'assistant',
  'spouse',
] as const satisfies readonly (keyof ContactItem)[];

function heldContact(item: ContactItem, present: ContactItem | undefined): ContactItem {
  const lines: Partial<Record<(typeof lineFields)[number], string>> = {};
  for (const name of lineFields) lines[name] = heldLine(item[name]);
  const { prefix, given, middle, family, suffix } = item.name;
  return {
    ...item,
    ...lines,
    fileAs: heldLine(item.fileAs ?? '') || undefined,
    name: {
      prefix: heldLine(prefix),
      given: heldLine(given),
      middle: heldLine(middle),
      family: heldLine(family),
      suffix: heldLine(suffix),
    },
    emails: {
      ...heldSlots(item.emails, ({ address, name }) => {
        const smtp = smtpOf(heldLine(address));
        return smtp === '' ? undefined : heldPerson({ address: smtp, name: heldLine(name ?? '') });
      }),
      ...knownByName(item.emails, present?.emails),
    },
    phones: heldSlots(item.phones, (text) => heldLine(text) || undefined),
    ims: heldSlots(item.ims, (text) => heldLine(text) || undefined),
    phonetic: {
      given: heldLine(item.phonetic.given),
      family: heldLine(item.phonetic.family),
      company: heldLine(item.phonetic.company),
    },
    addresses: heldSlots(item.addresses, ({ street, city, region, postalCode, country, box = '' }) => {
      const held = {
        street: heldText(street).trim(),
        city: heldText(city).trim(),
        region: heldText(region).trim(),
        postalCode: heldText(postalCode).trim(),
        country: heldText(country).trim(),
        ...(heldText(box).trim() !== '' && { box: heldText(box).trim() }),
      };
      return Object.values(held).join('') === '' ? undefined : held;
    }),
    children: heldList(item.children),
    pages: heldPages(item.pages),
    freeBusyUrl: heldLine(item.freeBusyUrl),
    hobbies: heldLine(item.hobbies),
    note: heldBody(item.note),
    categories: heldList(item.categories),
  };
}

function heldGroup(item: GroupItem): GroupItem {
  return {
    ...item,
    // The name of a list is its subject, too.
    fullName: heldShort(item.fullName),
    members: heldMembers(item.members),
    note: heldBody(item.note),
    categories: heldList(item.categories),
  };
}

/**
 * Each once. A list is there to write to: Exchange takes no contact without an address. What is on the list already is left
 * as it is.
 */
function heldMembers(members: readonly GroupMember[]): readonly GroupMember[] {
  const held = new Map<string, GroupMember>();
  for (const member of members) {
    const { id, uid, address, name } = member;
    const smtp = smtpOf(heldLine(address));
    const isList = id !== undefined && parseId(id).kind === 'group';
    const key = member.key ?? id ?? smtp.toLowerCase();
    if (member.key !== undefined) held.set(key, member);
    else if ((smtp !== '' || isList) && !held.has(key))
      held.set(key, {
        ...heldPerson({ address: smtp, name: heldLine(name ?? '') }),
        ...(id !== undefined && { id }),
        ...(uid !== undefined && { uid }),
      });
  }
  return [...held.values()];
}

type Emails = ContactItem['emails'];

/** Slots that Exchange holds under a name of its own, and that nobody has changed. */
function knownByName(emails: Emails, present: Emails | undefined): Emails {
  const slots = ['email1', 'email2', 'email3'] as const;
  const same = slots.filter((slot) => emails[slot]?.address === '' && present?.[slot]?.address === '');
  return Object.fromEntries(same.map((slot) => [slot, present?.[slot]]));
}

function heldPages({ business, personal }: ContactItem['pages']): ContactItem['pages'] {
  const [held, own] = [heldUri(business ?? ''), heldLine(personal ?? '')];
  return { ...(held !== '' && { business: held }), ...(own !== '' && { personal: own }) };
}

function heldSlots<Slots extends object>(
  slots: Slots,
  hold: (value: NonNullable<Slots[keyof Slots]>) => NonNullable<Slots[keyof Slots]> | undefined,
): Slots {
  const held = { ...slots };
  for (const slot in slots) {
    const value = slots[slot];
    const kept = value === undefined || value === null ? undefined : hold(value);
    if (kept === undefined) delete held[slot];
    else Object.assign(held, { [slot]: kept });
  }
  return held;
}
