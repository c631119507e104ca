// SyncFolderItems and SyncFolderHierarchy (BEHAVIOUR §5), ids and change keys (§3).
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Simulator } from '../../simulator/index.ts';
import { childrenOf } from '../../src/xml/index.ts';
import {
  at,
  bareId,
  call,
  codeOf,
  createEvent,
  createOther,
  folder,
  get,
  idOf,
  keyOf,
  named,
  ok,
  path,
  set,
  start,
  sync,
  updateBody,
} from './soap-client.ts';

let sim: Simulator;
beforeEach(async () => {
  sim = await start();
});
afterEach(() => sim.close());

const deleted = (id: string, type = 'HardDelete'): string =>
  `<m:DeleteItem DeleteType="${type}" SendMeetingCancellations="SendToNone"><m:ItemIds><t:ItemId ${id}/></m:ItemIds></m:DeleteItem>`;
const titled = (subject: string): string => `<t:Subject>${subject}</t:Subject>`;
const rename = (id: string, subject: string): string =>
  updateBody(id, set('item:Subject', 'CalendarItem', titled(subject)));

describe('SyncFolderItems', () => {
  it('reports everything as Create without a state, newest first, then only what changed', async () => {
    const events = [];
    for (const subject of ['a', 'b', 'c']) events.push(await createEvent(sim, titled(subject)));
    const first = await sync(sim, '');
    expect(first.isLast).toBe(true);
    expect(first.changes.map(({ kind, id }) => [kind, id])).toEqual(
      events.reverse().map((event) => ['Create', bareId(event)]),
    );
    const nothing = await sync(sim, first.state);
    expect(nothing.changes).toEqual([]);
    await ok(sim, rename(idOf(events[1]), 'B'));
    await ok(sim, deleted(idOf(events[0])));
    const fresh = await createEvent(sim, titled('d'));
    const next = await sync(sim, nothing.state);
    expect(next.changes.map(({ kind, id }) => [kind, id])).toEqual([
      ['Create', bareId(fresh)],
      ['Delete', bareId(events[0])],
      ['Update', bareId(events[1])],
    ]);
  });

  it('coalesces: created and deleted is nothing, several updates are one', async () => {
    const event = await createEvent(sim, titled('x'));
    const { state } = await sync(sim, '');
    const gone = await createEvent(sim, titled('gone'));
    await ok(sim, deleted(idOf(gone)));
    await ok(sim, rename(`Id="${bareId(event)}"`, 'y'));
    await ok(sim, rename(`Id="${bareId(event)}"`, 'z'));
    const { changes } = await sync(sim, state);
    expect(changes.map(({ kind }) => kind)).toEqual(['Update']);
  });

  it('pages with a new state each time and loses nothing that changes meanwhile', async () => {
    for (let count = 0; count < 7; count += 1) await createEvent(sim, titled(String(count)));
    const known = new Map<string, string>();
    let state = '';
    let calls = 0;
    for (let isLast = false; !isLast; calls += 1) {
      const page = await sync(sim, state, { most: 3 });
      expect(page.state).not.toBe(state);
      for (const { kind, id } of page.changes)
        if (kind === 'Delete') known.delete(id);
        else known.set(id, kind);
      ({ state, isLast } = page);
      if (calls === 0) {
        await createEvent(sim, titled('late'));
        await ok(sim, rename(`Id="${page.changes[2]!.id}"`, 'again'));
      }
    }
    expect(known.size).toBe(8);
    expect((await sync(sim, state)).changes).toEqual([]);
  });

  it('refuses bad, foreign and expired states with an empty state', async () => {
    await createEvent(sim, '');
    const { state } = await sync(sim, '');
    const other = await sync(sim, '', { folder: 'tasks' });
    const ask = (given: string): string =>
      `<m:SyncFolderItems><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:SyncFolderId>${folder('calendar')}</m:SyncFolderId><m:SyncState>${given}</m:SyncState><m:MaxChangesReturned>10</m:MaxChangesReturned></m:SyncFolderItems>`;
    for (const bad of ['bm9uc2Vuc2U=', state.slice(0, -8), other.state]) {
      const reply = await call(sim, ask(bad));
      expect(reply.status).toBe(200);
      expect(reply.messages[0]?.code).toBe('ErrorInvalidSyncStateData');
      expect([
        path(reply.messages[0]?.element, 'SyncState'),
        path(reply.messages[0]?.element, 'IncludesLastItemInRange'),
      ]).toEqual(['', 'true']);
    }
    sim.faults.on('expired-sync-state', { count: 1 });
    expect(await codeOf(sim, ask(state))).toBe('ErrorInvalidSyncStateData');
    expect(await codeOf(sim, ask(state))).toBe('NoError');
  });

  it('refuses a state that is too old', async () => {
    await createEvent(sim, '');
    const { state } = await sync(sim, '');
    await createEvent(sim, '');
    sim.world.oldestSyncRevision = sim.world.revision;
    const body = `<m:SyncFolderItems><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:SyncFolderId>${folder('calendar')}</m:SyncFolderId><m:SyncState>${state}</m:SyncState><m:MaxChangesReturned>512</m:MaxChangesReturned></m:SyncFolderItems>`;
    expect(await codeOf(sim, body)).toBe('ErrorInvalidSyncStateData');
    expect((await sync(sim, '')).changes).toHaveLength(2);
  });

  it('takes 1 to 512 changes, else the schema refuses', async () => {
    const ask = (most: number): string =>
      `<m:SyncFolderItems><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:SyncFolderId>${folder('calendar')}</m:SyncFolderId><m:MaxChangesReturned>${most}</m:MaxChangesReturned></m:SyncFolderItems>`;
    expect(await codeOf(sim, ask(513))).toBe('fault ErrorSchemaValidation');
    expect(await codeOf(sim, ask(0))).toBe('fault ErrorSchemaValidation');
    expect(await codeOf(sim, ask(512))).toBe('NoError');
  });

  it('shows named properties, cut at 255 characters, and neither bodies nor attendees', async () => {
    const attendee =
      '<t:RequiredAttendees><t:Attendee><t:Mailbox><t:EmailAddress>bob@example.test</t:EmailAddress></t:Mailbox></t:Attendee></t:RequiredAttendees>';
    await createEvent(
      sim,
      `<t:Subject>s</t:Subject><t:Body BodyType="Text">b</t:Body><t:ExtendedProperty>${named('href')}<t:Value>${'x'.repeat(300)}</t:Value></t:ExtendedProperty>${attendee}`,
    );
    const shape = `<t:AdditionalProperties><t:FieldURI FieldURI="item:Body"/><t:FieldURI FieldURI="calendar:RequiredAttendees"/>${named('href')}</t:AdditionalProperties>`;
    const { changes } = await sync(sim, '', { shape });
    const names = childrenOf(changes[0]!.element).map(({ name }) => name);
    expect(names).toEqual(['ItemId', 'ExtendedProperty']);
    expect(path(changes[0]?.element, 'ExtendedProperty/Value')).toHaveLength(255);
  });

  it('reports a moved item as Delete here and Create with another id there', async () => {
    const event = await createEvent(sim, titled('m'));
    const here = await sync(sim, '');
    const there = await sync(sim, '', { folder: 'deleteditems' });
    await ok(sim, deleted(idOf(event), 'MoveToDeletedItems'));
    expect((await sync(sim, here.state)).changes.map(({ kind, id }) => [kind, id])).toEqual([
      ['Delete', bareId(event)],
    ]);
    const arrived = (await sync(sim, there.state, { folder: 'deleteditems' })).changes;
    expect(arrived.map(({ kind }) => kind)).toEqual(['Create']);
    expect(arrived[0]?.id).not.toBe(bareId(event));
    expect(await codeOf(sim, deleted(idOf(event)))).toBe('ErrorItemNotFound');
  });

  it('leaves out what is to be ignored', async () => {
    const event = await createEvent(sim, '');
    const message = await ok(
      sim,
      `<m:SyncFolderItems><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:SyncFolderId>${folder('calendar')}</m:SyncFolderId><m:Ignore><t:ItemId Id="${bareId(event)}"/></m:Ignore><m:MaxChangesReturned>10</m:MaxChangesReturned></m:SyncFolderItems>`,
    );
    expect(childrenOf(at(message.element, 'Changes')!)).toEqual([]);
  });

  it('knows a change of the read flag from other changes', async () => {
    const message = await createOther(sim, '<t:Message><t:Subject>m</t:Subject></t:Message>');
    const { state } = await sync(sim, '', { folder: 'drafts' });
    await ok(sim, updateBody(idOf(message), set('message:IsRead', 'Message', '<t:IsRead>false</t:IsRead>')));
    expect((await sync(sim, state, { folder: 'drafts' })).changes.map(({ kind }) => kind)).toEqual([
      'ReadFlagChange',
    ]);
  });
});

describe('change keys', () => {
  it('change with every change; NeverOverwrite refuses a stale one, the others do not', async () => {
    const event = await createEvent(sim, titled('k'));
    const second = (await ok(sim, rename(idOf(event), 'l'))).entity;
    expect(keyOf(second)).not.toBe(keyOf(event));
    const stale = (resolution: string): string =>
      updateBody(
        idOf(event),
        set('item:Subject', 'CalendarItem', titled('m')) +
          set('item:Sensitivity', 'CalendarItem', '<t:Sensitivity>Private</t:Sensitivity>'),
        { resolution },
      );
    expect(await codeOf(sim, stale('NeverOverwrite'))).toBe('ErrorIrresolvableConflict');
    const resolved = await ok(sim, stale('AutoResolve'));
    expect(path(resolved.element, 'ConflictResults/Count')).toBe('1');
    expect(path(await get(sim, `Id="${bareId(event)}"`), 'Sensitivity')).toBe('Normal');
    await ok(sim, stale('AlwaysOverwrite'));
    expect(path(await get(sim, `Id="${bareId(event)}"`), 'Sensitivity')).toBe('Private');
  });

  it('must be well-formed even where they need not be current', async () => {
    const event = await createEvent(sim, '');
    expect(
      await codeOf(
        sim,
        `<m:GetItem><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:ItemIds><t:ItemId Id="${bareId(event)}" ChangeKey="nonsense"/></m:ItemIds></m:GetItem>`,
      ),
    ).toBe('ErrorInvalidChangeKey');
  });

  it('conflict can be switched on', async () => {
    const event = await createEvent(sim, '');
    sim.faults.on('conflict', { count: 1, operation: 'UpdateItem' });
    const update = updateBody(idOf(event), set('item:Subject', 'CalendarItem', titled('m')), {
      resolution: 'NeverOverwrite',
    });
    expect(await codeOf(sim, update)).toBe('ErrorIrresolvableConflict');
    expect(await codeOf(sim, update)).toBe('NoError');
  });
});

describe('SyncFolderHierarchy', () => {
  const ask = (state: string): string =>
    `<m:SyncFolderHierarchy><m:FolderShape><t:BaseShape>Default</t:BaseShape></m:FolderShape>${state === '' ? '' : `<m:SyncState>${state}</m:SyncState>`}</m:SyncFolderHierarchy>`;

  it('reports folders, their changes of count, and their end', async () => {
    const first = await ok(sim, ask(''));
    expect(childrenOf(at(first.element, 'Changes')!).length).toBeGreaterThan(10);
    const made = await ok(
      sim,
      `<m:CreateFolder><m:ParentFolderId>${folder('calendar')}</m:ParentFolderId><m:Folders><t:CalendarFolder><t:DisplayName>Sub</t:DisplayName></t:CalendarFolder></m:Folders></m:CreateFolder>`,
    );
    const second = await ok(sim, ask(path(first.element, 'SyncState')));
    expect(
      childrenOf(at(second.element, 'Changes')!)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['Create', 'Update']);
    await createEvent(sim, '', { folder: `<t:FolderId ${idOf(made.entity)}/>` });
    const third = await ok(sim, ask(path(second.element, 'SyncState')));
    expect(path(third.element, 'Changes/Update/CalendarFolder/TotalCount')).toBe('1');
    await ok(
      sim,
      `<m:DeleteFolder DeleteType="HardDelete"><m:FolderIds><t:FolderId ${idOf(made.entity)}/></m:FolderIds></m:DeleteFolder>`,
    );
    const fourth = await ok(sim, ask(path(third.element, 'SyncState')));
    expect(bareId(at(fourth.element, 'Changes/Delete'))).toBe(bareId(made.entity));
  });
});
