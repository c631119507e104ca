// Nextcloud's scheduling: whom a write tells (sabre/vobject's Broker, as far as the facts go).
import type { Behaviour } from './versions.ts';
import { type Component, mainOf, parseText, type Prop } from './texts.ts';
import type { Collection, Mail, World } from './world.ts';

export interface Writing {
  readonly because: 'PUT' | 'DELETE';
  readonly collection: Collection;
  readonly before?: string;
  readonly after?: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Answers whether organizer's mail left: then the stored data get a SCHEDULE-STATUS. */
export function schedule(world: World, behaviour: Behaviour, writing: Writing): boolean {
  const { because, headers, collection } = writing;
  if (collection.kind !== 'calendar') return false;
  if (headers['x-nc-scheduling'] === 'false' && behaviour.obeysHeader.includes(because)) return false;
  const [before, after] = [partiesIn(writing.before), partiesIn(writing.after)];
  const organizer = after?.organizer ?? before?.organizer;
  if (organizer === undefined) return false;
  const own = collection.owner.email.toLowerCase();
  const sent: Mail[] =
    addressOf(organizer) === own
      ? asOrganizer(because, { before, after })
      : asAttendee(writing, { before, after, own, organizer });
  world.mails.push(...sent);
  return because === 'PUT' && addressOf(organizer) === own && sent.length > 0;
}

interface Parties {
  readonly organizer: Prop | undefined;
  /** Without those who look after themselves. */
  readonly attendees: readonly Prop[];
}

function partiesIn(text: string | undefined): Parties | undefined {
  const calendar: Component | undefined = text === undefined ? undefined : parseText(text);
  const event = calendar && mainOf(calendar);
  if (event?.name !== 'VEVENT') return undefined;
  return {
    organizer: event.props.find(({ name }) => name === 'ORGANIZER'),
    attendees: event.props.filter(
      ({ name, params }) => name === 'ATTENDEE' && params['SCHEDULE-AGENT']?.toUpperCase() !== 'CLIENT',
    ),
  };
}

function addressOf(prop: Prop): string {
  return prop.value.toLowerCase().replace(/^mailto:/, '');
}

interface Both {
  readonly before: Parties | undefined;
  readonly after: Parties | undefined;
}

function asOrganizer(because: Mail['because'], { before, after }: Both): Mail[] {
  const organizer = after?.organizer ?? before?.organizer;
  const others = (parties: Parties | undefined): string[] =>
    (parties?.attendees ?? [])
      .map(addressOf)
      .filter((each) => organizer === undefined || each !== addressOf(organizer));
  const invited = others(after);
  const removed = others(before).filter((each) => !invited.includes(each));
  return [
    ...invited.map((to) => ({ method: 'REQUEST', to, because }) as const),
    ...removed.map((to) => ({ method: 'CANCEL', to, because }) as const),
  ];
}

function asAttendee(
  { because, headers }: Writing,
  { before, after, own, organizer }: Both & { own: string; organizer: Prop },
): Mail[] {
  if (organizer.params['SCHEDULE-AGENT']?.toUpperCase() === 'CLIENT') return [];
  const answerIn = (parties: Parties | undefined): string | undefined =>
    parties?.attendees.find((each) => addressOf(each) === own)?.params['PARTSTAT']?.toUpperCase();
  const [was = 'NEEDS-ACTION', is] = [answerIn(before), after === undefined ? 'DECLINED' : answerIn(after)];
  if (
    is === undefined ||
    is === was ||
    (after === undefined && before?.attendees.every((each) => addressOf(each) !== own))
  )
    return [];
  if (after === undefined && headers['schedule-reply'] === 'F') return [];
  return [{ method: 'REPLY', to: addressOf(organizer), because }];
}

/** What the server writes into the stored text of a meeting it has sent. */
export function withStatus(text: string): string {
  return text.replaceAll(/^ATTENDEE([;:])/gm, 'ATTENDEE;SCHEDULE-STATUS=1.1$1');
}
