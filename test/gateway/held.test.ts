// What Exchange holds already a client may edit, also where no rule of iCalendar could ask for it.
import { expect, test } from 'vitest';
import { alice, asCalendar, basic, openStage, responsesOf, asXml } from './stage.ts';

const soap = (body: string): string =>
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages" xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types"><s:Header><t:RequestServerVersion Version="Exchange2013_SP1"/></s:Header><s:Body>${body}</s:Body></s:Envelope>`;

test('a task that regenerates until a day can be renamed by a client', async () => {
  const stage = await openStage();
  try {
    const made = await fetch(stage.simulator.url, {
      method: 'POST',
      headers: { authorization: basic(alice), 'content-type': 'text/xml; charset=utf-8' },
      body: soap(
        '<m:CreateItem><m:SavedItemFolderId><t:DistinguishedFolderId Id="tasks"/></m:SavedItemFolderId><m:Items><t:Task><t:Subject>Old</t:Subject><t:Recurrence><t:DailyRegeneration><t:Interval>2</t:Interval></t:DailyRegeneration><t:EndDateRecurrence><t:StartDate>2026-12-01</t:StartDate><t:EndDate>2026-12-31</t:EndDate></t:EndDateRecurrence></t:Recurrence><t:StartDate>2026-12-01T00:00:00Z</t:StartDate></t:Task></m:Items></m:CreateItem>',
      ),
    });
    expect(await made.text()).toContain('NoError');
    const tasks = `/calendars/${alice.address}/tasks/`;
    const listed = await stage.ask('PROPFIND', tasks, {
      headers: { ...asXml, depth: '1' },
      body: '<propfind xmlns="DAV:"><prop><getetag/></prop></propfind>',
    });
    const href = [...responsesOf(listed).keys()].find((each) => each.endsWith('.ics')) ?? '';
    const { text } = await stage.ask('GET', href);
    expect(text).toContain('RRULE:FREQ=DAILY;');
    const body = text.replace('SUMMARY:Old', 'SUMMARY:New');
    stage.sent.length = 0;
    expect((await stage.ask('PUT', href, { headers: asCalendar, body })).status).toBe(204);
    const [update] = stage.sent.filter((each) => each.includes('<m:UpdateItem'));
    expect(update).toContain('item:Subject');
    expect(update).not.toContain('task:Recurrence');
    expect((await stage.ask('GET', href)).text).toContain('RRULE:FREQ=DAILY;INTERVAL=2;UNTIL=20261231');
  } finally {
    await stage.stop();
  }
});
