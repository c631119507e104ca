// Counts and tells what a run does, object by object.
import type { Decision } from './decide.ts';
import type { Result } from './apply.ts';
import type { ActionName, MirrorEvent, RunReport } from './run-input.ts';
import type { Look } from './look.ts';
import type { Step } from './steps.ts';

export interface Counter {
  counts(): RunReport['counts'];
  /** It failed in this run. */
  isTroubled(uid: string): boolean;
  /** Only planned, not done. */
  planned(decision: Decision): void;
  /** What takes no write. */
  remembered(decision: Decision): void;
  settled(step: Step, result: Exclude<Result, { kind: 'overtaken' }>): void;
}

type ObjectEvent = Extract<MirrorEvent, { kind: 'object' }>;

export function openCounter(observe: (event: MirrorEvent) => void): Counter {
  const counts = new Map<string, number>();
  const troubled = new Set<string>();
  const add = (name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1);
  const tell = (event: Omit<ObjectEvent, 'kind'>): void => {
    if (event.action === 'troubled') troubled.add(event.uid);
    add(event.side === undefined ? event.action : `${event.action} on ${event.side}`);
    if (event.conflict === true) add('conflicts');
    observe({ kind: 'object', ...event });
  };
  const remembered = (decision: Decision): void => {
    if (decision.kind === 'trouble')
      tell({ action: 'troubled', uid: decision.uid, message: decision.message });
    if (decision.kind !== 'remember') return;
    const { action, uid } = decision;
    if (action.kind === 'leave') tell({ action: 'left-out', uid, reason: action.leftOut.reason });
    else
      tell({
        action: action.kind === 'tie' ? 'tied' : 'unchanged',
        uid,
        ...messageOf(joiningOf(decision.look)),
      });
  };
  return {
    counts: () => Object.fromEntries(counts),
    isTroubled: (uid) => troubled.has(uid),
    planned(decision) {
      if (decision.kind === 'step') tell({ ...eventOf(decision.step), action: plannedAction(decision.step) });
      else remembered(decision);
    },
    remembered,
    settled(step, result) {
      if (result.kind === 'done') tell({ ...eventOf(step), action: result.action });
      else tell({ action: 'troubled', uid: step.uid, side: step.side, message: result.message });
    },
  };
}

function eventOf(step: Step): Pick<ObjectEvent, 'uid' | 'side' | 'conflict' | 'message'> {
  return {
    uid: step.uid,
    side: step.side,
    ...(step.kind === 'put' && step.isConflict && { conflict: true }),
    ...messageOf(joiningOf(step.look), filesLeftOf(step)),
  };
}

function messageOf(...parts: readonly (string | undefined)[]): { readonly message?: string } {
  const said = parts.filter((part) => part !== undefined);
  return said.length === 0 ? {} : { message: said.join('; ') };
}

/** By what it was known that both sides have it. */
function joiningOf({ unit, present }: Look): string | undefined {
  if (unit.joinedBy === undefined) return undefined;
  const other = present.nextcloud?.facts;
  const isSame = other?.uid === present.exchange?.facts.uid;
  const how =
    unit.joinedBy === 'content'
      ? 'by its content'
      : other?.isCopy
        ? 'by its UID and X-EWSSYNC-ITEMID'
        : 'by its UID';
  return `joined ${how}${isSame ? '' : ` with ${other?.uid}`}`;
}

function filesLeftOf(step: Step): string | undefined {
  const left = filesLeft(step);
  return left > 0
    ? `${left} ${left === 1 ? 'attachment stays' : 'attachments stay'} in Exchange only`
    : undefined;
}

/** Attachments that the rules do not let into Nextcloud. */
function filesLeft(step: Step): number {
  if (step.kind !== 'put' || step.side !== 'nextcloud') return 0;
  const count = (text: string): number => text.match(/^ATTACH[;:]/gim)?.length ?? 0;
  return count(step.source.text) - count(step.text);
}

function plannedAction(step: Step): ActionName {
  if (step.kind === 'remove') return 'removed';
  return step.before === undefined ? 'created' : 'updated';
}
