// What a run has found, for people: Markdown, of which docs/fidelity.md is made.
import { mappingTables } from './mapping.ts';
import { normalisations } from './normalisations.ts';
import { refusals } from './refusals.ts';
import type { Fidelity } from './run.ts';
import { table } from './table.ts';

export function figuresOf(fidelity: Fidelity): string {
  const { properties, parameters } = fidelity;
  const counts = ({ sent, got, same, normalised, changed, lost }: typeof parameters): number[] => [
    sent,
    got,
    same,
    normalised,
    changed,
    lost,
  ];
  return [
    `${fidelity.objects} objects: ${fidelity.accepted} accepted, ${fidelity.objects - fidelity.accepted} refused, ${fidelity.edited} of the accepted edited from both sides. Objections: ${fidelity.faults.length}.`,
    '',
    table(
      ['', 'sent', 'back', 'same', 'normalised', 'changed', 'lost', 'added'],
      [
        ['properties', ...counts(properties), properties.added],
        ['parameters', ...counts(parameters), ''],
      ],
    ),
  ].join('\n');
}

/** With figures of a run; without: only the reasons. */
export function refusalTable(fidelity?: Fidelity): string {
  return table(
    ['kind', 'refused because', 'objects'],
    refusals.map((refusal) => [refusal.kind, refusal.why, fidelity?.refused.get(refusal)?.length ?? 0]),
  );
}

export function normalisationTable(fidelity?: Fidelity): string {
  return table(
    ['what may differ', 'why', 'times'],
    normalisations.map(({ id, what, why }) => [what, why, fidelity?.normalised.get(id) ?? 0]),
  );
}

export function summaryOf(fidelity: Fidelity): string {
  return [
    figuresOf(fidelity),
    '',
    refusalTable(fidelity),
    '',
    normalisationTable(fidelity),
    '',
    `${Math.round(fidelity.seconds)} s`,
  ].join('\n');
}

export function fidelityPage(fidelity: Fidelity): string {
  return [
    '# Fidelity: nothing is lost',
    '',
    'What a client stores comes back with the same meaning. What Exchange has a place for goes there; the rest is kept on the',
    'Exchange item itself, in one hidden property, and is shown again as long as Exchange’s own values do not contradict it.',
    'What can be neither stored nor kept whole is refused with a reason, never changed silently.',
    '',
    '`npm run fidelity` proves it: every object of a corpus of real files (`EXDAV_CORPUS`), of the golden files and of the',
    'full-width objects in `test/fidelity/objects` is PUT through the whole stack into the simulated Exchange and read back,',
    'once more after the gateway has lost its ledger and caches. A comparer that shares no code with the translator compares',
    'property by property. Then every accepted object is edited: one property by a client (only its fields may be in the',
    '`UpdateItem`) and one field by Exchange (only its property may differ afterwards). Meetings are tried twice, once as',
    'invitations of others and once as the own ones. Whatever is not on the lists below is an objection and ends the run with 1.',
    '',
    '## Figures of the last run',
    '',
    figuresOf(fidelity),
    '',
    '## What may differ: the closed list',
    '',
    'The spelling of a text, the order of properties, and one property with several values for several with one, are no',
    'difference. Definitions of time zones that are known by name are written anew, and right for past years too; those of a',
    'client’s own come back as they were.',
    '',
    normalisationTable(fidelity),
    '',
    '## What is refused',
    '',
    'Always `403` with the reason. `invalid`: the standards forbid it. `scope`: such objects have no place in the folder or the',
    'gateway. `limit`: valid, but beyond what Exchange holds.',
    '',
    refusalTable(fidelity),
    '',
    '## What becomes what',
    '',
    'From the tables that the code runs. What is in no table is kept beside the item. Of the neighbours what is known',
    'of their code or by measurement; an empty cell is not known.',
    '',
    mappingTables(),
    '',
    'This page is written by `npm run fidelity -- --write`.',
    '',
  ].join('\n');
}
