// An Exchange that offers only one way of signing in: the gateway takes it, for reading, writing and several users at once.
import { describe, expect, it } from 'vitest';
import {
  alice,
  asCalendar,
  asXml,
  bob,
  calendarOf,
  etagsBody,
  eventText,
  openStage,
  responsesOf,
} from './stage.ts';

describe.each([['ntlm'], ['basic']] as const)('an Exchange that offers only %s', (scheme) => {
  it('is signed in to by every form of a name, and refuses wrong passwords once', async () => {
    const stage = await openStage({ schemes: [scheme], settings: { EXDAV_DOMAIN: 'example.test' } });
    try {
      for (const user of [alice, bob]) {
        const body = eventText('first');
        const put = await stage.ask('PUT', `${calendarOf(user)}first.ics`, {
          body,
          headers: asCalendar,
          user,
        });
        expect(put.status, put.text).toBe(201);
      }
      for (const address of ['alice@example.test', 'EXAMPLE\\alice', 'alice']) {
        const answer = await stage.ask('GET', `${calendarOf(alice)}first.ics`, {
          user: { address, password: 'alice' },
        });
        expect(answer.status, address).toBe(200);
      }
      expect(stage.simulator.refusedSignIns()).toBe(0);
      const wrong = { ...alice, password: 'wrong' };
      for (let times = 0; times < 3; times += 1)
        expect((await stage.ask('PROPFIND', calendarOf(alice), { user: wrong })).status).toBe(401);
      expect(stage.simulator.refusedSignIns()).toBe(1);
    } finally {
      await stage.stop();
    }
  });

  it('is asked side by side, and again after its connections were dropped', async () => {
    const stage = await openStage({ schemes: [scheme] });
    try {
      await Promise.all(
        Array.from({ length: 12 }, async (_, index) => {
          const user = index % 2 === 0 ? alice : bob;
          const body = eventText(`n${index}`);
          const answer = await stage.ask('PUT', `${calendarOf(user)}n${index}.ics`, {
            body,
            headers: asCalendar,
            user,
          });
          expect(answer.status, answer.text).toBe(201);
        }),
      );
      stage.simulator.faults.on('dropped', { count: 1 });
      stage.advance();
      const listing = await stage.ask('PROPFIND', calendarOf(alice), {
        body: etagsBody,
        headers: { ...asXml, depth: '1' },
      });
      expect(responsesOf(listing).size).toBe(7);
      expect(stage.simulator.refusedSignIns()).toBe(0);
    } finally {
      await stage.stop();
    }
  });
});
