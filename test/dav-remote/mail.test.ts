// No mail leaves because of a mirror, whatever the server's age; where that cannot be had, nothing is written.
import { describe, expect, it } from 'vitest';
import type { Condition } from '../../src/model/collection.ts';
import { eventText } from '../memory-backend/items.ts';
import type { Version } from '../nextcloud-double/index.ts';
import { openStage, pathOf, put, refusal, type Stage } from './stage.ts';
import { trap } from './trap.ts';

const own = 'mailto:alice@example.test';
const other = 'mailto:other@example.org';

/** Alice invites somebody. */
const invitation = (uid: string, more: readonly string[] = []): string =>
  eventText(uid, {
    lines: [`ORGANIZER;CN="Alice: A":${own}`, `ATTENDEE;CN=Other;RSVP=TRUE:${other}`, ...more],
  });
/** Somebody invited alice, who accepted. */
const accepted = (uid: string): string =>
  eventText(uid, { lines: [`ORGANIZER:${other}`, `ATTENDEE;PARTSTAT=ACCEPTED:${own}`] });

const outside = async (stage: Stage, href: string, text: string): Promise<void> => {
  const answer = await stage.raw('PUT', pathOf(stage.events, href), { body: text });
  expect(answer.ok).toBe(true);
};
/** What was mailed since the last time. */
const mails = (stage: Stage) => stage.double.world.mails.splice(0).map(({ method, to }) => `${method} ${to}`);
const textAt = async (stage: Stage, href: string): Promise<string> =>
  (await stage.raw('GET', pathOf(stage.events, href))).text();

const versions: readonly Version[] = ['24.0.12', '32.0.2', '33.0.3', '35.0.0'];

for (const version of versions) {
  describe(`a mirror's life of meetings on ${version}`, () => {
    trap(
      'mail-on-put',
      'is silent from create over change to delete and purge',
      async (stage) => {
        await outside(stage, 'plain.ics', invitation('plain'));
        expect(mails(stage)).toEqual(['REQUEST other@example.org']);
        for (const [uid, text] of [
          ['own', invitation('own')],
          ['answered', accepted('answered')],
        ] as const) {
          const href = `${uid}.ics`;
          const at = async (): Promise<Condition> => ({
            ifMatch: [(await stage.events.member(href))?.etag ?? ''],
          });
          await put(stage.events, href, text, { ifNoneMatch: '*' });
          await put(stage.events, href, text.replace('Lunch', 'Supper'), await at());
          await put(stage.events, href, text.replace('20260302', '20260303'), await at());
          await stage.events.remove(href, await at(), 'silent');
          await stage.events.purgeTrash([uid]);
        }
        expect(mails(stage)).toEqual([]);
        expect(await stage.events.members()).toHaveLength(1);
      },
      version,
    );

    trap(
      'mail-of-attendee',
      'an answer of our own user is not sent to the organizer',
      async (stage) => {
        await outside(stage, 'plain.ics', accepted('plain'));
        expect(mails(stage)).toEqual(['REPLY other@example.org']);
        await put(stage.events, 'a.ics', accepted('a'));
        await stage.events.remove('a.ics', {}, 'silent');
        expect(mails(stage)).toEqual([]);
      },
      version,
    );

    it('reads back what it wrote, without what was added for the server', async () => {
      const stage = await openStage(version);
      const text = invitation('a');
      await put(stage.events, 'a.ics', text);
      const [[, read] = []] = await stage.events.read(['a.ics'], { kind: 'whole' });
      expect(read?.ok && unfolded(read.value.text)).toBe(unfolded(text));
      await stage.close();
    });
  });
}

const unfolded = (text: string): string => text.replaceAll(/\r\n[ \t]/g, '');

describe('a meeting that was not written by the mirror', () => {
  trap(
    'mail-on-delete',
    'is deleted silently where the header is obeyed on PUT: marked first',
    async (stage) => {
      await outside(stage, 'a.ics', invitation('a'));
      await outside(stage, 'b.ics', invitation('b'));
      mails(stage);
      await stage.raw('DELETE', pathOf(stage.events, 'a.ics'), { headers: { 'x-nc-scheduling': 'false' } });
      expect(mails(stage)).toEqual(['CANCEL other@example.org']);
      const { etag = '' } = (await stage.events.member('b.ics')) ?? {};
      expect(await refusal(stage.events.remove('b.ics', { ifMatch: ['"old"'] }, 'silent'))).toBe('412');
      expect(await textAt(stage, 'b.ics')).not.toContain('SCHEDULE-AGENT');
      await stage.events.remove('b.ics', { ifMatch: [etag] }, 'silent');
      expect(await stage.events.members()).toEqual([]);
      expect(await stage.events.purgeTrash(['b'])).toBe(1);
      expect(mails(stage)).toEqual([]);
    },
    '32.0.2',
  );

  trap(
    'mail-on-delete',
    'is left alone where nothing silences it, and says so',
    async (stage) => {
      await outside(stage, 'a.ics', invitation('a'));
      await outside(stage, 'b.ics', eventText('b'));
      const before = await textAt(stage, 'a.ics');
      mails(stage);
      expect(await refusal(put(stage.events, 'a.ics', invitation('a')))).toBe(
        'would-send-mail WouldSendMail',
      );
      expect(await refusal(stage.events.remove('a.ics', {}, 'silent'))).toBe('would-send-mail WouldSendMail');
      expect(await textAt(stage, 'a.ics')).toBe(before);
      expect(await put(stage.events, 'b.ics', invitation('b'))).toMatchObject({ created: false });
      expect(mails(stage)).toEqual([]);
    },
    '24.0.12',
  );

  trap(
    'purge-cancels',
    'stays in the trash where purging it would cancel it once more',
    async (stage) => {
      await outside(stage, 'a.ics', invitation('a'));
      await stage.raw('DELETE', pathOf(stage.events, 'a.ics'));
      mails(stage);
      expect(await stage.events.purgeTrash(['a'])).toBe(0);
      expect(await refusal(put(stage.events, 'b.ics', invitation('a'), { ifNoneMatch: '*' }))).toBe(
        'would-send-mail WouldSendMail',
      );
      expect(mails(stage)).toEqual([]);
      const item = stage.collection('mirror').rows[0]?.id;
      await stage.raw('DELETE', `/remote.php/dav/calendars/alice/trashbin/objects/${item}.ics`);
      expect(mails(stage)).toEqual(['CANCEL other@example.org']);
    },
    '32.0.2',
  );

  it('is purged where the header is obeyed', async () => {
    const stage = await openStage('33.0.3');
    await outside(stage, 'a.ics', invitation('a'));
    await stage.raw('DELETE', pathOf(stage.events, 'a.ics'));
    mails(stage);
    expect(await put(stage.events, 'b.ics', invitation('a'), { ifNoneMatch: '*' })).toMatchObject({
      created: true,
    });
    expect(mails(stage)).toEqual([]);
    await stage.close();
  });
});

describe('asking for mail', () => {
  it('is refused: this side never sends', async () => {
    const stage = await openStage();
    const request = { href: 'a.ics', text: invitation('a'), condition: {}, mail: 'send' } as const;
    expect(await refusal(stage.events.put(request))).toBe('invalid SilentOnly');
    expect(await refusal(stage.events.remove('a.ics', {}, 'send'))).toBe('invalid SilentOnly');
    await stage.close();
  });

  it('every write says that it must not be scheduled', async () => {
    const stage = await openStage();
    await put(stage.events, 'a.ics', eventText('a'));
    await put(
      stage.contacts,
      'a.vcf',
      'BEGIN:VCARD\r\nVERSION:3.0\r\nUID:a\r\nFN:A\r\nN:A;;;;\r\nEND:VCARD\r\n',
    );
    await stage.events.remove('a.ics', {}, 'silent');
    await stage.events.purgeTrash(['a']);
    const writes = stage.double.log.filter(({ method }) => method === 'PUT' || method === 'DELETE');
    expect(writes).toHaveLength(4);
    for (const { headers } of writes)
      expect(headers).toMatchObject({ 'x-nc-scheduling': 'false', 'schedule-reply': 'F' });
    await stage.close();
  });
});
