// What clients that speak MAPI through EWS rely on (DavMail, evolution-ews): the same value under two names, ids that
// say whose they are, article numbers that rise.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Simulator } from '../../simulator/index.ts';
import {
  at,
  bareId,
  codeOf,
  createEvent,
  createOther,
  folder,
  get,
  idOf,
  ok,
  path,
  remove,
  start,
  updateBody,
} from './soap-client.ts';

let sim: Simulator;
beforeAll(async () => {
  sim = await start();
});
afterAll(() => sim.close());

const tag = (number: string, type = 'String'): string =>
  `<t:ExtendedFieldURI PropertyTag="${number}" PropertyType="${type}"/>`;
const lid = (set: string, id: number, type = 'String'): string =>
  `<t:ExtendedFieldURI DistinguishedPropertySetId="${set}" PropertyId="${id}" PropertyType="${type}"/>`;
const property = (name: string, value: string): string =>
  `<t:ExtendedProperty>${name}<t:Value>${value}</t:Value></t:ExtendedProperty>`;
const setProperty = (element: string, name: string, value: string): string =>
  `<t:SetItemField>${name}<t:${element}>${property(name, value)}</t:${element}></t:SetItemField>`;
const asking = (...names: readonly string[]): string =>
  `<t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties>${names.join('')}</t:AdditionalProperties>`;

async function read(id: string, name: string): Promise<string> {
  return path(await get(sim, id, asking(name)), 'ExtendedProperty/Value');
}

describe('a property under its MAPI name', () => {
  it('of a contact is the property of EWS, written and read either way', async () => {
    const contact = await createOther(
      sim,
      `<t:Contact>${property(tag('0x3a06'), 'Jane')}${property(tag('0x3a11'), 'Doe')}${property(tag('0x3a1c'), '+43 1')}${property(lid('Address', 0x8046), 'Vienna')}<t:CompanyName>Firm</t:CompanyName></t:Contact>`,
    );
    const whole = await get(sim, idOf(contact));
    expect(path(whole, 'GivenName')).toBe('Jane');
    expect(path(whole, 'Surname')).toBe('Doe');
    expect(path(whole, 'PhoneNumbers/Entry')).toBe('+43 1');
    expect(path(whole, 'PhysicalAddresses/Entry/City')).toBe('Vienna');
    expect(await read(idOf(contact), tag('0x3a16'))).toBe('Firm');
    await ok(sim, updateBody(idOf(contact), setProperty('Contact', tag('0x3a16'), 'Other')));
    expect(path(await get(sim, idOf(contact)), 'CompanyName')).toBe('Other');
    const gone = `<t:DeleteItemField>${tag('0x3a1c')}</t:DeleteItemField>`;
    await ok(sim, updateBody(idOf(contact), gone));
    expect(at(await get(sim, idOf(contact)), 'PhoneNumbers')).toBeUndefined();
  });

  it('of a task keeps the rules of completion', async () => {
    const task = await createOther(sim, '<t:Task><t:Subject>x</t:Subject></t:Task>');
    await ok(sim, updateBody(idOf(task), setProperty('Task', lid('Task', 0x8101, 'Integer'), '2')));
    expect(path(await get(sim, idOf(task)), 'PercentComplete')).toBe('100');
    await ok(sim, updateBody(idOf(task), setProperty('Task', lid('Task', 0x8102, 'Double'), '0.5')));
    expect(path(await get(sim, idOf(task)), 'Status')).toBe('InProgress');
    await ok(
      sim,
      updateBody(idOf(task), setProperty('Task', lid('Task', 0x8105, 'SystemTime'), '2026-12-24T00:00:00Z')),
    );
    expect(path(await get(sim, idOf(task)), 'DueDate')).toBe('2026-12-24T00:00:00Z');
  });

  it('of an event stands for words of EWS', async () => {
    const event = await createEvent(
      sim,
      '<t:Sensitivity>Private</t:Sensitivity><t:LegacyFreeBusyStatus>OOF</t:LegacyFreeBusyStatus>',
    );
    expect(await read(idOf(event), tag('0x0036', 'Integer'))).toBe('2');
    expect(await read(idOf(event), lid('Appointment', 0x8205, 'Integer'))).toBe('3');
    expect(await read(idOf(event), lid('Common', 0x8506, 'Boolean'))).toBe('true');
    await ok(
      sim,
      updateBody(idOf(event), setProperty('CalendarItem', lid('Common', 0x8506, 'Boolean'), 'false')),
    );
    expect(path(await get(sim, idOf(event)), 'Sensitivity')).toBe('Normal');
  });

  it('that the store computes is refused', async () => {
    const event = await createEvent(sim, '');
    expect(
      await codeOf(sim, updateBody(idOf(event), setProperty('CalendarItem', tag('0x0e23', 'Integer'), '1'))),
    ).toBe('ErrorInvalidPropertySet');
  });
});

it('pages by article numbers, which rise', async () => {
  const [first, second] = [await createEvent(sim, ''), await createEvent(sim, '')];
  const number = async (id: string): Promise<number> => Number(await read(id, tag('0x0e23', 'Integer')));
  expect(await number(idOf(second))).toBeGreaterThan(await number(idOf(first)));
});

it('has ids as long as those of Exchange', async () => {
  expect(bareId(await createEvent(sim, ''))).toHaveLength(152);
  const found = await ok(
    sim,
    `<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:FolderIds>${folder('calendar')}</m:FolderIds></m:GetFolder>`,
  );
  expect(bareId(found.entity)).toHaveLength(120);
});

it('says whose an id is, whatever mailbox was named (DavMail)', async () => {
  const event = await createEvent(sim, '');
  const converted = await ok(
    sim,
    `<m:ConvertId DestinationFormat="EwsId"><m:SourceIds><t:AlternateId Format="EwsId" Id="${bareId(event)}" Mailbox="blah@blah.com"/></m:SourceIds></m:ConvertId>`,
  );
  expect(at(converted.element, 'AlternateId')?.attrs['Mailbox']).toBe('alice@example.test');
});

it('names a contact by its parts until somebody names it (evolution-ews)', async () => {
  const contact = await createOther(
    sim,
    '<t:Contact><t:GivenName>Jane</t:GivenName><t:Surname>Doe</t:Surname></t:Contact>',
  );
  expect(path(await get(sim, idOf(contact)), 'DisplayName')).toBe('Jane Doe');
  await ok(sim, updateBody(idOf(contact), setProperty('Contact', tag('0x3a11'), 'Roe')));
  expect(path(await get(sim, idOf(contact)), 'DisplayName')).toBe('Jane Roe');
  await ok(sim, updateBody(idOf(contact), setProperty('Contact', tag('0x3001'), 'J. R.')));
  await ok(sim, updateBody(idOf(contact), setProperty('Contact', tag('0x3a11'), 'Poe')));
  expect(path(await get(sim, idOf(contact)), 'DisplayName')).toBe('J. R.');
});

it('lets a client delete the importance, which is Normal again (DavMail)', async () => {
  const event = await createEvent(sim, '<t:Importance>High</t:Importance>');
  await ok(sim, updateBody(idOf(event), remove('item:Importance')));
  expect(path(await get(sim, idOf(event)), 'Importance')).toBe('Normal');
});
