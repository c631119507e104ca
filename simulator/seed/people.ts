// Invented people, the same wherever they turn up: as contacts, organisers and attendees.
import type { Attendee, Mail, ResponseKind } from '../state/index.ts';
import type { Random } from './random.ts';
import { firms, givenNames, surnames } from './words-table.ts';

export interface Figure {
  readonly givenName: string;
  readonly surname: string;
  readonly name: string;
  readonly address: string;
  readonly firm: string;
}

/** The person of that number; numbers beyond the names come again with a number behind the surname. */
export function figureOf(number: number): Figure {
  const round = Math.floor(number / (givenNames.length * surnames.length));
  const givenName = givenNames[number % givenNames.length] ?? 'Kim';
  const row = Math.floor(number / givenNames.length) + (number % givenNames.length);
  const surname = (surnames[row % surnames.length] ?? 'Doe') + (round > 0 ? ` ${round + 1}` : '');
  const firm = firms[number % firms.length] ?? 'Northwind';
  const domain = `${plain(firm)}.example`;
  return {
    givenName,
    surname,
    name: `${givenName} ${surname}`,
    firm,
    address: `${plain(givenName)}.${plain(surname)}@${domain}`,
  };
}

export function mailOf({ name, address }: { readonly name: string; readonly address: string }): Mail {
  return { name, address, routingType: 'SMTP' };
}

export function attendeesOf(
  random: Random,
  count: number,
  answers: readonly ResponseKind[],
): readonly Attendee[] {
  const first = random.below(500);
  return Array.from({ length: count }, (_, index) => ({
    mailbox: mailOf(figureOf(first + index)),
    response: random.pick(answers),
  }));
}

export function plain(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll('ø', 'o')
    .replaceAll('Ł', 'L')
    .replace(/[^A-Za-z0-9]+/g, '')
    .toLowerCase();
}
