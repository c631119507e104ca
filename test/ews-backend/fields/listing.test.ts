// What a listing tells: names that can be believed, rank, and spans that are never too narrow.
import { describe, expect, it } from 'vitest';
import type { XmlElement } from '../../../src/xml/index.ts';
import { readListed, readStored, tagFields } from '../../../src/ews-backend/fields/index.ts';
import { foreignFields } from '../../../src/ews-backend/fields/tags.ts';
import { renderPath, type ExtendedPath } from '../../../src/ews-backend/fields/path.ts';
import { el, parse } from './stand-in.ts';

const id = el('ItemId', { Id: 'i', ChangeKey: 'c' });
const dayMs = 86_400_000;

function extended(path: ExtendedPath, value: string): XmlElement {
  return el('ExtendedProperty', {}, parse(renderPath(path)), el('Value', {}, value));
}

function event(...children: XmlElement[]): XmlElement {
  return el('CalendarItem', {}, id, ...children);
}

const period = [el('Start', {}, '2026-11-20T20:00:00Z'), el('End', {}, '2026-11-20T21:00:00Z')];
const master = el('CalendarItemType', {}, 'RecurringMaster');
const start = Date.parse('2026-11-20T20:00:00Z');

describe('names', () => {
  it('are our tags and the UID of the event', () => {
    const listed = readListed(
      event(el('UID', {}, 'U'), extended(tagFields.uid, 'T'), extended(tagFields.href, 'h.ics'), ...period),
    );
    expect(listed).toMatchObject({
      id: 'i',
      version: 'c',
      kind: 'event',
      nativeUid: 'U',
      tags: { uid: 'T', href: 'h.ics' },
      isSeries: false,
    });
  });

  it('are not believed when a listing may have cut them, but by GetItem', () => {
    const long = 'x'.repeat(255);
    const element = event(
      el('UID', {}, long),
      extended(tagFields.uid, long),
      extended(tagFields.href, long),
      ...period,
    );
    expect(readListed(element)).toMatchObject({ tags: {} });
    expect(readListed(element)).not.toHaveProperty('nativeUid');
    expect(readStored(element, [])).toMatchObject({ nativeUid: long, tags: { uid: long, href: long } });
  });

  it('are found although the server writes tags and GUIDs its own way', () => {
    const answered = el('ExtendedFieldURI', {
      PropertySetId: '18304321-FD8B-4638-A56F-ECD647C072BB',
      PropertyName: 'exdav-uid',
      PropertyType: 'String',
    });
    const key = el('ExtendedFieldURI', { PropertyTag: '0x65e0', PropertyType: 'Binary' });
    const listed = readListed(
      event(
        el('ExtendedProperty', {}, answered, el('Value', {}, 'T')),
        el('ExtendedProperty', {}, key, el('Value', {}, 'AQID')),
        ...period,
      ),
    );
    expect(listed).toMatchObject({ tags: { uid: 'T' }, rank: '010203' });
  });

  it('of contacts and tasks come from the search key, or from the EWS connector of Nextcloud', () => {
    const key = extended(foreignFields.searchKey, 'q80=');
    expect(readListed(el('Contact', {}, id, key))?.nativeUid).toBe('ABCD');
    expect(readListed(el('Task', {}, id, key, extended(foreignFields.davUid, 'theirs')))?.nativeUid).toBe(
      'theirs',
    );
  });

  it('of DavMail are honoured where ours are absent', () => {
    const theirs = extended(foreignFields.urlName, 'abc.EML');
    expect(readListed(event(theirs, ...period))?.tags.href).toBe('abc.ics');
    expect(readListed(el('Contact', {}, id, theirs))?.tags.href).toBe('abc.vcf');
    expect(readListed(event(extended(tagFields.href, 'ours.ics'), theirs, ...period))?.tags.href).toBe(
      'ours.ics',
    );
    expect(
      readListed(event(extended(foreignFields.urlName, 'A subject'), ...period))?.tags.href,
    ).toBeUndefined();
  });

  it('of notes are none; a distribution list is a group among contacts', () => {
    expect(readListed(el('DistributionList', {}, id))).toMatchObject({ kind: 'group' });
    expect(readListed(el('Message', {}, id))).toBeUndefined();
  });
});

describe('an invitation to one instance', () => {
  it('is told from others of the same series', () => {
    const original = el('RecurrenceId', {}, '2026-11-20T21:00:00+01:00');
    expect(readListed(event(original, ...period))?.instance).toBe('2026-11-20T20:00:00Z');
    expect(readListed(event(original, master, ...period))).not.toHaveProperty('instance');
    expect(readListed(event(...period))).not.toHaveProperty('instance');
  });
});

describe('spans', () => {
  it('of a single event are its times', () => {
    expect(readListed(event(...period))?.span).toEqual({ first: start, last: start + 3_600_000 });
  });

  it('of whole days reach a day further, for readers in other zones', () => {
    expect(readListed(event(...period, el('IsAllDayEvent', {}, 'true')))?.span).toEqual({
      first: start - dayMs,
      last: start + 3_600_000 + dayMs,
    });
  });

  it('of a series reach beyond the evening of its last day', () => {
    const clipped = [
      extended(foreignFields.clipStart, '2026-11-20T00:00:00Z'),
      extended(foreignFields.clipEnd, '2026-12-04T00:00:00Z'),
    ];
    const { span, isSeries } = readListed(event(...period, master, ...clipped))!;
    expect(isSeries).toBe(true);
    expect(span!.first).toBeLessThanOrEqual(Date.parse('2026-11-19T00:00:00Z'));
    expect(span!.last).toBe(Date.parse('2026-12-06T01:00:00Z'));
  });

  it.each([
    ['absent', []],
    ['31 August 4500', [extended(foreignFields.clipEnd, '4500-08-31T23:59:00Z')]],
  ])('of a series have no end when ClipEnd is %s', (_what, clipped) => {
    const { span } = readListed(event(...period, master, ...clipped))!;
    expect(span).toEqual({ first: start - dayMs });
  });

  it('of a task are its days; a task without days may match any time', () => {
    const days = [el('StartDate', {}, '2026-11-20T00:00:00Z'), el('DueDate', {}, '2026-11-22T00:00:00Z')];
    const { span } = readListed(el('Task', {}, id, ...days))!;
    expect(span!.first).toBeLessThanOrEqual(Date.parse('2026-11-19T12:00:00Z'));
    expect(span!.last).toBeGreaterThanOrEqual(Date.parse('2026-11-23T12:00:00Z'));
    expect(readListed(el('Task', {}, id))).not.toHaveProperty('span');
    expect(readListed(el('Task', {}, id, ...days, el('IsRecurring', {}, 'true')))!.span).not.toHaveProperty(
      'last',
    );
  });
});
