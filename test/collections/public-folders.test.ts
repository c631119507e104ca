// Folders that are nobody's, among the collections of a home.
import { describe, expect, it } from 'vitest';
import { event } from '../memory-backend/items.ts';
import { openFixture, refusalOf } from './fixture.ts';

async function withHolidays() {
  const fixture = await openFixture({ home: { publicFolders: ['/Company/Holidays', '/Company/Nowhere'] } });
  const nobody = fixture.backend.outside('');
  nobody.folder({ key: '/company/holidays', kind: 'events', displayName: 'Holidays' });
  nobody.folder({ key: '/company/unlisted', kind: 'events' });
  nobody.allow('alice@example.test', '/company/holidays', { read: true });
  fixture.pass();
  return { ...fixture, nobody };
}

describe('public folders', () => {
  it('are listed under keys of their own, and owned by nobody', async () => {
    const { home } = await withHolidays();
    const all = await home.collections();
    const found = all.filter(({ folder }) => folder.key.startsWith('public~'));
    expect(found.map(({ folder, owner }) => [folder.key, folder.displayName, owner.address])).toEqual([
      ['public~company-holidays', 'Holidays', ''],
    ]);
    // Nobody acts for nobody.
    expect(home.sharedOwners).toEqual([]);
  });

  it('are found by key, read, and closed where the rights say so', async () => {
    const { home, nobody } = await withHolidays();
    nobody.create('/company/holidays', event({ uid: 'new-year' }));
    const holidays = (await home.collection('public~company-holidays'))!;
    expect((await holidays.members()).map(({ href }) => href)).toEqual(['new-year.ics']);
    expect(await refusalOf(holidays.remove('new-year.ics', {}, 'silent'))).toBe('403 need-privileges');
  });
});
