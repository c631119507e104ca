// What one user sees of an item or of an occurrence: values merged, private items of others reduced (BEHAVIOUR §15).
import { rightsOfOther } from './fields/permission-set.ts';
import type { View } from './fields/row.ts';
import type { Instance } from './series.ts';
import {
  levels,
  type Folder,
  type Item,
  type Mailbox,
  type Rights,
  type Values,
  type World,
} from './state/index.ts';

export interface Place {
  readonly world: World;
  readonly mailbox: Mailbox;
  readonly folder: Folder;
  readonly rights: Rights;
}

/** Rights of `user` (an address) in a folder. */
export function rightsIn(mailbox: Mailbox, folder: Folder, user: string): Rights {
  if (mailbox.address.toLowerCase() === user.toLowerCase()) return levels.owner;
  const rights = rightsOfOther(folder.permissions, user);
  const delegate = mailbox.settings.delegates.get(user.toLowerCase());
  return rights.read && delegate?.viewsPrivateItems === true ? { ...rights, viewPrivateItems: true } : rights;
}

export function viewOf(place: Place, item: Item, instance?: Instance): View {
  const whole = instance === undefined ? item.values : occurrenceValues(item, instance);
  const hidden = whole.sensitivity === 'Private' && !place.rights.viewPrivateItems;
  return {
    world: place.world,
    mailbox: place.mailbox,
    folder: place.folder,
    rights: place.rights,
    item,
    values: hidden ? busyBlock(whole) : whole,
    extended: hidden ? undefined : mergedExtended(item, instance),
    attachments: hidden ? undefined : (instance?.exception?.attachments ?? item.attachments),
    occurrence:
      instance === undefined
        ? undefined
        : {
            index: instance.index,
            originalStart: instance.originalStart,
            isException: instance.exception !== undefined,
          },
  };
}

function occurrenceValues(item: Item, instance: Instance): Values {
  const { recurrence: _, reminderDueBy: __, ...values } = item.values;
  return {
    ...values,
    itemClass: 'IPM.Appointment.Occurrence',
    start: instance.start,
    end: instance.end,
    ...instance.exception?.values,
  };
}

function mergedExtended(item: Item, instance: Instance | undefined): View['extended'] {
  const own = instance?.exception?.extended;
  return own === undefined ? item.extended : { ...item.extended, ...own };
}

/** What others see of a private item: when, and how busy. */
function busyBlock(values: Values): Values {
  const kept = [
    'itemClass',
    'sensitivity',
    'uid',
    'start',
    'end',
    'startZone',
    'endZone',
    'isAllDay',
    'busy',
    'recurrence',
    'organizer',
  ] as const satisfies readonly (keyof Values)[];
  return Object.fromEntries(kept.filter((key) => values[key] !== undefined).map((key) => [key, values[key]]));
}
