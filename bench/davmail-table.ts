// The comparison as a table in Markdown.
import type { Comparison, Figures, Row } from './davmail-measure.ts';

export function renderTable({ rows, memory, settings, at, load }: Comparison): string {
  const { davmail, exdav } = memory;
  return [
    `${settings.events} events, ${settings.contacts} contacts, ${settings.latencyMs} ms for every HTTP exchange with Exchange; median of ${settings.runs} runs after ${settings.warmUps} warm-ups; ${at.slice(0, 10)}, load of the machine before ${load.toFixed(1)}. Each cell: DavMail / Exdav.`,
    '',
    '| DAV request | EWS calls | HTTP exchanges | wall ms | times faster | CPU ms |',
    '| --- | --: | --: | --: | --: | --: |',
    ...rows.map(renderRow),
    '',
    '| Memory, MB resident | DavMail | Exdav |',
    '| --- | --: | --: |',
    `| after the start | ${whole(davmail?.startedMb)} | ${whole(exdav?.startedMb)} |`,
    `| at its highest, after all of the above | ${whole(davmail?.peakMb)} | ${whole(exdav?.peakMb)} |`,
    ...rows.flatMap(({ name, note }) => (note === undefined ? [] : ['', `${name}: ${note}.`])),
  ].join('\n');
}

function renderRow({ name, of }: Row): string {
  const pair = (pick: (figures: Figures) => number): string =>
    [of.davmail, of.exdav].map((figures) => (figures === undefined ? '–' : shown(pick(figures)))).join(' / ');
  const ratio =
    of.davmail === undefined || of.exdav === undefined ? '–' : shown(of.davmail.wallMs / of.exdav.wallMs);
  const cells = [
    name,
    pair(({ ewsCalls }) => ewsCalls),
    pair(({ httpCalls }) => httpCalls),
    pair(({ wallMs }) => wallMs),
    ratio,
    pair(({ cpuMs }) => cpuMs),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** Two digits that matter for small ones. */
function shown(value: number): string {
  return String(value < 10 ? Math.round(value * 10) / 10 : Math.round(value));
}

function whole(value: number | undefined): string {
  return value === undefined ? '–' : String(Math.round(value));
}
