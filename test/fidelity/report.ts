// What a run has found, for people: Markdown, so that docs/fidelity.md shows the same tables.
import type { Fidelity } from './run.ts';
import { normalisations } from './normalisations.ts';

export function summaryOf(fidelity: Fidelity): string {
  const { properties, parameters } = fidelity;
  return [
    `${fidelity.objects} objects: ${fidelity.accepted} accepted, ${fidelity.objects - fidelity.accepted} refused; ${fidelity.edited} edited; ${fidelity.faults.length} faults; ${Math.round(fidelity.seconds)} s`,
    '',
    table(
      ['', 'sent', 'back', 'same', 'normalised', 'changed', 'lost', 'added'],
      [
        ['properties', properties.sent, properties.got, properties.same, properties.normalised, properties.changed, properties.lost, properties.added],
        ['parameters', parameters.sent, parameters.got, parameters.same, parameters.normalised, parameters.changed, parameters.lost, ''],
      ],
    ),
    '',
    table(
      ['refused', 'kind', 'why'],
      [...fidelity.refused].sort(([, a], [, b]) => b.length - a.length).map(([{ kind, why }, names]) => [names.length, kind, why]),
    ),
    '',
    normalisationTable(fidelity.normalised),
  ].join('\n');
}

export function normalisationTable(used: ReadonlyMap<string, number>): string {
  return table(
    ['normalisation', 'times', 'what', 'why'],
    normalisations.map(({ id, what, why }) => [id, used.get(id) ?? 0, what, why]),
  );
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]): string =>
    `| ${cells.map((cell) => String(cell).replaceAll('|', String.raw`\|`)).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
