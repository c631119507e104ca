// What a mailbox keeps beside its folders: user configurations, working hours, out-of-office answers, delegates.
import { zoneOf, utcZone, type SimZone } from '../calendar/index.ts';

/** One value of a dictionary with its UserConfigurationDictionaryObjectType. */
export interface DictionaryValue {
  readonly type: string;
  readonly values: readonly string[];
}

/** A folder-associated item that holds settings of an application ([MS-OXWSUSRCFG]). */
export interface Configuration {
  readonly no: number;
  readonly revision: number;
  readonly name: string;
  readonly dictionary?: readonly {
    readonly key: DictionaryValue;
    readonly value: DictionaryValue | undefined;
  }[];
  /** Base64. */
  readonly xmlData?: string;
  /** Base64. */
  readonly binaryData?: string;
}

export interface WorkingHours {
  readonly zone: SimZone;
  readonly days: string;
  readonly startMinutes: number;
  readonly endMinutes: number;
}

export interface Delegate {
  readonly receivesCopies: boolean;
  readonly viewsPrivateItems: boolean;
}

export interface OutOfOffice {
  readonly state: string;
  readonly audience: string;
  /** Zone-less, as given. */
  readonly start?: string;
  readonly end?: string;
  readonly internalReply?: string;
  readonly externalReply?: string;
}

export interface MailboxSettings {
  /** By `configurationKey`. */
  readonly configurations: Map<string, Configuration>;
  /** By lower-case address. */
  readonly delegates: Map<string, Delegate>;
  deliverMeetingRequests: string;
  workingHours: WorkingHours;
  outOfOffice: OutOfOffice;
}

export function openSettings(): MailboxSettings {
  return {
    configurations: new Map(),
    delegates: new Map(),
    deliverMeetingRequests: 'DelegatesAndSendInformationToMe',
    workingHours: {
      zone: zoneOf('W. Europe Standard Time') ?? utcZone,
      days: 'Monday Tuesday Wednesday Thursday Friday',
      startMinutes: 480,
      endMinutes: 1020,
    },
    outOfOffice: { state: 'Disabled', audience: 'All' },
  };
}

export function configurationKey(folderNo: number, name: string): string {
  return `${folderNo}/${name.toLowerCase()}`;
}
