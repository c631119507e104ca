// Which messages a write lets leave the mail server, and what the owner answers to those that came (RFC 6638).
import type { PartStat } from './item.ts';
import type { When } from './time.ts';

/** Whether messages may leave the server because of a write. Required everywhere, without default (DESIGN §3). */
export type Mail = 'send' | 'silent';

/** Whom a message is for: every attendee, or only those who were added or removed. */
export type Audience = 'all' | 'changed';

/** What the messages of a sending write are about. */
export interface Telling {
  /** The event as a whole. */
  readonly whole?: Audience;
  /** Single occurrences, each by messages of its own. */
  readonly occurrences: readonly { readonly recurrenceId: When; readonly to: Audience }[];
}

/** The owner's answer to an invitation, or to one occurrence of it. */
export interface Answer {
  readonly occurrence?: When;
  readonly partStat: PartStat;
  readonly comment?: string;
  readonly mail: Mail;
}
