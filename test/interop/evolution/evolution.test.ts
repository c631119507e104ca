// evolution-ews, unmodified: what evolution-data-server's clients list, read, create and change in the simulated Exchange.
import { expect, test } from 'vitest';
import { isInstalled, isProvided } from '../programs.ts';
import { evolutionEws, runEvolution } from './run.ts';

const isHere = isProvided(evolutionEws) && isInstalled('dbus-run-session');

test.skipIf(!isHere)(
  'evolution-ews lists, reads and changes calendars, tasks and contacts (needs Debian’s evolution-ews)',
  { timeout: 300_000 },
  async () => {
    const { seen, output, envelopes, calls } = await runEvolution();
    expect(seen, output).toMatchObject({
      failures: [],
      sources: [
        'Address Book: Contacts',
        'Address Book: Global Address List',
        'Address Book: Recipient Cache',
        'Address Book: Skype for Business Contacts',
        'Calendar: Calendar',
        'Calendar: Family',
        'Calendar: Projects & Travel',
        'Calendar: Vereinskalender',
        'Memo List: Notes',
        'Task List: Tasks',
      ],
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
    });
    expect(seen['listed']).toBeGreaterThan(300);
    expect(calls['SyncFolderItems']).toBeGreaterThan(3);
    expect(envelopes.failures.filter(({ direction }) => direction === 'answer')).toEqual([]);
    if (process.env['CI'] !== undefined) expect(envelopes.count, envelopes.note).toBeGreaterThan(0);
  },
);
