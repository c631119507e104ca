// MAPI properties that are the same thing as a property of EWS ([MS-OXPROPS], [MS-OXOCNTC], [MS-OXOTASK]): reading and
// writing either one is reading and writing the other. Clients older than the EWS element (DavMail) write them.
import { parseHtml } from '../bodies.ts';
import { utcZone } from '../calendar/index.ts';
import type { Draft, Instant, ItemKind, KeyOf, PostalAddress, Values } from '../state/index.ts';
import { completeBy } from '../tasks.ts';
import { parseTime } from './times.ts';

type Value = string | readonly string[];

export interface MapiName {
  /** PropertyType of EWS. */
  readonly type: string;
  /** As EWS writes it in t:Value; undefined: not there. */
  readonly read: (values: Values) => Value | undefined;
  readonly set: (draft: Draft, value: Value, now: Instant) => void;
  readonly clear: (draft: Draft) => void;
}

const addressSet = '00062004-0000-0000-c000-000000000046';
const appointment = '00062002-0000-0000-c000-000000000046';
const common = '00062008-0000-0000-c000-000000000046';
const publicStrings = '00020329-0000-0000-c000-000000000046';
const task = '00062003-0000-0000-c000-000000000046';

/** PidTagSensitivity, PidTagImportance, PidLidBusyStatus, PidLidTaskStatus: numbers in this order. */
const sensitivities = ['Normal', 'Personal', 'Private', 'Confidential'];
const importances = ['Low', 'Normal', 'High'];
const busyKinds = ['Free', 'Tentative', 'Busy', 'OOF', 'WorkingElsewhere'];
const taskStates = ['NotStarted', 'InProgress', 'Completed', 'WaitingOnOthers', 'Deferred'];

const ofItems: Readonly<Record<string, MapiName>> = {
  '0x0017': code('importance', importances, 'Normal'),
  '0x001a': text('itemClass'),
  '0x0036': code('sensitivity', sensitivities, 'Normal'),
  '0x0037': text('subject'),
  '0x1000': {
    type: 'String',
    read: ({ body }) => (body === undefined ? undefined : parseHtml(body)),
    set(draft, value) {
      draft.body = { type: 'Text', text: one(value) };
    },
    clear(draft) {
      delete draft.body;
    },
  },
  [`${common}/0x8501`]: {
    type: 'Integer',
    read: ({ reminderMinutes }) => (reminderMinutes === undefined ? undefined : String(reminderMinutes)),
    set(draft, value) {
      draft.reminderMinutes = Number(one(value));
    },
    clear(draft) {
      delete draft.reminderMinutes;
    },
  },
  [`${common}/0x8503`]: {
    type: 'Boolean',
    read: ({ reminderIsSet }) => String(reminderIsSet ?? false),
    set(draft, value) {
      draft.reminderIsSet = one(value) === 'true';
    },
    clear(draft) {
      delete draft.reminderIsSet;
    },
  },
  [`${common}/0x8506`]: {
    type: 'Boolean',
    read: ({ sensitivity }) => String(sensitivity === 'Private' || sensitivity === 'Confidential'),
    set(draft, value) {
      const isPrivate = draft.sensitivity === 'Private' || draft.sensitivity === 'Confidential';
      if ((one(value) === 'true') !== isPrivate) draft.sensitivity = isPrivate ? 'Normal' : 'Private';
    },
    clear(draft) {
      delete draft.sensitivity;
    },
  },
  [`${publicStrings}/Keywords`]: list('categories'),
};

const ofEvents: Readonly<Record<string, MapiName>> = {
  [`${appointment}/0x8205`]: code('busy', busyKinds, 'Busy'),
  [`${appointment}/0x8208`]: text('location'),
};

const ofTasks: Readonly<Record<string, MapiName>> = {
  [`${task}/0x8101`]: {
    type: 'Integer',
    read: ({ status }) => String(Math.max(taskStates.indexOf(status ?? 'NotStarted'), 0)),
    set(draft, value, now) {
      completeBy.status(draft, taskStates[Number(one(value))] ?? 'NotStarted', now);
    },
    clear(draft) {
      delete draft.status;
    },
  },
  /** A share of 1 here, of 100 in EWS. */
  [`${task}/0x8102`]: {
    type: 'Double',
    read: ({ percentComplete }) => String((percentComplete ?? 0) / 100),
    set(draft, value, now) {
      completeBy.percentComplete(draft, Number(one(value)) * 100, now);
    },
    clear(draft) {
      delete draft.percentComplete;
    },
  },
  [`${task}/0x8104`]: day('startDate'),
  [`${task}/0x8105`]: day('dueDate'),
  [`${task}/0x810f`]: {
    type: 'SystemTime',
    read: ({ completeDate }) => stamp(completeDate),
    set(draft, value, now) {
      completeBy.completeDate(draft, dayOf(value), now);
    },
    clear(draft) {
      delete draft.completeDate;
    },
  },
  [`${common}/0x8516`]: day('startDate'),
  [`${common}/0x8517`]: day('dueDate'),
};

const ofContacts: Readonly<Record<string, MapiName>> = {
  '0x3001': text('displayName'),
  '0x3a05': text('generation'),
  '0x3a06': text('givenName'),
  '0x3a07': phone('Callback'),
  '0x3a08': phone('BusinessPhone'),
  '0x3a09': phone('HomePhone'),
  '0x3a0a': text('initials'),
  '0x3a11': text('surname'),
  '0x3a16': text('companyName'),
  '0x3a17': text('jobTitle'),
  '0x3a18': text('department'),
  '0x3a19': text('officeLocation'),
  '0x3a1a': phone('PrimaryPhone'),
  '0x3a1b': phone('BusinessPhone2'),
  '0x3a1c': phone('MobilePhone'),
  '0x3a1d': phone('RadioPhone'),
  '0x3a1e': phone('CarPhone'),
  '0x3a1f': phone('OtherTelephone'),
  '0x3a21': phone('Pager'),
  '0x3a23': phone('OtherFax'),
  '0x3a24': phone('BusinessFax'),
  '0x3a25': phone('HomeFax'),
  '0x3a2c': phone('Telex'),
  '0x3a2d': phone('Isdn'),
  '0x3a2e': phone('AssistantPhone'),
  '0x3a2f': phone('HomePhone2'),
  '0x3a30': text('assistantName'),
  '0x3a41': time('weddingAnniversary'),
  '0x3a42': time('birthday'),
  '0x3a44': text('middleName'),
  '0x3a46': text('profession'),
  '0x3a48': text('spouseName'),
  '0x3a4b': phone('TtyTddPhone'),
  '0x3a4e': text('manager'),
  '0x3a4f': text('nickname'),
  '0x3a51': text('businessHomePage'),
  '0x3a57': phone('CompanyMainPhone'),
  '0x3a58': list('children'),
  '0x3a59': address('Home', 'city'),
  '0x3a5a': address('Home', 'countryOrRegion'),
  '0x3a5b': address('Home', 'postalCode'),
  '0x3a5c': address('Home', 'state'),
  '0x3a5d': address('Home', 'street'),
  '0x3a5f': address('Other', 'city'),
  '0x3a60': address('Other', 'countryOrRegion'),
  '0x3a61': address('Other', 'postalCode'),
  '0x3a62': address('Other', 'state'),
  '0x3a63': address('Other', 'street'),
  [`${addressSet}/0x8005`]: text('fileAs'),
  [`${addressSet}/0x8045`]: address('Business', 'street'),
  [`${addressSet}/0x8046`]: address('Business', 'city'),
  [`${addressSet}/0x8047`]: address('Business', 'state'),
  [`${addressSet}/0x8048`]: address('Business', 'postalCode'),
  [`${addressSet}/0x8049`]: address('Business', 'countryOrRegion'),
  [`${addressSet}/0x8062`]: im('ImAddress1'),
  [`${addressSet}/0x8083`]: email('EmailAddress1'),
  [`${addressSet}/0x8093`]: email('EmailAddress2'),
  [`${addressSet}/0x80a3`]: email('EmailAddress3'),
};

const names = {
  event: { ...ofItems, ...ofEvents },
  task: { ...ofItems, ...ofTasks },
  contact: { ...ofItems, ...ofContacts },
  list: { ...ofItems, '0x3001': text('displayName') },
  message: ofItems,
  request: ofItems,
  response: ofItems,
  cancellation: ofItems,
} satisfies Record<ItemKind, Readonly<Record<string, MapiName>>>;

/** What a MAPI property of an item of that kind is in EWS; undefined: it is kept as it is written. */
export function mapiName(kind: ItemKind, key: string): MapiName | undefined {
  const known: Readonly<Record<string, MapiName>> = names[kind];
  return known[key];
}

function one(value: Value): string {
  return typeof value === 'string' ? value : (value[0] ?? '');
}

function text(key: KeyOf<string>): MapiName {
  return {
    type: 'String',
    read: (values) => values[key],
    set(draft, value) {
      draft[key] = one(value);
    },
    clear(draft) {
      delete draft[key];
    },
  };
}

function list(key: 'categories' | 'children'): MapiName {
  return {
    type: 'StringArray',
    read: (values) => values[key],
    set(draft, value) {
      draft[key] = typeof value === 'string' ? [value] : value;
    },
    clear(draft) {
      delete draft[key];
    },
  };
}

/** A number that stands for a word of EWS. */
function code(key: 'importance' | 'sensitivity' | 'busy', words: readonly string[], usual: string): MapiName {
  return {
    type: 'Integer',
    read: (values) => String(words.indexOf(values[key] ?? usual)),
    set(draft, value) {
      draft[key] = words[Number(one(value))] ?? usual;
    },
    clear(draft) {
      delete draft[key];
    },
  };
}

function time(key: 'birthday' | 'weddingAnniversary'): MapiName {
  return {
    type: 'SystemTime',
    read: (values) => stamp(values[key]),
    set(draft, value) {
      draft[key] = parseTime(one(value), utcZone);
    },
    clear(draft) {
      delete draft[key];
    },
  };
}

const dayMs = 86_400_000;

function day(key: 'startDate' | 'dueDate'): MapiName {
  return {
    type: 'SystemTime',
    read: (values) => stamp(values[key]),
    set(draft, value) {
      draft[key] = dayOf(value);
    },
    clear(draft) {
      delete draft[key];
    },
  };
}

function dayOf(value: Value): Instant {
  return Math.floor(parseTime(one(value), utcZone) / dayMs) * dayMs;
}

function phone(key: string): MapiName {
  return entry('phones', key);
}

function im(key: string): MapiName {
  return entry('ims', key);
}

function entry(field: 'phones' | 'ims', key: string): MapiName {
  return {
    type: 'String',
    read: (values) => values[field]?.[key],
    set(draft, value) {
      draft[field] = { ...draft[field], [key]: one(value) };
    },
    clear(draft) {
      const { [key]: _, ...rest } = draft[field] ?? {};
      draft[field] = rest;
    },
  };
}

function email(key: string): MapiName {
  return {
    type: 'String',
    read: (values) => values.emails?.[key]?.address,
    set(draft, value) {
      draft.emails = { ...draft.emails, [key]: { ...draft.emails?.[key], address: one(value) } };
    },
    clear(draft) {
      const { [key]: _, ...rest } = draft.emails ?? {};
      draft.emails = rest;
    },
  };
}

function address(key: string, part: keyof PostalAddress): MapiName {
  return {
    type: 'String',
    read: (values) => values.addresses?.[key]?.[part],
    set(draft, value) {
      draft.addresses = { ...draft.addresses, [key]: { ...draft.addresses?.[key], [part]: one(value) } };
    },
    clear(draft) {
      const { [part]: _, ...rest } = draft.addresses?.[key] ?? {};
      draft.addresses = { ...draft.addresses, [key]: rest };
    },
  };
}

function stamp(instant: Instant | undefined): string | undefined {
  return instant === undefined ? undefined : `${new Date(instant).toISOString().slice(0, 19)}Z`;
}
