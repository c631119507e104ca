// CALDAV:schedule-tag (RFC 6638 §3.2.10) of members whose texts were not asked for: it follows from the text, so these are
// read, all in batches, and only when the property is wanted.
import { clarkOf } from '../xml/index.ts';
import { caldav } from './names.ts';
import { wantedElements, type Selection } from './properties/selection.ts';
import type { Context } from './request.ts';
import type { MemberResource, Resource } from './resource.ts';

export function wantsScheduleTag(selection: Selection): boolean {
  return wantedElements(selection).some((element) => clarkOf(element) === caldav('schedule-tag'));
}

/** The resources of one collection; those that are no meetings, or cannot be read, stay without. */
export async function withScheduleTags(
  resources: readonly Resource[],
  selection: Selection,
  { signal }: Context,
): Promise<readonly Resource[]> {
  const members = resources.filter((resource): resource is MemberResource => resource.kind === 'member');
  const [first] = members;
  if (first === undefined || !wantsScheduleTag(selection)) return resources;
  const { collection } = first.parent;
  const { kind, rights, role } = collection.folder;
  if (kind !== 'events' || role !== undefined || !rights.read) return resources;
  const names = members.map(({ member }) => member.href);
  const tags = new Map<string, string>();
  for (const [href, outcome] of await collection.read(names, { kind: 'whole' }, signal))
    if (outcome.ok && outcome.value.scheduleTag !== undefined) tags.set(href, outcome.value.scheduleTag);
  return resources.map((resource) => {
    const scheduleTag = resource.kind === 'member' ? tags.get(resource.member.href) : undefined;
    return scheduleTag === undefined ? resource : { ...resource, scheduleTag };
  });
}
