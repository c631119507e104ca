// Mailboxes to begin with: the same on every start of one day, whatever runs before.
import {
  addFolder,
  addMailbox,
  folderOf,
  grant,
  levels,
  type Folder,
  type Instant,
  type Mailbox,
  type World,
} from '../state/index.ts';
import {
  addEvent,
  addJourney,
  addOthersMeeting,
  addOwnMeeting,
  addSingle,
  addWholeDays,
  anyDay,
  dayMs,
  timesOf,
  type Sowing,
} from './calendar.ts';
import { addContact, addList } from './contacts.ts';
import { sowDirectory } from './directory.ts';
import { sowPublicFolders } from './public-folders.ts';
import { openRandom } from './random.ts';
import { addSeries, seriesPlans } from './series.ts';
import { addRecurringTask, addTask, recurringTasks } from './tasks.ts';
import { subjects } from './words-table.ts';

export type Seed = 'none' | 'small' | 'large' | number;

/** Fills the mailboxes of alice, bob and carol (made here where they are missing) around a day, by default today. */
export function seedWorld(world: World, seed: Seed, today: Instant = world.now()): void {
  const alice = mailboxNamed(world, 'alice');
  const bob = mailboxNamed(world, 'bob');
  const carol = mailboxNamed(world, 'carol');
  if (seed === 'none') return;
  const sowing: Sowing = {
    world,
    random: openRandom(typeof seed === 'number' ? seed : 20_250_101),
    today: Math.floor(today / dayMs) * dayMs,
    owner: alice,
  };
  if (typeof seed === 'number') {
    sowPlain(sowing, folderOf(alice, 'calendar'), seed);
    return;
  }
  sowSmall(sowing, alice);
  sowShared(sowing, [bob, carol], alice);
  if (seed === 'large') sowLarge(sowing, alice);
  sowDirectory(world, [alice, bob, carol], sowing.today);
  sowPublicFolders(sowing, alice);
}

function mailboxNamed(world: World, name: string): Mailbox {
  const address = `${name}@example.test`;
  const known = world.mailboxes.get(address);
  const displayName = `${name.charAt(0).toUpperCase()}${name.slice(1)} Example`;
  return known ?? addMailbox(world, { address, password: name, name: displayName });
}

/** How many of each kind are in the small calendar; with the series they are 300. */
const small = {
  single: 180,
  wholeDay: 30,
  wholeDays: 14,
  journey: 6,
  own: 24,
  others: 22,
  contacts: 120,
  tasks: 32,
} as const;

function sowSmall(sowing: Sowing, alice: Mailbox): void {
  const calendar = folderOf(alice, 'calendar');
  for (let number = 0; number < seriesPlans; number += 1) addSeries(sowing, calendar, number);
  for (let count = 0; count < small.single; count += 1) addSingle(sowing, calendar);
  for (let count = 0; count < small.wholeDay; count += 1) addWholeDays(sowing, calendar, 1);
  for (let count = 0; count < small.wholeDays; count += 1) addWholeDays(sowing, calendar, 2 + (count % 12));
  for (let count = 0; count < small.journey; count += 1) addJourney(sowing, calendar);
  for (let count = 0; count < small.own; count += 1) addOwnMeeting(sowing, calendar);
  for (let count = 0; count < small.others; count += 1) addOthersMeeting(sowing, calendar);
  sowFurtherCalendars(sowing, alice);
  const contacts = folderOf(alice, 'contacts');
  for (let number = 0; number < small.contacts; number += 1) addContact(sowing, contacts, number);
  addList(sowing, contacts, { name: 'Choir', members: [1, 4, 9, 16, 25] });
  addList(sowing, contacts, { name: 'Steering committee', members: [2, 3, 5] });
  const tasks = folderOf(alice, 'tasks');
  for (let number = 0; number < recurringTasks; number += 1) addRecurringTask(sowing, tasks, number);
  for (let count = 0; count < small.tasks; count += 1) addTask(sowing, tasks);
}

function sowFurtherCalendars(sowing: Sowing, alice: Mailbox): void {
  const { world } = sowing;
  const calendar = folderOf(alice, 'calendar');
  const top = folderOf(alice, 'msgfolderroot');
  const places: readonly (readonly [parent: Folder, name: string])[] = [
    [calendar, 'Family'],
    [calendar, 'Projects & Travel'],
    [top, 'Vereinskalender'],
  ];
  for (const [number, [parent, name]] of places.entries()) {
    const folder = addFolder(world, { parent, name, folderClass: 'IPF.Appointment' });
    for (let count = 0; count < 12; count += 1) addSingle(sowing, folder);
    for (let count = 0; count < 4; count += 1) addWholeDays(sowing, folder, 1 + count);
    addSeries(sowing, folder, 4 + number * 7);
  }
}

/** Calendars of others: alice may read the first and write the second. */
function sowShared(sowing: Sowing, [bob, carol]: readonly [Mailbox, Mailbox], alice: Mailbox): void {
  for (const [mailbox, rights] of [
    [bob, levels.reviewer],
    [carol, levels.editor],
  ] as const) {
    const own: Sowing = { ...sowing, owner: mailbox };
    const calendar = folderOf(mailbox, 'calendar');
    for (let count = 0; count < 20; count += 1) addSingle(own, calendar);
    for (let count = 0; count < 5; count += 1) addWholeDays(own, calendar, 1);
    for (let count = 0; count < 3; count += 1) addOwnMeeting(own, calendar);
    addSeries(own, calendar, 4);
    addSeries(own, calendar, 15);
    for (let number = 0; number < 8; number += 1)
      addContact(own, folderOf(mailbox, 'contacts'), 200 + number);
    for (let count = 0; count < 5; count += 1) addTask(own, folderOf(mailbox, 'tasks'));
    grant(calendar, alice.address, rights);
  }
}

const large = { events: 10_000, contacts: 2000, tasks: 500 } as const;

/** Beside what the small one has, up to the numbers of the large one. */
function sowLarge(sowing: Sowing, alice: Mailbox): void {
  const calendar = folderOf(alice, 'calendar');
  sowPlain(sowing, calendar, large.events - calendar.items.size);
  const contacts = folderOf(alice, 'contacts');
  for (let number = contacts.items.size; contacts.items.size < large.contacts; number += 1)
    addContact(sowing, contacts, number);
  const tasks = folderOf(alice, 'tasks');
  while (tasks.items.size < large.tasks) addTask(sowing, tasks);
}

/** Plain events, every twentieth a series. */
function sowPlain(sowing: Sowing, folder: Folder, count: number): void {
  for (let number = 0; number < count; number += 1) {
    if (number % 20 === 19) {
      addSeries(sowing, folder, Math.floor(number / 20));
      continue;
    }
    const values = {
      subject: `${sowing.random.pick(subjects)} ${number + 1}`,
      busy: 'Busy',
      reminderIsSet: false,
      ...timesOf(sowing, anyDay(sowing)),
    };
    addEvent(sowing, folder, { values });
  }
}
