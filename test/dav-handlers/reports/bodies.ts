// A filled mailbox and the bodies that several reports are tested with.
import { C, card, CR, CS, event, setUp, type Setup } from '../harness.ts';

export const namespaces = `xmlns:D="DAV:" xmlns:C="${C}" xmlns:CR="${CR}" xmlns:CS="${CS}"`;

export function filled(): Setup {
  const setup = setUp();
  const events = setup.home.at('calendar');
  events.keep('a.ics', event('a', { SUMMARY: 'Alpha & <Beta>' }));
  events.keep(
    'b.ics',
    event('b', { DTSTART: '20270110T100000Z', DTEND: '20270110T110000Z', STATUS: 'TENTATIVE' }),
  );
  const contacts = setup.home.at('contacts');
  contacts.keep('c.vcf', card('c', 'Carol'));
  contacts.keep('d.vcf', card('d', 'Dora'));
  return setup;
}

export const query = (filter: string, prop = '<D:getetag/><C:calendar-data/>', more = ''): string =>
  `<C:calendar-query ${namespaces}><D:prop>${prop}</D:prop><C:filter>${filter}</C:filter>${more}</C:calendar-query>`;

export const events = (inner: string): string =>
  `<C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">${inner}</C:comp-filter></C:comp-filter>`;
