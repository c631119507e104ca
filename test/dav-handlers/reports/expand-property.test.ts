// DAV:expand-property.
import { describe, expect, it } from 'vitest';
import { childOf } from '../../../src/xml/index.ts';
import {
  C,
  calendar,
  childNames,
  D,
  folders,
  home,
  hrefsIn,
  names,
  parseResponse,
  propOf,
  setUp,
  textIn,
} from '../harness.ts';
import { namespaces, filled } from './bodies.ts';

describe('expand-property', () => {
  it('opens hrefs into the responses of what they name, nested', async () => {
    const { ask } = filled();
    const body = `<D:expand-property ${namespaces}>
      <D:property name="current-user-principal"><D:property name="displayname"/><D:property name="calendar-home-set" namespace="${C}"><D:property name="resourcetype"/></D:property><D:property name="nothing"/></D:property>
      <D:property name="displayname"/><D:property name="missing" namespace="urn:x"/></D:expand-property>`;
    const answer = await ask('REPORT', calendar, { body });
    const [own] = answer.responses;
    expect(names(own!, 404)).toEqual(['{urn:x}missing']);
    expect(textIn(own, D, 'displayname')).toBe('Calendar');
    const principal = parseResponse(childOf(propOf(own, D, 'current-user-principal'), 'response', D)!);
    expect(principal.href).toBe('/principals/alice@example.test/');
    expect(textIn(principal, D, 'displayname')).toBe('Alice Adams');
    expect(names(principal, 404)).toEqual(['{DAV:}nothing']);
    const homes = parseResponse(childOf(propOf(principal, C, 'calendar-home-set'), 'response', D)!);
    expect(homes.href).toBe(home);
    expect(childNames(propOf(homes, D, 'resourcetype'))).toEqual(['{DAV:}collection']);
  });

  it('leaves other hrefs as they are and answers 404 inside for principals nobody can see', async () => {
    const setup = setUp({ folders: [{ ...folders[0]!, owner: { address: 'ghost@example.test' } }] });
    const body = `<D:expand-property ${namespaces}><D:property name="owner"><D:property name="displayname"/></D:property></D:expand-property>`;
    const owner = propOf((await setup.ask('REPORT', calendar, { body })).responses[0], D, 'owner');
    expect(parseResponse(childOf(owner, 'response', D)!).status).toBe(404);
    const addresses = `<D:expand-property ${namespaces}><D:property name="calendar-user-address-set" namespace="${C}"><D:property name="displayname"/></D:property></D:expand-property>`;
    const set = propOf(
      (await setup.ask('REPORT', '/principals/alice@example.test/', { body: addresses })).responses[0],
      C,
      'calendar-user-address-set',
    );
    expect(childNames(set)).toEqual(['{DAV:}href', '{DAV:}href', '{DAV:}response']);
  });

  it('leaves values without hrefs and values of clients as they are', async () => {
    const dead = '<d xmlns="urn:x" xmlns:y="urn:y" y:a="1"><href xmlns="DAV:">/principals/</href></d>';
    const setup = setUp({ folders: [{ ...folders[0]!, properties: { dead: { '{urn:x}d': dead } } }] });
    const body = `<D:expand-property ${namespaces}><D:property name="supported-privilege-set"><D:property name="displayname"/></D:property><D:property name="d" namespace="urn:x"><D:property name="displayname"/></D:property></D:expand-property>`;
    const [own] = (await setup.ask('REPORT', calendar, { body })).responses;
    expect(childNames(propOf(own, D, 'supported-privilege-set'))).toEqual(['{DAV:}supported-privilege']);
    expect(hrefsIn(propOf(own, 'urn:x', 'd'))).toEqual(['/principals/']);
  });

  it('answers children at Depth 1 and is bounded', async () => {
    const { ask } = filled();
    const one = `<D:expand-property ${namespaces}><D:property name="displayname"/></D:expand-property>`;
    expect((await ask('REPORT', home, { headers: { Depth: '1' }, body: one })).responses).toHaveLength(6);
    expect((await ask('REPORT', home, { headers: { Depth: 'infinity' }, body: one })).status).toBe(403);
    const deep = '<D:property name="owner">'.repeat(6) + '</D:property>'.repeat(6);
    expect(
      (await ask('REPORT', home, { body: `<D:expand-property ${namespaces}>${deep}</D:expand-property>` }))
        .status,
    ).toBe(403);
    const wide = '<D:property name="owner"/>'.repeat(501);
    expect(
      (await ask('REPORT', home, { body: `<D:expand-property ${namespaces}>${wide}</D:expand-property>` }))
        .status,
    ).toBe(403);
    expect(
      (
        await ask('REPORT', home, {
          body: `<D:expand-property ${namespaces}><D:property/></D:expand-property>`,
        })
      ).status,
    ).toBe(400);
  });
});
