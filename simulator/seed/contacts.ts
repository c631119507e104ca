// Contacts and distribution lists of a seeded address book.
import {
  addItem,
  newAttachment,
  type Folder,
  type Item,
  type PostalAddress,
  type Values,
} from '../state/index.ts';
import { dayMs, type Sowing } from './calendar.ts';
import { figureOf, mailOf, type Figure } from './people.ts';
import { pictureOf, type Picture } from './photo.ts';
import { openRandom, type Random } from './random.ts';
import { categories, cities, departments, jobTitles, sentences, streets } from './words-table.ts';

/** How many different pictures there are; more people share them. */
const pictures = 120;
const drawn = new Map<number, Picture>();

export function addContact(sowing: Sowing, folder: Folder, number: number): Item {
  const { world, random, today } = sowing;
  const figure = figureOf(number);
  return addItem(world, folder, {
    kind: 'contact',
    values: {
      ...nameOf(figure, random),
      ...reachOf(figure, random),
      ...workOf(random),
      ...lifeOf(random, today),
    },
    attachments: [newAttachment(world, { ...photoOf(number), isInline: false, isContactPhoto: true })],
    created: today - (10 + random.below(900)) * dayMs,
  });
}

export function addList(
  sowing: Sowing,
  folder: Folder,
  list: { name: string; members: readonly number[] },
): Item {
  const { world, today, random } = sowing;
  return addItem(world, folder, {
    kind: 'list',
    values: {
      itemClass: 'IPM.DistList',
      subject: list.name,
      displayName: list.name,
      fileAs: list.name,
      members: list.members.map((number) => mailOf(figureOf(number))),
    },
    created: today - (10 + random.below(300)) * dayMs,
  });
}

function photoOf(number: number): { name: string; contentType: string; content: string } {
  const kind = number % pictures;
  // A generator of its own, so that a picture kept from before leaves the rest as it would be.
  const picture = drawn.get(kind) ?? pictureOf(openRandom(kind + 1));
  drawn.set(kind, picture);
  return { name: 'ContactPicture.jpg', contentType: picture.contentType, content: picture.base64 };
}

function nameOf(figure: Figure, random: Random): Values {
  return {
    itemClass: 'IPM.Contact',
    subject: figure.name,
    displayName: figure.name,
    givenName: figure.givenName,
    surname: figure.surname,
    fileAs: `${figure.surname}, ${figure.givenName}`,
    fileAsMapping: 'LastCommaFirst',
    initials: `${figure.givenName.charAt(0)}.${figure.surname.charAt(0)}.`,
    ...(random.chance(15) && { middleName: random.pick(['Maria', 'J.', 'Lee', 'von']) }),
    ...(random.chance(15) && { nickname: figure.givenName.slice(0, 3) }),
    ...(random.chance(10) && { generation: random.pick(['Jr.', 'III']) }),
    ...(random.chance(15) && { title: random.pick(['Dr.', 'Prof.', 'Ms.']) }),
  };
}

function reachOf(figure: Figure, random: Random): Values {
  const [local] = figure.address.split('@');
  return {
    emails: {
      EmailAddress1: { address: figure.address, name: figure.name, routingType: 'SMTP' },
      ...(random.chance(40) && {
        EmailAddress2: { address: `${local}@home.example`, name: figure.name, routingType: 'SMTP' },
      }),
      ...(random.chance(10) && {
        EmailAddress3: { address: `${local}@club.example`, name: figure.name, routingType: 'SMTP' },
      }),
    },
    phones: {
      BusinessPhone: phone(random),
      ...(random.chance(70) && { MobilePhone: phone(random) }),
      ...(random.chance(30) && { HomePhone: phone(random) }),
      ...(random.chance(10) && { BusinessFax: phone(random) }),
      ...(random.chance(8) && { Pager: phone(random) }),
      ...(random.chance(8) && { AssistantPhone: phone(random) }),
      ...(random.chance(8) && { BusinessPhone2: phone(random) }),
    },
    addresses: {
      Business: address(random),
      ...(random.chance(35) && { Home: address(random) }),
      ...(random.chance(8) && { Other: address(random) }),
    },
    ...(random.chance(20) && { ims: { ImAddress1: `sip:${figure.address}` } }),
    ...(random.chance(30) && { businessHomePage: `https://www.${figure.address.replace(/^.*@/, '')}/` }),
    companyName: figure.firm,
    postalAddressIndex: 'Business',
  };
}

function workOf(random: Random): Values {
  return {
    jobTitle: random.pick(jobTitles),
    department: random.pick(departments),
    ...(random.chance(30) && { manager: figureOf(random.below(500)).name }),
    ...(random.chance(20) && { assistantName: figureOf(random.below(500)).name }),
    ...(random.chance(25) && { officeLocation: `${1 + random.below(4)}.${100 + random.below(80)}` }),
    ...(random.chance(15) && { profession: random.pick(['Lawyer', 'Architect', 'Physician']) }),
  };
}

function lifeOf(random: Random, today: number): Values {
  const birthday = today - Math.floor((20 * 365 + random.below(45 * 365)) * dayMs);
  return {
    ...(random.chance(55) && { birthday }),
    ...(random.chance(20) && { weddingAnniversary: birthday + 9500 * dayMs }),
    ...(random.chance(20) && { spouseName: figureOf(random.below(500)).givenName }),
    ...(random.chance(12) && {
      children: [figureOf(random.below(500)).givenName, figureOf(random.below(500)).givenName],
    }),
    ...(random.chance(35) && { body: { type: 'Text' as const, text: random.pick(sentences) } }),
    ...(random.chance(30) && { categories: [random.pick(categories)] }),
  };
}

function phone(random: Random): string {
  return `+49 30 ${100 + random.below(900)} ${1000 + random.below(9000)}`;
}

function address(random: Random): PostalAddress {
  const [city, state, postalCode, countryOrRegion] = random.pick(cities);
  return { street: random.pick(streets), city, ...(state !== '' && { state }), postalCode, countryOrRegion };
}
