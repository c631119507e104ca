// What becomes of an object's text on its way to another server: less of it, or the other server's own parts put back.
import { parseComponents, stringify, textOf, type Jcal, type JcalComponent } from './codec.ts';
import { TranslateError } from './errors.ts';
import { fileIdsIn, mayHaveFiles, propertiesAway, propertiesHome, type FileRules } from './text-files.ts';

export interface TextChanges {
  /** Busy blocks with this summary: nothing else of the object goes along. */
  readonly busyOnly?: string;
  /** Those of `present`, if there is one, instead. */
  readonly withoutAlarms?: boolean;
  readonly withoutAttachments?: boolean;
  /** What becomes of the mailbox's files on the way to or from it. */
  readonly files?: FileRules & { readonly way: 'away' | 'home' };
  /** TRANSP and STATUS say what X-MICROSOFT-CDO-BUSYSTATUS does: only FREE takes no time, not work elsewhere. */
  readonly followsBusyStatus?: boolean;
  /** What stands at the target now. */
  readonly present?: string;
  readonly uid?: string;
}

/** The text unchanged when nothing of it changes. @throws TranslateError */
export function changedText(text: string, changes: TextChanges): string {
  const isPlain =
    changes.busyOnly === undefined &&
    !changes.withoutAlarms &&
    !changes.withoutAttachments &&
    !changes.followsBusyStatus &&
    !(changes.files && [text, changes.present ?? ''].some(mayHaveFiles));
  // A text that was sent (METHOD) cannot be stored (RFC 4791 §4.1).
  if (isPlain && changes.uid === undefined && !/^METHOD[:;]/im.test(text)) return text;
  const root = rootOf(text);
  const present = changes.present === undefined ? undefined : rootOf(changes.present);
  return stringify(root[0] === 'vcard' ? withUid(root, changes.uid) : calendarWith(root, changes, present));
}

function rootOf(text: string): JcalComponent {
  const [root] = parseComponents(text);
  if (root === undefined) throw new TranslateError('malformed', 'the text is empty');
  return root;
}

function calendarWith(
  root: JcalComponent,
  changes: TextChanges,
  present: JcalComponent | undefined,
): JcalComponent {
  const [name, properties, components] = root;
  if (changes.busyOnly !== undefined) return busyCalendar(root, changes);
  return [
    name,
    properties.filter(([each]) => each !== 'method'),
    components.map((each) =>
      each[0] === 'vtimezone'
        ? each
        : componentWith(each, changes, { root: present, own: counterpart(each, present) }),
    ),
  ];
}

const envelope = new Set(['version', 'prodid', 'calscale']);

/** The same occurrence in the other text. */
function counterpart(component: JcalComponent, other: JcalComponent | undefined): JcalComponent | undefined {
  return other?.[2].find(
    (each) =>
      each[0] === component[0] && textOf(each, 'recurrence-id') === textOf(component, 'recurrence-id'),
  );
}

/** What stands at the target: all of it, and the same component. */
interface Present {
  readonly root: JcalComponent | undefined;
  readonly own: JcalComponent | undefined;
}

function componentWith(component: JcalComponent, changes: TextChanges, present: Present): JcalComponent {
  const [name, properties, components] = withUid(component, changes.uid);
  // An occurrence that is new there is reminded of as its series is.
  const alarms = (present.own ?? seriesIn(present.root, name))?.[2];
  return [
    name,
    propertiesWith(
      changes.followsBusyStatus ? followingBusyStatus(properties) : properties,
      changes,
      present,
    ),
    changes.withoutAlarms ? swapped(components, alarms, isAlarm) : components,
  ];
}

function seriesIn(root: JcalComponent | undefined, name: string): JcalComponent | undefined {
  return root?.[2].find((each) => each[0] === name && textOf(each, 'recurrence-id') === undefined);
}

function propertiesWith(own: Jcal[], { withoutAttachments, files }: TextChanges, present: Present): Jcal[] {
  if (withoutAttachments) return swapped(own, present.own?.[1], isAttachment);
  if (files === undefined) return own;
  if (files.way === 'away') return propertiesAway(own, present.own?.[1] ?? [], files);
  const { root } = present;
  return propertiesHome(
    own,
    root && { own: present.own?.[1] ?? [], ids: fileIdsIn(root, files.base) },
    files,
  );
}

function followingBusyStatus(properties: Jcal[]): Jcal[] {
  const busy = properties.find(([name]) => name === 'x-microsoft-cdo-busystatus')?.[3];
  if (typeof busy !== 'string') return properties;
  const said: Jcal[] = [['transp', {}, 'text', busy === 'FREE' ? 'TRANSPARENT' : 'OPAQUE']];
  if (busy === 'TENTATIVE') said.push(['status', {}, 'text', 'TENTATIVE']);
  const names = new Set(said.map(([name]) => name));
  return [...properties.filter(([name]) => !names.has(name)), ...said];
}

function isAttachment([name]: Jcal): boolean {
  return name === 'attach';
}

function isAlarm([name]: JcalComponent): boolean {
  return name === 'valarm';
}

function swapped<T>(own: readonly T[], other: readonly T[] | undefined, is: (each: T) => boolean): T[] {
  return [...own.filter((each) => !is(each)), ...(other ?? []).filter(is)];
}

/** When it is, and that somebody is busy then. */
const busyNames = new Set([
  'uid',
  'dtstamp',
  'dtstart',
  'dtend',
  'duration',
  'rrule',
  'rdate',
  'exdate',
  'recurrence-id',
  'transp',
  'status',
  'x-microsoft-cdo-busystatus',
]);

const timeParams = new Set(['tzid', 'range']);

/** Nothing that a program may have written beside: neither in properties, nor in parameters, nor in zones. */
function busyCalendar(
  [name, properties, components]: JcalComponent,
  { busyOnly = '', uid }: TextChanges,
): JcalComponent {
  const blocks = components
    .filter((each) => each[0] === 'vevent')
    .map((each) => busyBlock(withUid(each, uid), busyOnly));
  const zones = new Set(blocks.flatMap(([, own]) => own.map(([, params]) => params['tzid'])));
  const named = components.filter((each) => each[0] === 'vtimezone' && zones.has(textOf(each, 'tzid')));
  return [name, properties.filter(([each]) => envelope.has(each)), [...named.map(bareZone), ...blocks]];
}

function busyBlock([name, properties]: JcalComponent, title: string): JcalComponent {
  const kept = properties
    .filter(([each]) => busyNames.has(each))
    .map(([each, params, type, ...values]): Jcal => {
      const named = Object.entries(params).filter(([param]) => timeParams.has(param));
      return [each, Object.fromEntries(named), type, ...values];
    });
  return [name, [...kept, ['summary', {}, 'text', title]], []];
}

const zoneNames = new Set(['tzid', 'dtstart', 'tzoffsetfrom', 'tzoffsetto', 'rrule', 'rdate', 'exdate']);

function bareZone([name, properties, components]: JcalComponent): JcalComponent {
  const kept = properties
    .filter(([each]) => zoneNames.has(each))
    .map(([each, , ...rest]): Jcal => [each, {}, ...rest]);
  return [name, kept, components.map(bareZone)];
}

function withUid([name, properties, components]: JcalComponent, uid: string | undefined): JcalComponent {
  if (uid === undefined) return [name, properties, components];
  return [
    name,
    properties.map((each): Jcal => (each[0] === 'uid' ? ['uid', {}, 'text', uid] : each)),
    components,
  ];
}
