// What the actions of RFC 8607 §3.4 to §3.6 make of an item: a file is added, replaced or removed, in the whole object or in
// some of its occurrences.
import type { AttachmentChange } from '../model/collection.ts';
import { isCard } from '../model/group.ts';
import { isNewPart, type EventItem, type Item, type NewPart, type Part } from '../model/item.ts';
import type { When } from '../model/time.ts';
import { managedIdOf } from './attachments.ts';
import { eventKind, overrideOf } from './kinds.ts';
import { asInSeries, keyOfWhen } from './times.ts';

type Files = readonly (Part | NewPart)[];

/** `instances`: the parameter `rid`, taken apart. Undefined when one of them is no occurrence. */
export function withFileChange(
  item: Item,
  change: AttachmentChange,
  instances?: readonly string[],
): Item | undefined {
  if (isCard(item)) return undefined;
  const edit = (files: Files): Files => changedFiles(files, change);
  if (item.kind === 'task')
    return instances?.some((each) => each !== master)
      ? undefined
      : { ...item, attachments: edit(item.attachments) };
  if (instances === undefined) {
    const overrides = item.overrides.map((each) => ({ ...each, attachments: edit(each.attachments) }));
    return { ...item, attachments: edit(item.attachments), overrides };
  }
  return inInstances(item, instances, edit);
}

const master = 'M';

function changedFiles(files: Files, change: AttachmentChange): Files {
  if (change.kind === 'add') return [...files, change.file];
  const isMeant = (part: Part | NewPart): boolean =>
    !isNewPart(part) && part.uri === undefined && managedIdOf(part) === change.managedId;
  if (change.kind === 'remove') return files.filter((part) => !isMeant(part));
  return files.map((part) => (isMeant(part) ? change.file : part));
}

function inInstances(
  item: EventItem,
  instances: readonly string[],
  edit: (files: Files) => Files,
): EventItem | undefined {
  let changed = item;
  for (const instance of new Set(instances)) {
    if (instance === master) {
      changed = { ...changed, attachments: edit(item.attachments) };
      continue;
    }
    const key = keyOfInstance(item, instance);
    // An occurrence without changes of its own is shown as its series: it gets a description of its own now.
    const present = item.overrides.find(({ recurrenceId }) => keyOfWhen(recurrenceId) === key);
    const plain = key === undefined ? undefined : eventKind.plainView?.(item, key);
    const override = present ?? (plain && overrideOf(plain));
    if (override === undefined) return undefined;
    const others = changed.overrides.filter(({ recurrenceId }) => keyOfWhen(recurrenceId) !== key);
    const edited = { ...override, attachments: edit(override.attachments) };
    changed = { ...changed, overrides: [...others, edited] };
  }
  return changed;
}

/** `20260302`, `20260302T090000Z`, or the time without a zone, which is that of the series. */
function keyOfInstance({ start }: EventItem, text: string): string | undefined {
  const [, year, month, day, time, utc] = /^(\d{4})(\d\d)(\d\d)(?:T(\d{6})(Z?))?$/.exec(text) ?? [];
  if (year === undefined) return undefined;
  const date = `${year}-${month}-${day}`;
  if (time === undefined) return keyOfWhen(asInSeries({ kind: 'date', date }, start, 'UTC'));
  const local = `${date}T${time.replace(/(\d\d)(\d\d)(\d\d)/, '$1:$2:$3')}`;
  const when: When = utc ? { kind: 'zoned', local, zone: 'UTC' } : { kind: 'floating', local };
  return keyOfWhen(asInSeries(when, start, start.kind === 'zoned' ? start.zone : 'UTC'));
}
