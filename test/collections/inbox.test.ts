// Invitations that wait, as a collection: names of their own, one question for the list, put away instead of deleted.
import { describe, expect, it } from 'vitest';
import { event } from '../memory-backend/items.ts';
import { failureKind, openFixture, readOne, refusalOf } from './fixture.ts';

async function openInbox() {
  const fixture = await openFixture();
  const inbox = fixture.home.inbox!;
  const hrefs = async (): Promise<readonly string[]> => {
    fixture.pass();
    return (await inbox.members()).map(({ href }) => href);
  };
  return { ...fixture, inbox, hrefs };
}

const request = (uid: string) =>
  event({
    uid,
    isOrganizer: false,
    ownPartStat: 'needs-action',
    organizer: { address: 'bob@example.test' },
    attendees: [{ address: 'alice@example.test', role: 'required', partStat: 'needs-action' }],
  });

describe('the inbox', () => {
  it('has each message as a member of its own, also two of one meeting', async () => {
    const { outside, inbox, hrefs } = await openInbox();
    outside.invite(request('one'));
    outside.invite(request('one'), 'CANCEL');
    const found = await hrefs();
    expect(new Set(found).size).toBe(2);
    const texts = await Promise.all(found.map(async (href) => (await readOne(inbox, href)).text));
    expect(texts.map((text) => /^METHOD:(\w+)/m.exec(text)?.[1]).sort()).toEqual(['CANCEL', 'REQUEST']);
    for (const text of texts) expect(text).toMatch(/^UID:one\r$/m);
    expect(await hrefs()).toEqual(found);
  });

  it('is listed in one question, and its members have no schedule-tag', async () => {
    const { outside, inbox, callsOf, pass } = await openInbox();
    outside.invite(request('one'));
    pass();
    expect(await callsOf(() => inbox.members())).toEqual({ inbox: 1 });
    const [member] = await inbox.members();
    expect((await readOne(inbox, member!.href)).scheduleTag).toBeUndefined();
  });

  it('tells by its tokens what came and what is gone', async () => {
    const { outside, inbox, pass } = await openInbox();
    const id = outside.invite(request('one'));
    const first = await inbox.changes(undefined);
    outside.uninvite(id);
    outside.invite(request('two'));
    pass();
    const next = await inbox.changes(first.token);
    expect(next.gone).toEqual(first.changed.map(({ href }) => href));
    expect(next.changed).toHaveLength(1);
    pass();
    expect(await inbox.changes(next.token)).toMatchObject({ changed: [], gone: [], token: next.token });
  });

  it('puts away what is deleted, and takes nothing in', async () => {
    const { outside, inbox, hrefs, callsOf } = await openInbox();
    const id = outside.invite(request('one'));
    const [href] = await hrefs();
    const calls = await callsOf(() => inbox.remove(href!, {}, 'silent'));
    expect([calls, outside.dismissed()]).toEqual([{ dismiss: 1 }, [id]]);
    expect(await hrefs()).toEqual([]);
    const put = { href: 'new.ics', text: 'x', condition: {}, mail: 'silent' } as const;
    expect(await refusalOf(inbox.put(put))).toBe('403 need-privileges');
  });

  it('does not show what is gone by the time it is read', async () => {
    const { outside, inbox, hrefs } = await openInbox();
    const id = outside.invite(request('one'));
    const [href] = await hrefs();
    outside.uninvite(id);
    const [[, outcome] = []] = await inbox.read([href!], { kind: 'whole' });
    expect(failureKind(outcome)).toBe('not-found');
    expect(await hrefs()).toEqual([]);
  });

  it('is no folder of the home', async () => {
    const { home } = await openInbox();
    expect((await home.collections()).map(({ folder }) => folder.key)).not.toContain('inbox');
    expect(await home.collection('inbox')).toBeUndefined();
  });
});
