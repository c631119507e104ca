// Public folders of the simulated Exchange among a user's collections: by configuration, under Exchange's rights, listed in full.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  addFolder,
  addItem,
  folderOf,
  grant,
  levels,
  openPublicFolders,
  removeFolder,
  type Folder,
  type Rights,
} from '../../simulator/state/index.ts';
import {
  alice,
  asCalendar,
  asCard,
  asXml,
  bob,
  cardText,
  conditionOf,
  eventText,
  openStage,
  responsesOf,
  syncBody,
  syncTokenIn,
  type Stage,
  type User,
} from './stage.ts';

let stage: Stage;
let company: Folder;
beforeAll(async () => {
  stage = await openStage({
    settings: {
      EXDAV_PUBLIC_FOLDERS:
        '/Company/Holidays; /company/CUSTOMERS; /Company/Closed; /Company/Nowhere; /Other',
    },
  });
  const { world } = stage.simulator;
  const parent = folderOf(openPublicFolders(world), 'publicfoldersroot');
  company = addFolder(world, { parent, name: 'Company', folderClass: 'IPF.Note' });
  grant(company, 'default', levels.reviewer);
  grant(child('Holidays', 'IPF.Appointment'), alice.address, levels.editor);
  grant(child('Customers', 'IPF.Contact'), alice.address, levels.editor);
  child('Closed', 'IPF.Appointment', levels.none);
  child('Unlisted', 'IPF.Appointment');
});
afterAll(() => stage.stop());
beforeEach(() => {
  stage.advance(3_600_000);
  stage.simulator.resetCalls();
});

function child(name: string, folderClass: string, everybody: Rights = levels.reviewer): Folder {
  const folder = addFolder(stage.simulator.world, { parent: company, name, folderClass });
  grant(folder, 'default', everybody);
  return folder;
}

function folderNamed(name: string): Folder {
  const store = openPublicFolders(stage.simulator.world);
  return [...store.folders.values()].find(({ displayName }) => displayName === name)!;
}

const homeBody =
  '<propfind xmlns="DAV:"><prop><displayname/><owner/><current-user-privilege-set/></prop></propfind>';

/** href → the response, of collections whose keys say that they are public. */
async function shown(family: 'calendars' | 'addressbooks', user: User = alice) {
  const home = `/${family}/${user.address}/`;
  const answer = await stage.ask('PROPFIND', home, {
    body: homeBody,
    headers: { ...asXml, depth: '1' },
    user,
  });
  expect(answer.status, answer.text).toBe(207);
  const { text } = answer;
  return text
    .split('<D:response>')
    .filter((part) => part.includes('/public~'))
    .map((part) => ({
      href: /<D:href>([^<]*)<\/D:href>/.exec(part)?.[1] ?? '',
      name: /<D:displayname>([^<]*)</.exec(part)?.[1],
      isWritable: part.includes('<D:write-content/>'),
      hasOwner: !/<D:owner\/>[\s\S]*404/.test(part),
    }));
}

async function calendarHref(user: User = alice): Promise<string> {
  return (await shown('calendars', user))[0]!.href;
}

const put = (href: string, uid: string, user: User = alice, ...lines: readonly string[]) =>
  stage.ask('PUT', `${href}${uid}.ics`, { body: eventText(uid, ...lines), headers: asCalendar, user });

describe('public folders', () => {
  it('that are configured, there and open appear among one’s own, nobody’s and with their rights', async () => {
    const [holidays, ...more] = await shown('calendars');
    expect(more).toEqual([]);
    expect(holidays).toMatchObject({ name: 'Holidays', isWritable: true, hasOwner: false });
    expect(await shown('addressbooks')).toMatchObject([{ name: 'Customers', isWritable: true }]);
    const [ofBob] = await shown('calendars', bob);
    expect(ofBob).toMatchObject({ name: 'Holidays', isWritable: false });
    // The same name for everybody, without an id in it.
    expect(ofBob!.href.split('/').at(-2)).toBe(holidays!.href.split('/').at(-2));
  });

  it('cost one call beside the others; paths are followed once', async () => {
    await shown('calendars');
    stage.advance(3_600_000);
    stage.simulator.resetCalls();
    await shown('calendars');
    expect(stage.simulator.calls()).toEqual({ FindFolder: 1, GetFolder: 1 });
  });

  it('are read, written and synchronised by listing them in full', async () => {
    const href = await calendarHref();
    expect((await put(href, 'new-year')).status).toBe(201);
    stage.advance();
    const first = await stage.ask('REPORT', href, { body: syncBody(), headers: asXml });
    expect([...responsesOf(first).keys()]).toEqual([`${href}new-year.ics`]);
    expect((await put(href, 'new-year', alice, 'SUMMARY:Changed')).status).toBe(204);
    addItem(stage.simulator.world, folderNamed('Holidays'), {
      kind: 'event',
      values: {
        itemClass: 'IPM.Appointment',
        subject: 'By others',
        start: Date.UTC(2026, 0, 6),
        end: Date.UTC(2026, 0, 7),
      },
    });
    stage.advance();
    stage.simulator.resetCalls();
    const token = syncTokenIn(first);
    const second = await stage.ask('REPORT', href, { body: syncBody(token), headers: asXml });
    expect(responsesOf(second).size).toBe(2);
    expect(stage.simulator.calls()).toEqual({ FindItem: 1 });
    expect((await stage.ask('DELETE', `${href}new-year.ics`)).status).toBe(204);
    stage.advance();
    const third = await stage.ask('REPORT', href, {
      body: syncBody(syncTokenIn(second)),
      headers: asXml,
    });
    expect([...responsesOf(third)].map(([name, { status }]) => [name, status])).toEqual([
      [`${href}new-year.ics`, 404],
    ]);
    expect((await stage.ask('GET', href)).text).toContain('By others');
  });

  it('hold contacts too', async () => {
    const { href } = (await shown('addressbooks'))[0]!;
    const body = cardText('customer');
    expect((await stage.ask('PUT', `${href}customer.vcf`, { body, headers: asCard })).status).toBe(201);
    expect((await stage.ask('GET', `${href}customer.vcf`)).text).toContain('FN:Card customer');
  });

  it('are closed to whom Exchange lets only read', async () => {
    const href = await calendarHref(bob);
    const answer = await put(href, 'refused', bob);
    expect([answer.status, conditionOf(answer)]).toEqual([403, 'need-privileges']);
  });

  it('are not renamed, made or deleted here', async () => {
    const href = await calendarHref();
    const rename =
      '<propertyupdate xmlns="DAV:"><set><prop><displayname>Mine</displayname></prop></set></propertyupdate>';
    expect((await stage.ask('PROPPATCH', href, { body: rename, headers: asXml })).text).toContain('403');
    expect((await stage.ask('DELETE', href)).status).toBe(403);
    expect((await stage.ask('MKCALENDAR', `/calendars/${alice.address}/public~mine/`)).status).toBe(403);
    expect(folderNamed('Holidays')).toBeDefined();
  });

  it('send no mail, whoever is invited in their events', async () => {
    const href = await calendarHref();
    const folder = folderNamed('Holidays');
    addItem(stage.simulator.world, folder, {
      kind: 'event',
      values: {
        itemClass: 'IPM.Appointment',
        subject: 'A meeting by Outlook',
        uid: 'by-outlook',
        organizer: { name: 'Alice Example', address: alice.address },
        start: Date.UTC(2026, 5, 1, 9),
        end: Date.UTC(2026, 5, 1, 10),
        requiredAttendees: [{ mailbox: { name: 'Bob', address: bob.address } }],
      },
    });
    const people = [`ORGANIZER:mailto:${alice.address}`, `ATTENDEE:mailto:${bob.address}`];
    expect((await put(href, 'invites', alice, ...people)).status).toBe(201);
    expect((await put(href, 'by-outlook', alice, 'SUMMARY:Renamed', ...people)).status).toBe(204);
    expect((await stage.ask('GET', `${href}by-outlook.ics`)).text).toContain('SUMMARY:Renamed');
    for (const uid of ['invites', 'by-outlook'])
      expect((await stage.ask('DELETE', `${href}${uid}.ics`)).status).toBe(204);
    expect(stage.simulator.world.sent).toEqual([]);
  });
});

describe('a public folder that is gone', () => {
  it('is looked for again under its path', async () => {
    removeFolder(stage.simulator.world, folderNamed('Holidays'));
    expect(await shown('calendars')).toEqual([]);
    child('Holidays', 'IPF.Appointment');
    stage.advance(3_600_000);
    expect(await shown('calendars')).toMatchObject([{ name: 'Holidays' }]);
  });
});
