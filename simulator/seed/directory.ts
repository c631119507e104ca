// The organisation around the mailboxes: people, rooms in a list, groups; the same on every start.
import {
  addEntry,
  addItem,
  addMailbox,
  configurationKey,
  folderOf,
  type Mailbox,
  type World,
} from '../state/index.ts';
import { nextNo, nextRevision } from '../state/world.ts';
import { zoneOf } from '../calendar/index.ts';
import { figureOf, plain } from './people.ts';
import { patternOf } from './photo.ts';
import { openRandom, type Random } from './random.ts';
import { categories, cities, departments, jobTitles, streets } from './words-table.ts';

/** With alice, bob and carol there are 40 people. */
const further = 37;
const domain = 'example.test';
const hourMs = 3_600_000;

const rooms = [
  { alias: 'room-atlas', name: 'Room Atlas (12 seats)', office: 'House 1, ground floor' },
  { alias: 'room-bering', name: 'Room Bering (6 seats)', office: 'House 1, first floor' },
  { alias: 'room-cook', name: 'Room Cook (4 seats)', office: 'House 2, ground floor' },
] as const;

/** Fills the directory and gives its rooms some bookings on `today` (a UTC midnight). */
export function sowDirectory(
  world: World,
  [alice, bob, carol]: readonly [Mailbox, Mailbox, Mailbox],
  today: number,
): void {
  // A generator of its own: the mailboxes stay as they are without it.
  const random = openRandom(4_711);
  for (const mailbox of [alice, bob, carol])
    describe(world, random, { address: mailbox.address, name: mailbox.name });
  const people = Array.from({ length: further }, (_, index) => {
    const figure = figureOf(600 + index);
    const address = `${plain(figure.givenName)}.${plain(figure.surname)}@${domain}`;
    describe(world, random, { address, name: figure.name });
    addMailbox(world, { address, password: '', name: figure.name });
    return address;
  });
  addEntry(world, {
    kind: 'user',
    address: alice.address,
    name: alice.name,
    proxies: [`alice.example@${domain}`, `a.example@${domain}`],
  });
  for (const [number, room] of rooms.entries()) sowRoom(world, room, today + (8 + number) * hourMs);
  addEntry(world, {
    kind: 'roomList',
    address: `rooms@${domain}`,
    name: 'All rooms',
    members: rooms.map(({ alias }) => `${alias}@${domain}`),
  });
  addEntry(world, {
    kind: 'group',
    address: `sales@${domain}`,
    name: 'Sales team',
    members: [bob.address, ...people.slice(0, 6)],
  });
  addEntry(world, {
    kind: 'group',
    address: `everybody@${domain}`,
    name: 'Everybody',
    members: [alice.address, bob.address, carol.address, `sales@${domain}`, ...people.slice(6)],
  });
  sowOptions(world, alice);
}

function describe(world: World, random: Random, { address, name }: { address: string; name: string }): void {
  const [givenName = name, ...rest] = name.split(' ');
  const [city, state, postalCode, countryOrRegion] = random.pick(cities);
  const number = 100 + random.below(900);
  addEntry(world, {
    kind: 'user',
    address,
    name,
    givenName,
    surname: rest.join(' '),
    title: random.pick(jobTitles),
    department: random.pick(departments),
    company: 'Example Ltd',
    office: `House ${1 + random.below(3)}, room ${number}`,
    manager: `alice@${domain}`,
    phones: {
      BusinessPhone: `+49 30 5550 ${number}`,
      ...(random.chance(60) && { MobilePhone: `+49 170 5550${number}` }),
      ...(random.chance(20) && { BusinessFax: `+49 30 5551 ${number}` }),
    },
    place: { street: random.pick(streets), city, state, countryOrRegion, postalCode },
    ...(random.chance(50) && { photo: patternOf(random) }),
  });
}

function sowRoom(world: World, { alias, name, office }: (typeof rooms)[number], start: number): void {
  const address = `${alias}@${domain}`;
  addEntry(world, { kind: 'room', address, name, office });
  const mailbox = addMailbox(world, { address, password: '', name });
  addItem(world, folderOf(mailbox, 'calendar'), {
    kind: 'event',
    values: { itemClass: 'IPM.Appointment', subject: 'Booked', start, end: start + hourMs, busy: 'Busy' },
  });
}

/** What Outlook on the web keeps: the zone, and the colours of the categories. */
function sowOptions(world: World, mailbox: Mailbox): void {
  const zone = zoneOf('W. Europe Standard Time');
  if (zone === undefined) throw new Error('no zone for the owner');
  const text = (value: string): { type: string; values: readonly string[] } => ({
    type: 'String',
    values: [value],
  });
  const put = (folder: string, name: string, content: object): void => {
    const key = configurationKey(folderOf(mailbox, folder).no, name);
    mailbox.settings.configurations.set(key, {
      no: nextNo(world),
      revision: nextRevision(world),
      name,
      ...content,
    });
  };
  put('root', 'OWA.UserOptions', {
    dictionary: [
      { key: text('timezone'), value: text(zone.id) },
      { key: text('dateformat'), value: text('dd.MM.yyyy') },
      { key: text('workingdays'), value: { type: 'Integer32', values: ['62'] } },
    ],
  });
  const list = categories.map(
    (name, index) =>
      `<category name="${name}" color="${index % 25}" keyboardShortcut="0" usageCount="0" guid="{00000000-0000-4000-8000-${String(index).padStart(12, '0')}}" renameOnFirstUse="0"/>`,
  );
  const xml = `<?xml version="1.0"?><categories default="${categories[0] ?? ''}" lastSavedSession="1" xmlns="CategoryList.xsd">${list.join('')}</categories>`;
  put('calendar', 'CategoryList', { xmlData: Buffer.from(xml).toString('base64') });
}
