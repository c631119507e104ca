// Evolution, unmodified: what evolution-data-server's clients list, read, create and change in the simulated Exchange, and over DAV.
import { expect, test } from 'vitest';
import { startBoth } from '../gateway.ts';
import { isInstalled, isProvided } from '../programs.ts';
import { evolutionDav, evolutionEws, runOverDav, runOverEws } from './run.ts';

const hasBus = isInstalled('dbus-run-session');

/** Of the script, before either side. */
const expected = {
  failures: [],
  events: 300,
  series: 24,
  created: ['from Evolution', 'Room 5', expect.stringContaining('20261202T')],
  changed: 'changed by Evolution',
  seriesParts: ['third, changed by Evolution', 'weekly from Evolution'],
  tasks: 40,
  createdTask: 'task from Evolution',
  changedTask: 'task changed by Evolution',
  contacts: 122,
  createdContact: ['Jane Doe', 'jane@x.test', '+43 1 2'],
  changedContact: 'Jane Roe',
};
const folders = [
  'Address Book: Contacts',
  'Calendar: Calendar',
  'Calendar: Family',
  'Calendar: Projects & Travel',
  'Calendar: Vereinskalender',
  'Task List: Tasks',
];

test.skipIf(!isProvided(evolutionEws) || !hasBus)(
  'evolution-ews lists, reads and changes calendars, tasks and contacts (needs Debian’s evolution-ews)',
  { timeout: 300_000 },
  async () => {
    const { seen, output, envelopes, calls } = await runOverEws();
    const further = [
      'Address Book: Global Address List',
      'Address Book: Recipient Cache',
      'Address Book: Skype for Business Contacts',
      'Memo List: Notes',
    ];
    expect(seen, output).toMatchObject({ ...expected, sources: [...folders, ...further].toSorted() });
    expect(seen['listed']).toBeGreaterThan(300);
    expect(calls['SyncFolderItems']).toBeGreaterThan(3);
    expect(envelopes.failures.filter(({ direction }) => direction === 'answer')).toEqual([]);
    if (process.env['CI'] !== undefined) expect(envelopes.count, envelopes.note).toBeGreaterThan(0);
  },
);

test.skipIf(!isProvided(evolutionDav) || !hasBus)(
  'Evolution over CalDAV and CardDAV does the same (needs Debian’s evolution-data-server)',
  { timeout: 300_000 },
  async () => {
    const both = await startBoth({ seed: 'small' });
    const { seen, output } = await runOverDav(both.url);
    await both.stop();
    expect(seen, output).toMatchObject({
      ...expected,
      sources: [...folders, 'Address Book: Directory'].toSorted(),
    });
    expect(seen['listed']).toBeGreaterThan(300);
  },
);
