// The closed list of what may differ between what a client sent and what it gets back: each row is one reason.
// `docs/fidelity.md` is made of it. Independent of `src`.
import { type Component, type Property, valueOf } from './content-lines.ts';

export interface Place {
  /** VEVENT, VALARM, VCARD …, upper case. */
  readonly component: Component;
  readonly isCard: boolean;
  /** Of the card: `3.0`. */
  readonly version: string;
  /** The other text has an FN. */
  readonly isNamed: boolean;
  /** This is what came back for a task that was sent as done without its day. */
  readonly wasDone: boolean;
  /** The same component of the other text names people. */
  readonly isPeopled: boolean;
}

export interface Normalisation {
  readonly id: string;
  readonly what: string;
  readonly why: string;
  /** The property in its normal form; undefined when it counts for nothing. */
  apply(property: Property, place: Place): Property | undefined;
}

const stamps = new Set(['DTSTAMP', 'CREATED', 'LAST-MODIFIED', 'SEQUENCE', 'REV']);
const envelope = new Set(['VERSION', 'PRODID', 'CALSCALE']);
const timeNames = new Set(['DTSTART', 'DTEND', 'DUE', 'RECURRENCE-ID', 'EXDATE', 'RDATE', 'COMPLETED']);

const defaults: Readonly<Record<string, string>> = {
  TRANSP: 'OPAQUE',
  CLASS: 'PUBLIC',
  PRIORITY: '0',
};

const defaultTypes: Readonly<Record<string, string>> = {
  DTSTART: 'DATE-TIME',
  DTEND: 'DATE-TIME',
  DUE: 'DATE-TIME',
  'RECURRENCE-ID': 'DATE-TIME',
  EXDATE: 'DATE-TIME',
  RDATE: 'DATE-TIME',
  COMPLETED: 'DATE-TIME',
  TRIGGER: 'DURATION',
  DURATION: 'DURATION',
  URL: 'URI',
  ATTACH: 'URI',
  TZURL: 'URI',
  SOURCE: 'URI',
  ATTENDEE: 'CAL-ADDRESS',
  ORGANIZER: 'CAL-ADDRESS',
};

const datesOfCards: ReadonlySet<string> = new Set(
  'BDAY ANNIVERSARY DEATHDATE REV X-ABDATE X-EVOLUTION-ANNIVERSARY X-KADDRESSBOOK-X-ANNIVERSARY'.split(' '),
);

export const normalisations: readonly Normalisation[] = [
  {
    id: 'envelope',
    what: 'VERSION, PRODID and CALSCALE are written anew',
    why: 'They speak of the program that wrote the text (RFC 5545 §3.7, RFC 6350 §6.7.3, §6.7.9).',
    apply: (property) => (envelope.has(property.name) ? undefined : property),
  },
  {
    id: 'stamps',
    what: 'DTSTAMP, CREATED, LAST-MODIFIED, SEQUENCE and REV are those of Exchange',
    why: 'Exchange sets them at every write and takes none from a client.',
    apply: (property) => (stamps.has(property.name) ? undefined : property),
  },
  {
    id: 'value-type',
    what: 'VALUE is left out where it names the default, and VALUE=DATE is added where a value is a mere date',
    why: 'The default says nothing (RFC 5545 §3.2.20); a date without VALUE=DATE is a mistake with one possible meaning.',
    apply: valueType,
  },
  {
    id: 'default',
    what: 'TRANSP:OPAQUE, CLASS:PUBLIC and PRIORITY:0 may appear or be left out',
    why: 'They are the defaults (RFC 5545 §3.8.2.7, §3.8.1.3, §3.8.1.9).',
    apply: (property, { isCard }) =>
      !isCard && defaults[property.name] === property.value.trim().toUpperCase() ? undefined : property,
  },
  {
    id: 'rule',
    what: 'Parts of an RRULE are put in order, INTERVAL=1 is left out',
    why: 'The order says nothing (RFC 5545 §3.3.10).',
    apply: (property) =>
      property.name === 'RRULE' || property.name === 'EXRULE'
        ? { ...property, params: new Map(), value: ruleText(property.value) }
        : property,
  },
  {
    id: 'answers',
    what: 'PARTSTAT of people invited by the owner of the mailbox',
    why: 'The organizer does not answer for others: Exchange has what they answered, and takes nothing else.',
    apply: (property, { component }) =>
      property.name === 'ATTENDEE' && /alice@example\.test$/i.test(valueOf(component, 'ORGANIZER') ?? '')
        ? withParams(property, { PARTSTAT: undefined })
        : property,
  },
  {
    id: 'schedule-status',
    what: 'SCHEDULE-STATUS of people invited by the owner of the mailbox, except where SCHEDULE-AGENT says that a client writes to them',
    why: 'It tells what became of the server’s own messages (RFC 6638 §7.3); 3.7 stands at an address that is none.',
    apply: (property, { component }) =>
      property.name === 'ATTENDEE' &&
      /alice@example\.test$/i.test(valueOf(component, 'ORGANIZER') ?? '') &&
      (property.params.get('SCHEDULE-AGENT')?.[0] ?? 'SERVER') === 'SERVER'
        ? withParams(property, { 'SCHEDULE-STATUS': undefined })
        : property,
  },
  {
    id: 'people-of-series',
    what: 'A changed occurrence of an own meeting that names no people is shown with those of the series',
    why: 'It takes place for them: leaving them out calls nobody off.',
    apply: (property, { component, isPeopled }) =>
      ['ORGANIZER', 'ATTENDEE'].includes(property.name) &&
      valueOf(component, 'RECURRENCE-ID') !== undefined &&
      /alice@example\.test$/i.test(valueOf(component, 'ORGANIZER') ?? '') &&
      !isPeopled
        ? undefined
        : property,
  },
  {
    id: 'charset',
    what: 'CHARSET is left out',
    why: 'Everything is UTF-8; vCard 3.0 and 4.0 have no such parameter.',
    apply: (property, { isCard }) => (isCard ? withParams(property, { CHARSET: undefined }) : property),
  },
  {
    id: 'parts',
    what: 'Missing last parts of N, ADR and ORG are written as empty ones',
    why: 'Readers in use want five and seven parts.',
    apply: (property, { isCard }) =>
      isCard && ['N', 'ADR', 'ORG'].includes(property.name)
        ? { ...property, value: property.value.replace(/(?<!\\)(?:;\s*)+$/, '') }
        : property,
  },
  {
    id: 'required',
    what: 'FN is made from the other names where a card has none; N is empty where a 3.0 card has none',
    why: 'Both are required (RFC 2426 §3.1, RFC 6350 §6.2.1).',
    apply: (property, { isCard, isNamed }) =>
      isCard && property.name === 'FN' && !isNamed ? undefined : property,
  },
  {
    id: 'done',
    what: 'COMPLETED appears where a task was said to be done without its day',
    why: 'Exchange keeps the day on which a task was done and sets it itself.',
    apply: (property, { component, wasDone }) =>
      wasDone && component.name === 'VTODO' && property.name === 'COMPLETED' ? undefined : property,
  },
  {
    id: 'version-names',
    what: 'What only the other version of vCard has is an X- property: X-ANNIVERSARY, X-GENDER, X-CLASS, …',
    why: 'A strict reader of one version refuses names of the other (RFC 6350 §6.10).',
    apply(property, { isCard }) {
      const name = /^X-(ANNIVERSARY|GENDER|CLASS|LABEL|MAILER|SORT-STRING)$/.exec(property.name)?.[1];
      const apple = /^X-ADDRESSBOOKSERVER-(KIND|MEMBER)$/.exec(property.name)?.[1];
      return isCard && (name ?? apple) ? { ...property, name: name ?? apple ?? '' } : property;
    },
  },
  {
    id: 'version-types',
    what: 'TYPE=INTERNET and other types that vCard 4.0 took away are left out of 4.0 cards',
    why: 'They were defaults or said nothing (RFC 6350 §6.4).',
    apply(property, { isCard, version }) {
      const types = property.params.get('TYPE');
      if (!isCard || version !== '4.0' || types === undefined) return property;
      const kept = types
        .flatMap((type) => type.split(','))
        .filter((type) => !/^(?:internet|x400|msg|modem|bbs|intl|dom|postal|parcel|other)$/i.test(type));
      return withParams(property, { TYPE: kept.length === 0 ? undefined : kept });
    },
  },
  {
    id: 'preference',
    what: 'TYPE=PREF and PREF=1 stand for each other',
    why: 'The first is the word of 3.0, the second that of 4.0.',
    apply(property, { isCard }) {
      const types = property.params.get('TYPE')?.flatMap((type) => type.split(',')) ?? [];
      if (!isCard || !types.some((type) => /^pref$/i.test(type))) return property;
      const kept = types.filter((type) => !/^pref$/i.test(type));
      return withParams(property, { PREF: ['1'], TYPE: kept.length === 0 ? undefined : kept });
    },
  },
  {
    id: 'dates',
    what: 'Dates of cards: with or without hyphens; without a year in 3.0 as 1604 with X-APPLE-OMIT-YEAR',
    why: '3.0 and 4.0 spell dates differently; 3.0 has none without a year.',
    apply(property, { isCard }) {
      if (!isCard || !datesOfCards.has(property.name)) return property;
      const value = property.value.trim().replace(/^(\d{4}|--)-?(\d\d)-?(\d\d)(?=$|T)/, '$1$2$3');
      const omitted = property.params.get('X-APPLE-OMIT-YEAR')?.[0];
      return {
        ...withParams(property, { 'X-APPLE-OMIT-YEAR': undefined, VALUE: undefined }),
        value: omitted === undefined ? value : value.replace(new RegExp(`^${omitted}`), '--'),
      };
    },
  },
  {
    id: 'binary',
    what: 'Pictures, sounds and keys: ENCODING=b with a TYPE in 3.0, a data: URI in 4.0',
    why: 'The two versions write the same bytes in these two ways.',
    apply: binary,
  },
  {
    id: 'geo',
    what: 'GEO of cards: `1;2` in 3.0, `geo:1,2` in 4.0',
    why: 'The two versions write the same point in these two ways.',
    apply: (property, { isCard }) =>
      isCard && property.name === 'GEO'
        ? { ...property, value: property.value.replace(/^geo:/i, '').replace(',', ';') }
        : property,
  },
  {
    id: 'numbers',
    what: 'GEO: zeros at the end of a fraction are left out',
    why: '48.20 and 48.2 are one number (RFC 5545 §3.3.7).',
    apply: (property) =>
      property.name === 'GEO'
        ? {
            ...property,
            value: property.value.replaceAll(/(\.\d*?)0+(?=;|$)/g, '$1').replaceAll(/\.(?=;|$)/g, ''),
          }
        : property,
  },
  {
    id: 'mended',
    what: 'Mistakes of programs in use are mended: `FREQ=DAILY\\;COUNT=2`, `PT1W`, `a.b.NAME`, a VALUE that is no name',
    why: 'Each has one possible meaning only, and strict readers would refuse the object.',
    apply: mended,
  },
  {
    id: 'unknown-lists',
    what: 'In a parameter that no RFC knows, a list comes back as one value in quotation marks',
    why: 'Nobody can tell a list from a text with commas there.',
    apply: (property) => ({
      ...property,
      params: new Map(
        [...property.params].map(([name, values]) => [name, name === 'TYPE' ? values : [values.join(',')]]),
      ),
    }),
  },
  {
    id: 'attachment',
    what: 'Bytes inside an object come back as a link that gives them (MANAGED-ID, SIZE); without FILENAME or FMTTYPE they get one, from X-LABEL or a plain one',
    why: 'The file lies in Exchange like one that Outlook has attached (RFC 8607); the bytes are compared as they are read there.',
    apply: attachment,
  },
  {
    id: 'blank',
    what: 'Blanks around a value that is no text are dropped; so are properties without any value',
    why: 'They carry no meaning; an empty DUE or RDATE is not even allowed.',
    apply(property) {
      const value = property.value.trim();
      const tzid = property.params.get('TZID')?.map((each) => each.trim());
      return value === '' ? undefined : { ...withParams(property, tzid ? { TZID: tzid } : {}), value };
    },
  },
];

function withParams(
  property: Property,
  changes: Readonly<Record<string, readonly string[] | undefined>>,
): Property {
  const params = new Map(property.params);
  for (const [name, values] of Object.entries(changes)) {
    if (values === undefined) params.delete(name);
    else params.set(name, values);
  }
  return { ...property, params };
}

const binaryNames = new Set(['PHOTO', 'LOGO', 'SOUND', 'KEY']);

function binary(property: Property, { isCard }: Place): Property {
  if (!isCard || !binaryNames.has(property.name)) return property;
  const data = /^\s*data:[^,]*;base64,(.*)$/is.exec(property.value);
  if (data === null && !property.params.has('ENCODING')) return property;
  const types = property.params.get('TYPE')?.flatMap((type) => type.split(',')) ?? [];
  const places = types.filter((type) => /^(?:home|work)$/i.test(type));
  return {
    ...withParams(property, {
      ENCODING: undefined,
      VALUE: undefined,
      MEDIATYPE: undefined,
      TYPE: places.length === 0 ? undefined : places,
    }),
    value: (data?.[1] ?? property.value).replaceAll(/\s/g, ''),
  };
}

function attachment(property: Property): Property {
  if (property.name !== 'ATTACH' || !property.params.has('ENCODING')) return property;
  const [name = '', type = ''] = ['FILENAME', 'FMTTYPE'].map((param) => property.params.get(param)?.[0]);
  return {
    ...withParams(property, {
      'MANAGED-ID': undefined,
      SIZE: undefined,
      ...((/^attachment\.\w+$/.test(name) || name === property.params.get('X-LABEL')?.[0]) && {
        FILENAME: undefined,
      }),
      ...(type === 'application/octet-stream' && { FMTTYPE: undefined }),
    }),
    value: property.value.replaceAll(/\s/g, ''),
  };
}

function mended(property: Property): Property {
  const value = property.params.get('VALUE')?.[0] ?? 'TEXT';
  return {
    ...withParams(property, /^[\w-]+$/.test(value) ? {} : { VALUE: undefined }),
    group: property.group.replaceAll('.', '-'),
    value: /^(?:RRULE|DURATION)$/.test(property.name)
      ? property.value.replaceAll('\\', '').replace(/^([+-]?P)T(\d+W)$/, '$1$2')
      : property.value,
  };
}

const cardDefaults: Readonly<Record<string, RegExp>> = {
  TEL: /^(?:TEXT|PHONE-NUMBER)$/,
  SOURCE: /^URI$/,
  KEY: /^URI$/,
  IMPP: /^URI$/,
  URL: /^URI$/,
  RELATED: /^URI$/,
  PHOTO: /^UR[IL]$/,
  LOGO: /^UR[IL]$/,
  SOUND: /^UR[IL]$/,
  LANG: /^LANGUAGE-TAG$/,
  TZ: /^UTC-OFFSET$/,
};

function valueType(property: Property, { isCard }: Place): Property {
  if (isCard) {
    const type = property.params.get('VALUE')?.[0]?.toUpperCase();
    return type !== undefined && cardDefaults[property.name]?.test(type) === true
      ? withParams(property, { VALUE: undefined })
      : property;
  }
  const given = property.params.get('VALUE')?.[0]?.toUpperCase();
  const params = new Map(property.params);
  if (timeNames.has(property.name) && property.value.split(',').every((each) => /^\s*\d{8}\s*$/.test(each))) {
    params.set('VALUE', ['DATE']);
    params.delete('TZID');
    return { ...property, params };
  }
  if (property.name === 'TRIGGER' && /^\s*\d{8}T/.test(property.value)) params.set('VALUE', ['DATE-TIME']);
  else if (given !== undefined && defaultTypes[property.name] === given) params.delete('VALUE');
  return { ...property, params };
}

function ruleText(value: string): string {
  return value
    .replaceAll(/\s/g, '')
    .toUpperCase()
    .split(';')
    .filter((part) => part !== '' && part !== 'INTERVAL=1' && !part.endsWith('='))
    .sort()
    .join(';');
}
