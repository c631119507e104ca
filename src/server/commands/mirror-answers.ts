// What `exdav mirror` answers to questions, in words.
import type { Explanation, UndoneEntry } from '../../mirror/index.ts';
import type { PairStatus } from '../mirror/service.ts';

export function explained(pair: string, explanation: Explanation): string {
  const { uid, twin, present, history, next, failure } = explanation;
  const sides = (['exchange', 'nextcloud'] as const).map((side) => {
    const there = present[side];
    const known = twin?.sides[side];
    if (there === undefined)
      return `  ${side.padEnd(10)}${known === undefined ? 'not there' : 'was there, and is gone'}`;
    const isSame = known?.hash === there.facts.hash;
    return `  ${side.padEnd(10)}${there.href}, ${isSame ? 'as it was last seen' : 'changed since it was last seen'}`;
  });
  return [
    `${pair}: ${uid}`,
    ...sides,
    ...(twin?.leftOut ? [`  left out  ${twin.leftOut.reason}`] : []),
    ...(twin?.trouble
      ? [
          `  trouble   ${twin.trouble.message}; tried ${twin.trouble.attempts} times, again ${dateOf(twin.trouble.nextAt)}`,
        ]
      : []),
    ...history.map(({ run, at, action, side }) => `  ${dateOf(at)}  run ${run}: ${action} on ${side}`),
    `  next      ${failure ?? nextText(next)}`,
    '',
  ].join('\n');
}

function nextText(next: Explanation['next']): string {
  switch (next.kind) {
    case 'nothing':
    case 'tie':
      return 'nothing to do';
    case 'write':
      return `to be written on ${next.to}${next.loser === undefined ? '' : ', where it was changed too'}`;
    case 'remove':
      return `to be removed on ${next.from}`;
    case 'leave':
      return `not copied: ${next.leftOut.reason}`;
    case 'forget':
      return 'to be forgotten: it is on neither side';
  }
}

export function undoneText(pair: string, run: number, entries: readonly UndoneEntry[]): string {
  if (entries.length === 0) return `${pair}: run ${run} wrote nothing.\n`;
  const left = entries.filter((entry) => entry.left !== undefined);
  return [
    `${pair}: run ${run}: ${entries.length - left.length} of ${entries.length} taken back`,
    ...left.map(
      (entry) => `  ${entry.did} on ${entry.side} ${entry.uid}: left as it is, because ${entry.left}`,
    ),
    '',
  ].join('\n');
}

export function statusText({ pair, head, objects, troubled }: PairStatus): string {
  if (head === undefined) return `${pair}: has not run yet\n`;
  return [
    `${pair}: ${objects} objects, last run ${head.run}, last complete comparison ${dateOf(head.comparedAt)}`,
    ...(head.stopped ? [`  STOPPED ${dateOf(head.stopped.since)}: ${head.stopped.reason}`] : []),
    ...troubled.map(({ uid, trouble }) => `  in trouble: ${uid}: ${trouble?.message ?? ''}`),
    '',
  ].join('\n');
}

function dateOf(ms: number): string {
  return ms === 0 ? 'never' : new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
