// What the mirror needs to know of a text, and what becomes of it on its way to the other side.
import type { Side } from '../model/mirror-store.ts';
import { changedText, factsOfText, type TextChanges } from '../translate/index.ts';
import { fileBase } from './files.ts';
import { sourceOf, type PairRules } from './pair.ts';

export interface ObjectFacts {
  readonly uid: string;
  /** Of everything but stamps: differs when this side's object was changed. */
  readonly hash: string;
  /** Of what people see: the same on both sides when these say the same, however they write it. */
  readonly essence: string;
  /** Start, end and summary (of a contact: name and addresses): what an object copied by another program has in common. */
  readonly fingerprint: string;
  /** LAST-MODIFIED or REV, in ms. */
  readonly modified?: number;
  readonly categories: readonly string[];
  /** Private or confidential. */
  readonly isSensitive: boolean;
  /** Somebody else than the owner of the mailbox organises it. */
  readonly isForeignMeeting: boolean;
  /** A card that names others. */
  readonly isGroup: boolean;
  /** Another mirror put it there, and nobody else. */
  readonly isCopy: boolean;
  /** One instance at least lies in the window asked for. */
  readonly isInWindow: boolean;
  /** When it takes place, in ms; absent bounds: endless, or not known. */
  readonly span: { readonly first?: number; readonly last?: number };
}

/** The texts of one pair: `translate` with the pair's rules. */
export interface PairTexts {
  /** With its dot: `.ics`, `.vcf`. */
  readonly extension: string;
  /** @throws TranslateError */
  facts(text: string): ObjectFacts;
  /**
   * The text as it is written on `to`. `present`: what stands there now; what the rules keep from travelling (alarms, say)
   * is taken from it. `uid`: under which the object goes there. @throws TranslateError
   */
  passed(text: string, to: Side, options: { readonly present?: string; readonly uid?: string }): string;
}

const dayMs = 86_400_000;

export interface TextsOptions {
  /** Of the mailbox, lower case; more may become known. */
  readonly ownAddresses: ReadonlySet<string>;
  /** For the window. */
  readonly now: () => number;
  /** Address at which readers find the Exchange side's collection, with a slash at its end; absent: nowhere. */
  readonly servedAt?: string;
}

export function openTexts(rules: PairRules, { ownAddresses, now, servedAt }: TextsOptions): PairTexts {
  const window = rules.window;
  return {
    extension: rules.kind === 'contacts' ? '.vcf' : '.ics',
    facts(text) {
      const { organizer, overlaps, ...facts } = factsOfText(text, rules.kind);
      const at = now();
      return {
        ...facts,
        isForeignMeeting: organizer !== undefined && !ownAddresses.has(organizer),
        isInWindow:
          window === undefined ||
          overlaps({ from: at - window.pastDays * dayMs, to: at + window.futureDays * dayMs }),
      };
    },
    passed: (text, to, options) =>
      changedText(text, {
        ...changesFor(rules, { text, to, ...options }),
        ...filesFor(rules, { to, ...(servedAt !== undefined && { link: servedAt }) }),
      }),
  };
}

/** Files stay in Exchange; Nextcloud gets links that can be opened, or bytes. */
function filesFor(
  { kind, attachments }: PairRules,
  { to, link }: { readonly to: Side; readonly link?: string },
): Pick<TextChanges, 'files' | 'withoutAttachments'> {
  if (kind === 'contacts') return {};
  if (attachments.kind === 'drop') return { withoutAttachments: true };
  return {
    files: {
      base: fileBase,
      way: to === 'nextcloud' ? 'away' : 'home',
      ...(link !== undefined && { link }),
      ...(attachments.kind === 'copy' && { maxBytes: attachments.maxBytes }),
    },
  };
}

function changesFor(
  rules: PairRules,
  given: { readonly text: string; readonly to: Side; readonly present?: string; readonly uid?: string },
): TextChanges {
  const { privacy } = rules;
  const isBusyOnly =
    privacy.kind === 'busy-only' &&
    sourceOf(rules.direction) !== given.to &&
    (privacy.who === 'all' || factsOfText(given.text, rules.kind).isSensitive);
  return {
    ...(isBusyOnly && { busyOnly: privacy.title }),
    ...(rules.alarms === 'drop' && { withoutAlarms: true }),
    ...(rules.followsBusyStatus && given.to === 'nextcloud' && { followsBusyStatus: true }),
    ...(given.present !== undefined && { present: given.present }),
    ...(given.uid !== undefined && { uid: given.uid }),
  };
}
