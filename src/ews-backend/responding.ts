// Answers to an invitation and to occurrences of it (BEHAVIOUR §9): all that are to be sent in one call, the silent ones in another.
import type { Stored, Written } from '../model/backend.ts';
import type { Answer, Mail } from '../model/messages.ts';
import { BackendError, valueOf } from '../model/failure.ts';
import type { EventItem } from '../model/item.ts';
import type { When, ZoneId } from '../model/time.ts';
import { parseId, type EwsId } from './ids.ts';
import { answerInvitations } from './operations/create-item.ts';
import { placesOf } from './occurrence-places.ts';
import type { Soap } from './soap.ts';
import { only, writtenNow, writtenOf } from './written.ts';

interface Responding {
  readonly before: Stored;
  readonly answers: readonly Answer[];
  readonly zone: ZoneId;
}

export async function respond(
  soap: Soap,
  { before, answers, zone }: Responding,
): Promise<Written | undefined> {
  const { item } = before;
  if (item.kind !== 'event') throw new BackendError({ kind: 'invalid', message: 'only events are answered' });
  const { kind, id } = parseId(before.id);
  const whole = answers.find(({ occurrence }) => occurrence === undefined);
  const single = answers.flatMap(({ occurrence, ...answer }) =>
    occurrence ? [{ ...answer, occurrence }] : [],
  );
  const present = { id, changeKey: before.version };
  // The whole first: what is answered for one occurrence alone would go under in an answer for all of them.
  const left = whole ? await answerWhole(soap, present, whole) : present;
  if (left === undefined) return undefined;
  if (single.length > 0) {
    const dayZone = before.dayZone ?? zone;
    await answerOccurrences(soap, { id: left.id, item, uid: before.nativeUid ?? item.uid, dayZone }, single);
  }
  return single.length > 0 || left.changeKey === ''
    ? only(await writtenNow(soap, kind, [left.id]))
    : writtenOf(kind, left, { draft: { item, tags: before.tags }, before });
}

/** The item that is left in the calendar, often under a new id. */
async function answerWhole(soap: Soap, to: EwsId, answer: Answer): Promise<EwsId | undefined> {
  const [outcome] = await answerInvitations(soap, [{ ...answer, to }], answer.mail);
  const left = outcome && valueOf(outcome);
  return answer.partStat === 'declined' ? undefined : (left ?? { id: to.id, changeKey: '' });
}

type OccurrenceAnswer = Answer & { readonly occurrence: When };

async function answerOccurrences(
  soap: Soap,
  series: { readonly id: string; readonly item: EventItem; readonly uid?: string; readonly dayZone: ZoneId },
  answers: readonly OccurrenceAnswer[],
): Promise<void> {
  const writes = answers.map(({ occurrence }) => ({ recurrenceId: occurrence }));
  const [places] = await placesOf(soap, [{ series, writes }]);
  const byMail = Map.groupBy(answers, ({ mail }): Mail => mail);
  for (const [mail, group] of byMail) {
    // An occurrence that is gone already needs no answer.
    const given = group.flatMap(({ occurrence, ...answer }) => {
      const place = places?.({ recurrenceId: occurrence });
      return place ? [{ ...answer, to: place.item }] : [];
    });
    if (given.length > 0) for (const outcome of await answerInvitations(soap, given, mail)) valueOf(outcome);
  }
}
