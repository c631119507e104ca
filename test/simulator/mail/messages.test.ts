// Messages between mailboxes ([MS-OXWSMSG]; BEHAVIOUR §9, §11).
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Simulator } from '../../../simulator/index.ts';
import { all, bareId, codeOf, createOther, folder, idOf, ok, path, set, start } from '../soap-client.ts';
import { codeAs, getAs, itemsIn, only, responseBody, respond } from '../scheduling/people.ts';

let sim: Simulator;
beforeEach(async () => {
  sim = await start();
});
afterEach(() => sim.close());

const recipients = (list: string, ...names: string[]): string =>
  `<t:${list}>${names.map((name) => `<t:Mailbox><t:EmailAddress>${name}@example.test</t:EmailAddress></t:Mailbox>`).join('')}</t:${list}>`;
const message = (inner = recipients('ToRecipients', 'bob')): string =>
  `<t:Message><t:Subject>Hello</t:Subject><t:Body BodyType="Text">Text</t:Body>${inner}</t:Message>`;
const create = (disposition: string, element = message(), target = ''): string =>
  `<m:CreateItem MessageDisposition="${disposition}">${target}<m:Items>${element}</m:Items></m:CreateItem>`;

describe('CreateItem of a message', () => {
  it('SaveOnly keeps a draft, answers its id and sends nothing (MS-OXWSMSG_R80–R82)', async () => {
    const draft = (await ok(sim, create('SaveOnly'))).entity!;
    expect(bareId(await only(sim, 'alice', 'drafts'))).toBe(bareId(draft));
    expect(path(await getAs(sim, 'alice', idOf(draft)), 'IsDraft')).toBe('true');
    expect(sim.sentMessages()).toEqual([]);
  });

  it.each([
    ['SendOnly', 0],
    ['SendAndSaveCopy', 1],
  ])(
    '%s delivers it, keeps %i copy and answers no id (MS-OXWSMSG_R83–R86, R203, R204; CreateItem example 30)',
    async (disposition, kept) => {
      const sent = await ok(sim, create(disposition));
      expect(sent.entity).toBeUndefined();
      const got = await only(sim, 'bob', 'inbox');
      expect(got.name).toBe('Message');
      expect(['Subject', 'IsRead', 'IsDraft', 'IsFromMe'].map((name) => path(got, name))).toEqual([
        'Hello',
        'false',
        'false',
        'false',
      ]);
      expect(
        ['Sender', 'From', 'ToRecipients', 'ReceivedBy', 'ReceivedRepresenting'].map((name) =>
          path(got, `${name}/Mailbox/EmailAddress`),
        ),
      ).toEqual([
        'alice@example.test',
        'alice@example.test',
        'bob@example.test',
        'bob@example.test',
        'bob@example.test',
      ]);
      expect(path(got, 'InternetMessageId')).toMatch(/^<.+@example\.test>$/);
      const copies = await itemsIn(sim, 'alice', 'sentitems');
      expect(copies.map((copy) => path(copy, 'IsFromMe'))).toEqual(
        Array.from({ length: kept }, () => 'true'),
      );
      expect(sim.sentMessages()).toEqual([
        { kind: 'message', from: 'alice@example.test', to: ['bob@example.test'], subject: 'Hello' },
      ]);
    },
  );

  it('keeps the copy where SavedItemFolderId says (MS-OXWSMSG_R204)', async () => {
    await ok(
      sim,
      create('SendAndSaveCopy', message(), `<m:SavedItemFolderId>${folder('drafts')}</m:SavedItemFolderId>`),
    );
    expect(await itemsIn(sim, 'alice', 'sentitems')).toEqual([]);
    expect(await itemsIn(sim, 'alice', 'drafts')).toHaveLength(1);
  });

  it('reaches Cc and Bcc; Bcc is seen by nobody but the sender (MS-OXWSMSG_R33, R36)', async () => {
    sim.addUser('dave@example.test', 'dave');
    const inner =
      recipients('ToRecipients', 'bob') +
      recipients('CcRecipients', 'carol') +
      recipients('BccRecipients', 'dave');
    await ok(sim, create('SendAndSaveCopy', message(inner)));
    for (const name of ['bob', 'carol', 'dave'] as ('bob' | 'carol')[])
      expect(all(await only(sim, name, 'inbox'), 'BccRecipients')).toEqual([]);
    expect(path(await only(sim, 'alice', 'sentitems'), 'BccRecipients/Mailbox/EmailAddress')).toBe(
      'dave@example.test',
    );
  });

  it('is refused without disposition, recipients, or the right to send as somebody (MS-OXWSMTGS_R1241, MS-OXWSMSG_R31; CreateItem example 31)', async () => {
    expect(await codeOf(sim, `<m:CreateItem><m:Items>${message()}</m:Items></m:CreateItem>`)).toBe(
      'ErrorMessageDispositionRequired',
    );
    expect(await codeOf(sim, create('SendOnly', message('')))).toBe('ErrorMissingRecipients');
    expect(
      await codeOf(
        sim,
        create(
          'SendOnly',
          message(
            '<t:ToRecipients><t:Mailbox><t:EmailAddress>nobody</t:EmailAddress></t:Mailbox></t:ToRecipients>',
          ),
        ),
      ),
    ).toBe('ErrorInvalidRecipients');
    const asBob =
      recipients('ToRecipients', 'bob') +
      '<t:From><t:Mailbox><t:EmailAddress>bob@example.test</t:EmailAddress></t:Mailbox></t:From>';
    expect(await codeOf(sim, create('SendOnly', message(asBob)))).toBe('ErrorSendAsDenied');
    expect(await itemsIn(sim, 'bob', 'inbox')).toEqual([]);
  });
});

describe('SendItem', () => {
  const send = (id: string, attributes = 'SaveItemToFolder="true"', target = ''): string =>
    `<m:SendItem ${attributes}><m:ItemIds><t:ItemId ${id}/></m:ItemIds>${target}</m:SendItem>`;

  it.each([
    ['true', 1],
    ['false', 0],
  ])(
    'SaveItemToFolder=%s: the draft leaves, %i copy stays (MS-OXWSMSG_R178, R179; SendItem example 01)',
    async (saved, kept) => {
      const draft = await createOther(sim, message());
      await ok(sim, send(idOf(draft), `SaveItemToFolder="${saved}"`));
      expect(await itemsIn(sim, 'alice', 'drafts')).toEqual([]);
      expect(await itemsIn(sim, 'alice', 'sentitems')).toHaveLength(kept);
      expect(path(await only(sim, 'bob', 'inbox'), 'Subject')).toBe('Hello');
    },
  );

  it('is refused with settings that contradict, without or with a stale change key, for what is no message (§3)', async () => {
    const draft = await createOther(sim, message());
    const target = `<m:SavedItemFolderId>${folder('sentitems')}</m:SavedItemFolderId>`;
    expect(await codeOf(sim, send(idOf(draft), 'SaveItemToFolder="false"', target))).toBe(
      'ErrorInvalidSendItemSaveSettings',
    );
    expect(await codeOf(sim, send(`Id="${bareId(draft)}"`))).toBe('ErrorChangeKeyRequiredForWriteOperations');
    await ok(
      sim,
      `<m:UpdateItem ConflictResolution="AlwaysOverwrite" MessageDisposition="SaveOnly"><m:ItemChanges><t:ItemChange><t:ItemId ${idOf(draft)}/><t:Updates>${set('item:Subject', 'Message', '<t:Subject>New</t:Subject>')}</t:Updates></t:ItemChange></m:ItemChanges></m:UpdateItem>`,
    );
    expect(await codeOf(sim, send(idOf(draft)))).toBe('ErrorStaleObject');
    const task = await createOther(sim, '<t:Task><t:Subject>x</t:Subject></t:Task>');
    expect(await codeOf(sim, send(idOf(task)))).toBe('ErrorInvalidItemForOperationSendItem');
  });

  it('also happens by UpdateItem with SendAndSaveCopy (§11; MS-OXWSMTGS_R1240)', async () => {
    const draft = await createOther(sim, message());
    const update = (attribute: string): string =>
      `<m:UpdateItem ConflictResolution="AlwaysOverwrite"${attribute}><m:ItemChanges><t:ItemChange><t:ItemId ${idOf(draft)}/><t:Updates>${set('item:Subject', 'Message', '<t:Subject>New</t:Subject>')}</t:Updates></t:ItemChange></m:ItemChanges></m:UpdateItem>`;
    expect(await codeOf(sim, update(''))).toBe('ErrorMessageDispositionRequired');
    await ok(sim, update(' MessageDisposition="SendAndSaveCopy"'));
    expect(path(await only(sim, 'bob', 'inbox'), 'Subject')).toBe('New');
    expect(await itemsIn(sim, 'alice', 'drafts')).toEqual([]);
    expect(await itemsIn(sim, 'alice', 'sentitems')).toHaveLength(1);
  });
});

describe('a message in the Inbox', () => {
  it('is replied to, to all, and forwarded (MS-OXWSCORE 2.2.4.22; CreateItem example 22)', async () => {
    await ok(
      sim,
      create('SendOnly', message(recipients('ToRecipients', 'bob') + recipients('CcRecipients', 'carol'))),
    );
    const got = await only(sim, 'bob', 'inbox');
    const body = '<t:NewBodyContent BodyType="Text">Fine</t:NewBodyContent>';
    const [draft] = await respond(sim, 'bob', {
      kind: 'ReplyToItem',
      to: got,
      inner: body,
      disposition: 'SaveOnly',
    });
    const reply = await getAs(sim, 'bob', idOf(draft));
    expect([path(reply, 'Subject'), path(reply, 'ToRecipients/Mailbox/EmailAddress')]).toEqual([
      'RE: Hello',
      'alice@example.test',
    ]);
    expect(path(reply, 'InReplyTo')).toBe(path(got, 'InternetMessageId'));
    expect(path(reply, 'Body')).toMatch(/Fine[\s\S]*Text/);
    await respond(sim, 'bob', { kind: 'ReplyAllToItem', to: got, inner: body });
    expect(path(await only(sim, 'alice', 'inbox'), 'CcRecipients/Mailbox/EmailAddress')).toBe(
      'carol@example.test',
    );
    const forward = `<m:CreateItem MessageDisposition="SendOnly"><m:Items><t:ForwardItem>${recipients('ToRecipients', 'carol')}<t:ReferenceItemId ${idOf(got)}/>${body}</t:ForwardItem></m:Items></m:CreateItem>`;
    await ok(sim, forward, { user: 'bob' });
    expect((await itemsIn(sim, 'carol', 'inbox')).map((item) => path(item, 'Subject'))).toContain(
      'FW: Hello',
    );
    expect(sim.sentMessages().map(({ kind, from }) => [kind, from])).toEqual([
      ['message', 'alice@example.test'],
      ['message', 'bob@example.test'],
      ['message', 'bob@example.test'],
    ]);
  });

  it('SuppressReadReceipt changes nothing (§9)', async () => {
    await ok(
      sim,
      create(
        'SendOnly',
        message(
          '<t:ToRecipients><t:Mailbox><t:EmailAddress>bob@example.test</t:EmailAddress></t:Mailbox></t:ToRecipients><t:IsReadReceiptRequested>true</t:IsReadReceiptRequested>',
        ),
      ),
    );
    const got = await only(sim, 'bob', 'inbox');
    expect(path(got, 'IsReadReceiptRequested')).toBe('true');
    expect(
      await codeAs(sim, 'bob', responseBody('SuppressReadReceipt', idOf(got), { disposition: null })),
    ).toBe('NoError');
    expect(idOf(await only(sim, 'bob', 'inbox'))).toBe(idOf(got));
  });
});
