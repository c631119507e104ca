// Where our text of an item differs from the one that Exchange itself wrote of it: the closed list, each with its reason. And which
// of Exchange's own texts a PUT refuses.
import type { Difference } from '../fidelity/compare.ts';

export interface Explained {
  readonly what: string;
  readonly why: string;
  explains(difference: Difference): boolean;
}

const lost =
  (test: RegExp) =>
  ({ sent = '', got }: Difference): boolean =>
    got === undefined && test.test(sent);
const valueOf = (line: string): string => line.slice(line.lastIndexOf(':') + 1);
const partsOf = (rule: string): Map<string, string> =>
  new Map(
    valueOf(rule)
      .split(';')
      .map((part) => part.split('=') as [string, string]),
  );

export const explained: readonly Explained[] = [
  {
    what: 'TZID is the IANA name, at the same wall time',
    why: 'Exchange writes the Windows or display name; clients know IANA names (RFC 7808).',
    explains: ({ sent = '', got = '' }) =>
      /^(?:DTSTART|DTEND);TZID=/.test(sent) && /;TZID=\w+\/\w+:/.test(got) && valueOf(sent) === valueOf(got),
  },
  {
    what: 'RECURRENCE-ID of whole days is a date',
    why: 'Exchange writes midnight in some zone; it must be of the type of DTSTART (RFC 5545 §3.8.4.4).',
    explains: ({ sent = '', got = '' }) =>
      sent.startsWith('RECURRENCE-ID;TZID=') &&
      got === `RECURRENCE-ID;VALUE=DATE:${valueOf(sent).replace('T000000', '')}`,
  },
  {
    what: 'EXDATE is in the zone of the series',
    why: 'The same instant; clients compare it with the instances of the series.',
    explains: ({ sent = '', got = '' }) =>
      sent === 'EXDATE:20200427T120000Z' && got === 'EXDATE;TZID=Europe/Berlin:20200427T140000',
  },
  {
    what: 'RRULE without INTERVAL=1, and without WKST where it changes nothing; UNTIL is the last day, at the hour of the series',
    why: 'Exchange holds a last date, no time; its own texts have the last minute of that day or midnight.',
    explains: ({ sent = '', got = '' }) => {
      if (!sent.startsWith('RRULE:') || !got.startsWith('RRULE:')) return false;
      const [before, after] = [partsOf(sent), partsOf(got)];
      return (
        ['FREQ', 'BYDAY', 'COUNT'].every((name) => before.get(name) === after.get(name)) &&
        (before.get('INTERVAL') ?? '1') === (after.get('INTERVAL') ?? '1') &&
        before.get('UNTIL')?.slice(0, 8) === after.get('UNTIL')?.slice(0, 8)
      );
    },
  },
  {
    what: 'a series starts on the first of its own dates',
    why: 'Exchange moves it there when the item is made (BEHAVIOUR §7); a PUT of it is kept as several items.',
    explains: ({ sent = '', got = '' }) =>
      /^(?:DTSTART|DTEND)/.test(sent) &&
      valueOf(sent).startsWith('20201102') &&
      valueOf(got).startsWith('20201105'),
  },
  {
    what: 'mailto: in lower case',
    why: 'The scheme of a URI has no case (RFC 3986 §3.1).',
    explains: ({ name, sent = '', got = '' }) =>
      name === 'ORGANIZER' && sent.replace('MAILTO:', 'mailto:') === got,
  },
  {
    what: 'no LANGUAGE',
    why: 'An item has a Culture, which says the language of who made it and not of each text.',
    explains: ({ sent = '', got = '' }) => sent.replace(/;LANGUAGE=[-\w]+/, '') === got,
  },
  {
    what: 'ATTENDEE: the organizer is none, the owner is one, and there is no RSVP',
    why: 'So the item tells it; in iMIP Exchange lists its recipients.',
    explains: ({ name }) => name === 'ATTENDEE',
  },
  {
    what: 'no PRIORITY:5, no STATUS:CONFIRMED',
    why: 'Exchange writes both for every item of normal importance that is not tentative: it is what no value says, too.',
    explains: lost(/^(?:PRIORITY:5|STATUS:CONFIRMED)$/),
  },
  {
    what: 'no X-MICROSOFT-…',
    why: 'What of them is a fact of the item is said in the words of the standard, or was given as its default.',
    explains: lost(/^X-MICROSOFT-[A-Z-]+:(?:BUSY|FREE|TRUE|FALSE|DEFAULT|[013])$/),
  },
  {
    what: 'no empty DESCRIPTION',
    why: 'Exchange writes a line break for a body without words.',
    explains: lost(/^DESCRIPTION:\\n$/),
  },
  {
    what: 'no ATTACH of a part beside the calendar',
    why: 'A cid: names a part of the mail that the text came in (RFC 2392).',
    explains: lost(/^ATTACH:CID:/),
  },
  {
    what: 'nothing of the calendar or of other programs that had the text',
    why: 'It is no fact of the item.',
    explains: lost(/^X-(?:WR-CALNAME|EVOLUTION|LIC-ERROR)/),
  },
];

/** By object: what the answer says. */
export const refusedPuts: Readonly<Record<string, { readonly says: RegExp; readonly why: string }>> = {
  'MimeContent-08-ms-timezones': {
    says: /valid-calendar-object-resource/,
    why: 'the publisher spoilt a line (a DTSTART without a value)',
  },
  'MimeContent-11-office-365-invalid-timezone': {
    says: /valid-calendar-data/,
    why: 'its TZID is “Customized Time Zone”, which no VTIMEZONE defines',
  },
};

/** Objects of which no golden file is made of what Exchange would hold, and why. */
export const noItem: Readonly<Record<string, string>> = {
  'MimeContent-08-ms-timezones': 'several events of which one is spoilt: they are no single item',
  'MimeContent-11-office-365-invalid-timezone': 'which zone it was is lost',
};
