// Minutes of work: planned ⇄ ESTIMATED-DURATION (draft-ietf-calext-ical-tasks §8.2, which Evolution writes), done ⇄ a name of ours.
import type { TaskItem } from '../model/item.ts';
import type { Row } from './rows.ts';
import { firstOf, rendered } from './shared-rows.ts';
import { durationMs, durationOf } from './times.ts';

export function workRow(
  name: 'estimated-duration' | 'x-exdav-actual-work',
  field: 'totalWork' | 'actualWork',
): Row<TaskItem> {
  return {
    claims: [name],
    fields: [field],
    render(task) {
      const minutes = task[field];
      return rendered(minutes === undefined ? undefined : [name, {}, 'unknown', workText(minutes)]);
    },
    parse(parts) {
      const given = firstOf(parts, name);
      const duration = given && durationOf(given);
      const minutes = duration ? Math.round(durationMs(duration) / 60_000) : 0;
      return { [field]: minutes > 0 ? minutes : undefined };
    },
  };
}

/** Hours of work, never days: Outlook's day of work has eight. */
function workText(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return `PT${hours > 0 ? `${hours}H` : ''}${rest > 0 ? `${rest}M` : ''}`;
}
