// One signed-in view of one mailbox: the port's calls, each in its own file, over one SOAP session.
import type { Abilities, Mailbox } from '../model/backend.ts';
import type { Item } from '../model/item.ts';
import type { Self } from './accounts.ts';
import { openBusyTimes } from './busy-times.ts';
import { openDirectory } from './directory.ts';
import { express } from './fields/index.ts';
import { openFolders, type KnownFolders } from './folders.ts';
import { openGroupWriting } from './group-writing.ts';
import { getDelegates } from './operations/get-delegate.ts';
import { openOwnAddresses } from './own-addresses.ts';
import { openPublicFolders } from './public-folders.ts';
import { openReading } from './reading.ts';
import type { Soap } from './soap.ts';
import { watchFolders } from './watch.ts';
import { openWriting } from './writing.ts';
import type { X500Names } from './x500.ts';

export interface MailboxOptions {
  readonly soap: Soap;
  /** The signed-in account. */
  readonly self: Self;
  /** The mailbox opened, when it is not the account's own. */
  readonly other?: string;
  readonly known: KnownFolders;
  readonly names: X500Names;
}

const abilities: Abilities = {
  silentOrganizer: true, // SendToNone
  settableUid: true,
  timedDue: false,
  percentComplete: true,
  push: true,
  // The default request limit is 64 MB of base64 in SOAP; message limits of organisations start at 35 MB.
  maxAttachmentBytes: 35 * 1024 * 1024,
};

export function openMailbox(options: MailboxOptions): Mailbox {
  const { soap, self, other, known, names } = options;
  const directory = openDirectory(soap);
  const address = other ?? self.address;
  const mailbox: Mailbox = {
    identity: other === undefined ? self.address : `${self.address}→${other}`,
    owner: { address },
    zone: self.zone,
    abilities,
    ...openFolders(options),
    ...openReading(soap, { zone: self.zone, other, names }),
    ...openWriting(soap, self.zone),
    ...openGroupWriting(soap, self.zone),
    express: (item, present) => express(organizedBy(address, item), self.zone, present),
    busyTimes: openBusyTimes(soap),
    addresses: openOwnAddresses({ soap, directory, address, root: known.root }),
    directory,
    delegates: (signal) => getDelegates(soap, address, signal),
    publicFolders: (paths) => openPublicFolders(options, mailbox, paths),
    watch: (folders, signal) => watchFolders(soap, folders, signal),
  };
  return mailbox;
}

/** Whatever address of his an organizer was called by, Exchange names him by the one of his mailbox. */
function organizedBy(address: string, item: Item): Item {
  return item.kind === 'event' && item.isOrganizer && item.organizer !== undefined
    ? { ...item, organizer: { ...item.organizer, address } }
    : item;
}
