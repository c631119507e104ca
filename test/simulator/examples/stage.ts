// Makes a published request fit the simulator: its ids become those of objects made for it, addresses those of people here,
// and what the recorded answer says went wrong is arranged.
import { renderChangeKey, renderId } from '../../../simulator/state/ids.ts';
import {
  addFolder,
  addItem,
  changeFolder,
  changeItem,
  entryOf,
  folderOf,
  grant,
  orderedItems,
  levels,
  openPublicFolders,
  removeFolder,
  removeItem,
  type Folder,
  type Item,
  type Mailbox,
} from '../../../simulator/state/index.ts';
import type { Simulator } from '../../../simulator/index.ts';
import { childOf, childrenOf, textOf, type XmlElement } from '../../../src/xml/index.ts';
import { call, path } from '../soap-client.ts';
import { firstAddress, furnish } from './directory.ts';
import type { Pair } from './pairs.ts';
import { find, findAll, written } from './trees.ts';
import { classOf, defaultFolder, kindOf, stockFolder, stockItem } from './stock.ts';

interface Stage {
  readonly simulator: Simulator;
  readonly pair: Pair;
  readonly alice: Mailbox;
  /** Response codes of the recorded messages. */
  readonly codes: readonly string[];
  /** Items or folders of the recorded messages, in order. */
  readonly entities: readonly XmlElement[];
  /** Recorded id → id here. */
  readonly ids: Map<string, string>;
  readonly addresses: Map<string, string>;
  readonly counts: { items: number; folders: number };
}

/** Body of the request as it is sent. */
export async function staged(simulator: Simulator, pair: Pair): Promise<string> {
  const alice = mailbox(simulator, 'alice');
  openPublicFolders(simulator.world);
  const messages = childrenOf(childOf(pair.response, 'ResponseMessages') ?? nothing);
  const stage: Stage = {
    simulator,
    pair,
    alice,
    codes: messages.map((message) => textOf(childOf(message, 'ResponseCode')).trim()),
    entities: messages.flatMap(entitiesOf),
    ids: new Map(),
    addresses: new Map(),
    counts: { items: 0, folders: 0 },
  };
  await furnish(simulator, pair);
  await states(stage);
  if (/^Get(Streaming)?Events$/.test(pair.operation)) await mail(stage);
  fillFolders(stage);
  arrange(stage);
  const body = written(rewritten(pair.request, stage));
  const permissions = find(pair.response ?? nothing, 'PermissionSet');
  if (permissions !== undefined && find(permissions, 'PrimarySmtpAddress') !== undefined)
    for (const folder of alice.folders.values()) grant(folder, 'bob@example.test', levels.reviewer);
  return body;
}

const nothing: XmlElement = { ns: '', name: '', attrs: {}, children: [] };

function mailbox({ world }: Simulator, name: string): Mailbox {
  return world.mailboxes.get(`${name}@example.test`)!;
}

function entitiesOf(message: XmlElement): XmlElement[] {
  const root = childOf(message, 'RootFolder') ?? message;
  const holders = [childOf(root, 'Items'), childOf(root, 'Folders')].filter((one) => one !== undefined);
  const changes = childOf(message, 'Changes');
  const created = changes === undefined ? [] : childrenOf(changes).filter(({ name }) => name === 'Create');
  const changed = created.flatMap(childrenOf);
  return [...holders.flatMap(childrenOf), ...changed];
}

/** Sync states, subscriptions and watermarks are asked for; ids stay for what they are recorded as. */
async function states(stage: Stage): Promise<void> {
  const { pair, simulator } = stage;
  const state = find(pair.request, 'SyncState');
  if (state !== undefined && textOf(state).trim() !== '') {
    const changes = find(pair.response ?? nothing, 'Changes');
    const change = beforehand(stage, changes === undefined ? [] : childrenOf(changes));
    const fresh = without(rewritten(pair.request, stage), 'SyncState', 'Ignore');
    const { messages } = await call(simulator, written(fresh));
    stage.ids.set(textOf(state), path(messages[0]?.element, 'SyncState'));
    change();
  }
  const streaming = pair.operation === 'GetStreamingEvents' || pair.operation === 'Unsubscribe';
  for (const id of findAll(pair.request, 'SubscriptionId')) {
    const kind = streaming ? 'Streaming' : 'Pull';
    const events = ['Created', 'Deleted', 'Modified', 'Moved', 'Copied', 'NewMail'];
    const shown = events.filter((event) => find(pair.response ?? nothing, `${event}Event`) !== undefined);
    const types = (shown.length === 0 ? events : shown)
      .map((event) => `<t:EventType>${event}Event</t:EventType>`)
      .join('');
    const { messages } = await call(
      simulator,
      `<m:Subscribe><m:${kind}SubscriptionRequest><t:FolderIds><t:DistinguishedFolderId Id="inbox"/></t:FolderIds><t:EventTypes>${types}</t:EventTypes>${streaming ? '' : '<t:Timeout>10</t:Timeout>'}</m:${kind}SubscriptionRequest></m:Subscribe>`,
    );
    stage.ids.set(textOf(id), path(messages[0]?.element, 'SubscriptionId'));
    const watermark = find(pair.request, 'Watermark');
    if (watermark !== undefined) stage.ids.set(textOf(watermark), path(messages[0]?.element, 'Watermark'));
  }
}

/** What the changes of a sync answer are about is there before its state; answers what changes it afterwards. */
function beforehand(stage: Stage, changes: readonly XmlElement[]): () => void {
  const { pair, simulator, alice } = stage;
  const { world } = simulator;
  const target = childOf(pair.request, 'SyncFolderId');
  const acts: (() => void)[] = [];
  for (const change of changes) {
    const like = childrenOf(change)[0];
    if (pair.operation === 'SyncFolderHierarchy') {
      if (change.name === 'Create') continue;
      const top = target === undefined ? undefined : childrenOf(target)[0];
      const parent = top === undefined ? folderOf(alice, 'msgfolderroot') : folderFor(stage, top);
      const folder = stockFolder(world, parent, like);
      acts.push(() =>
        change.name === 'Delete' ? removeFolder(world, folder) : changeFolder(world, folder, {}),
      );
      continue;
    }
    const [element] = target === undefined ? [] : childrenOf(target);
    if (change.name === 'Create' || element === undefined) continue;
    const isUpdate = change.name === 'Update';
    const kind = isUpdate ? kindOf(like) : kindOf(stage.entities.find((one) => !one.name.endsWith('Id')));
    const folder = folderFor(stage, element, classOf[kind]);
    const item = stockItem({ world, folder, owner: alice }, isUpdate ? like : undefined, kind);
    acts.push(() => {
      if (change.name === 'Delete') removeItem(world, folder, item);
      else changeItem(world, folder, { item, change: { readFlagOnly: change.name === 'ReadFlagChange' } });
    });
  }
  return () => {
    for (const act of acts) act();
  };
}

/** New mail, and a change of it. */
async function mail({ simulator, alice }: Stage): Promise<void> {
  const to =
    '<t:ToRecipients><t:Mailbox><t:EmailAddress>alice@example.test</t:EmailAddress></t:Mailbox></t:ToRecipients>';
  await call(
    simulator,
    `<m:CreateItem MessageDisposition="SendOnly"><m:Items><t:Message><t:Subject>News</t:Subject>${to}</t:Message></m:Items></m:CreateItem>`,
    { user: 'bob' },
  );
  const inbox = folderOf(alice, 'inbox');
  const [item] = orderedItems(inbox);
  if (item !== undefined) changeItem(simulator.world, inbox, { item, change: {} });
}

/** What was found in folders is put into them. */
function fillFolders(stage: Stage): void {
  const { pair, simulator, alice } = stage;
  const { world } = simulator;
  const holder = ['ParentFolderIds', 'SyncFolderId']
    .map((name) => childOf(pair.request, name))
    .find((one) => one !== undefined);
  const target = holder === undefined ? undefined : childrenOf(holder)[0];
  if (!/^Find|^Sync/.test(pair.operation) || target === undefined) return;
  if (pair.operation.endsWith('Folder') || pair.operation.endsWith('Hierarchy')) {
    const parent = folderFor(stage, target, 'IPF.Note');
    for (const like of stage.entities) if (like.name.endsWith('Folder')) stockFolder(world, parent, like);
    return;
  }
  const items = stage.entities.filter((one) => !one.name.endsWith('Id'));
  const folder = folderFor(stage, target, classOf[kindOf(items[0])]);
  const isAssociated = pair.request.attrs['Traversal'] === 'Associated';
  const skipped = Number(find(pair.request, 'IndexedPageItemView')?.attrs['Offset'] ?? 0);
  for (const like of [...items, ...items.slice(0, 1).flatMap((one) => Array<XmlElement>(skipped).fill(one))])
    stockItem({ world, folder, owner: alice, isAssociated }, like);
}

/** What made the recorded server refuse. */
function arrange(stage: Stage): void {
  const { pair, simulator, alice } = stage;
  if (stage.codes.includes('ErrorFolderExists'))
    for (const name of findAll(pair.request, 'DisplayName')) {
      const parent = folderOf(alice, 'msgfolderroot');
      const isTaken = [...alice.folders.values()].some(
        (folder) =>
          folder.parentNo === parent.no && folder.displayName.toLowerCase() === textOf(name).toLowerCase(),
      );
      if (!isTaken) addFolder(simulator.world, { parent, name: textOf(name), folderClass: 'IPF.Note' });
    }
}

/** The folder of an id in the request, made when it is first met. */
function folderFor(stage: Stage, element: XmlElement, folderClass?: string): Folder {
  const { simulator, alice, ids, counts } = stage;
  const { world } = simulator;
  if (element.name === 'DistinguishedFolderId') {
    const owner = childOf(element, 'Mailbox') === undefined ? alice : mailbox(simulator, 'bob');
    return owner.distinguished.get(element.attrs['Id'] ?? '') ?? folderOf(alice, 'inbox');
  }
  const recorded = element.attrs['Id'] ?? '';
  const known = ids.get(`folder ${recorded}`);
  if (known !== undefined) return alice.folders.get(Number(known))!;
  const like = stage.pair.operation === 'GetFolder' ? stage.entities[counts.folders] : undefined;
  counts.folders += 1;
  const isMoved = stage.pair.operation === 'MoveFolder' && !stage.codes.includes('ErrorMoveCopyFailed');
  const top = folderOf(alice, isMoved ? 'inbox' : 'msgfolderroot');
  const folder = stage.codes.includes('ErrorDeleteDistinguishedFolder')
    ? folderOf(alice, 'inbox')
    : stockFolder(world, top, like ?? folderClass ?? folderClassIn(stage));
  ids.set(`folder ${recorded}`, String(folder.no));
  if (stage.codes.some((code) => code.endsWith('FolderNotFound'))) {
    removeFolder(world, folder);
    alice.folders.set(folder.no, folder);
    queueMicrotask(() => alice.folders.delete(folder.no));
  }
  return folder;
}

/** Updates name the kind of folder they change. */
function folderClassIn({ pair }: Stage): string {
  const names = ['CalendarFolder', 'ContactsFolder', 'TasksFolder'];
  const named = names.find((name) => find(pair.request, name) !== undefined);
  const classes = {
    CalendarFolder: 'IPF.Appointment',
    ContactsFolder: 'IPF.Contact',
    TasksFolder: 'IPF.Task',
  };
  return named === undefined ? 'IPF.Note' : classes[named as keyof typeof classes];
}

interface Held {
  readonly folder: Folder;
  readonly item: Item;
}

/** The item of an id in the request. */
function itemFor(stage: Stage, recorded: string): Held {
  const { simulator, alice, ids, counts } = stage;
  const known = ids.get(`item ${recorded}`);
  // Anonymised ids are often all the same.
  if (known !== undefined && !/^(Delete|Get|Move|Copy)Item$/.test(stage.pair.operation)) {
    const [folderNo, itemNo] = known.split('/').map(Number);
    const folder = alice.folders.get(folderNo!)!;
    return { folder, item: folder.items.get(itemNo!)! };
  }
  const like = stage.pair.operation === 'GetItem' ? stage.entities[counts.items] : itemIn(stage);
  counts.items += 1;
  const kind = kindOf(like);
  const folder = defaultFolder(alice, kind);
  const isRead = stage.pair.operation === 'GetItem';
  const series =
    find(stage.pair.request, 'OccurrenceItemId') ?? find(stage.pair.request, 'RecurringMasterItemId');
  const shown = stage.codes.includes('ErrorUnsupportedMimeConversion')
    ? { ...nothing, name: 'DistributionList' }
    : series === undefined
      ? isRead || like === invitation
        ? like
        : stage.pair.operation === 'SendItem'
          ? draft
          : undefined
      : { ...nothing, name: 'CalendarItem', children: [daily] };
  const item = stockItem({ world: simulator.world, folder, owner: alice }, shown, kindOf(shown ?? like));
  // Meeting messages are about something in the calendar.
  if (item.values.uid !== undefined && folder.distinguished === 'inbox')
    addItem(simulator.world, defaultFolder(alice, 'event'), { kind: 'event', values: { ...item.values } });
  ids.set(`item ${recorded}`, `${folder.no}/${item.no}`);
  return { folder, item };
}

const types = 'http://schemas.microsoft.com/exchange/services/2006/types';
const node = (name: string, ...children: (XmlElement | string)[]): XmlElement => ({
  ns: types,
  name,
  attrs: {},
  children,
});
const daily = node(
  'Recurrence',
  node('DailyRecurrence', node('Interval', '1')),
  node('NumberedRecurrence', node('StartDate', '2026-05-04'), node('NumberOfOccurrences', '30')),
);

const replies =
  'AcceptItem TentativelyAcceptItem DeclineItem CancelCalendarItem RemoveItem ReplyToItem ReplyAllToItem ForwardItem SuppressReadReceipt AcceptSharingInvitation PostReplyItem'.split(
    ' ',
  );
const answered = /^(Accept|Tentatively|Decline|Remove)/;
const bob = node('Organizer', node('Mailbox', node('Name', 'Bob'), node('EmailAddress', 'bob@example.test')));
const invitation = node('CalendarItem', bob, node('MyResponseType', 'NoResponseReceived'));
const draft = node(
  'Message',
  node('IsDraft', 'true'),
  node('ToRecipients', node('Mailbox', node('EmailAddress', 'bob@example.test'))),
);

/** Writes show the kind of their item. */
function itemIn({ pair, entities }: Stage): XmlElement | undefined {
  if (pair.operation === 'DeleteItem')
    return {
      ...nothing,
      name:
        pair.request.attrs['SendMeetingCancellations'] === undefined
          ? pair.request.attrs['AffectedTaskOccurrences'] === undefined
            ? 'Message'
            : 'Task'
          : 'CalendarItem',
    };
  const shown = ['Message', 'CalendarItem', 'Contact', 'Task', 'DistributionList', 'Item']
    .map((name) => find(pair.request, name))
    .find((one) => one !== undefined);
  if (pair.operation === 'SendItem') return { ...nothing, name: 'Message' };
  const answer = replies.find((name) => find(pair.request, name) !== undefined);
  if (answer === 'CancelCalendarItem') return { ...nothing, name: 'CalendarItem' };
  if (answer !== undefined) return answered.test(answer) ? invitation : { ...nothing, name: 'Message' };
  return shown ?? entities[0];
}

/** The request with ids, keys, states and addresses of here. */
function rewritten(element: XmlElement, stage: Stage): XmlElement {
  const { attrs } = element;
  const keep = stage.codes.includes('ErrorInvalidIdMalformed');
  const change = (more: Record<string, string>): XmlElement => ({
    ...element,
    attrs: { ...attrs, ...more },
    children: element.children.map((child) => (typeof child === 'string' ? child : rewritten(child, stage))),
  });
  const said = (text: string): XmlElement => ({ ...element, children: [text] });
  switch (element.name) {
    case 'FolderId':
      return keep ? element : folderId(stage, element);
    case 'ItemId':
    case 'ReferenceItemId':
    case 'ParentItemId':
      return keep || attrs['Id'] === undefined ? element : itemId(stage, element);
    case 'OccurrenceItemId':
      return change({ RecurringMasterId: idOf(stage, itemFor(stage, attrs['RecurringMasterId'] ?? '')) });
    case 'RecurringMasterItemId':
      return change({ OccurrenceId: idOf(stage, itemFor(stage, attrs['OccurrenceId'] ?? '')) });
    case 'AttachmentId':
      return change({ Id: attachmentId(stage, attrs['Id'] ?? '') });
    case 'AlternateId':
      return change({
        Id: idOf(stage, itemFor(stage, attrs['Id'] ?? '')),
        Mailbox: 'alice@example.test',
      });
    case 'SyncState':
    case 'SubscriptionId':
    case 'Watermark':
      return said(stage.ids.get(textOf(element)) ?? textOf(element));
    case 'EmailAddress':
    case 'Address':
    case 'Email':
    case 'PrimarySmtpAddress':
    case 'SmtpAddress':
      return textOf(element).includes('@') || stage.pair.operation === 'ExpandDL'
        ? said(address(stage, textOf(element).trim()))
        : change({});
    case 'SID':
      return said(entryOf(stage.simulator.world, 'carol@example.test')?.sid ?? '');
    case 'QueryString':
      return stage.pair.operation === 'FindPeople' ? said('bob') : element;
    case 'UnresolvedEntry':
      return said(stage.codes.includes('ErrorNameResolutionMultipleResults') ? 'example' : 'bob');
    case 'DistinguishedFolderId': {
      if (childOf(element, 'Mailbox') === undefined) return element;
      const folder = folderFor(stage, element);
      grant(folder, stage.alice.address, levels.owner);
      return change({});
    }
    default:
      return change({});
  }
}

function folderId(stage: Stage, element: XmlElement): XmlElement {
  const folder = folderFor(stage, element);
  const id = renderId({ kind: 'folder', mailboxNo: stage.alice.no, folderNo: folder.no });
  return { ...element, attrs: { Id: id, ...keyed(element, renderChangeKey('folder', folder.revision)) } };
}

function itemId(stage: Stage, element: XmlElement): XmlElement {
  const held = itemFor(stage, element.attrs['Id'] ?? '');
  return {
    ...element,
    attrs: { Id: idOf(stage, held), ...keyed(element, renderChangeKey('item', held.item.revision)) },
  };
}

function keyed({ attrs }: XmlElement, key: string): Record<string, string> {
  return attrs['ChangeKey'] === undefined ? {} : { ChangeKey: key };
}

function idOf({ alice }: Stage, { folder, item }: Held): string {
  return renderId({ kind: 'item', mailboxNo: alice.no, folderNo: folder.no, itemNo: item.no });
}

/** All attachments of a request hang on one message, made like those of the answer. */
function attachmentId(stage: Stage, recorded: string): string {
  const { simulator, alice, ids } = stage;
  const known = ids.get(`attachment ${recorded}`);
  if (known !== undefined) return known;
  const folder = folderOf(alice, 'inbox');
  const like = find(stage.pair.response ?? nothing, 'Attachments');
  const attached = like === undefined || childrenOf(like).length === 0 ? someFile : like;
  const message = { ...nothing, name: 'Message', children: [attached] };
  const item = stockItem({ world: simulator.world, folder, owner: alice }, message);
  const place = { mailboxNo: alice.no, folderNo: folder.no, itemNo: item.no, index: 0 };
  const id = renderId({ kind: 'attachment', ...place, attachmentNo: item.attachments![0]!.no });
  ids.set(`attachment ${recorded}`, id);
  return id;
}

const someFile: XmlElement = {
  ...nothing,
  name: 'Attachments',
  children: [{ ...nothing, name: 'FileAttachment' }],
};

const people = ['bob', 'carol', 'dave'];

function address({ addresses, pair }: Stage, recorded: string): string {
  const known = addresses.get(recorded);
  if (known !== undefined) return known;
  const first = firstAddress(pair.operation);
  const taken = addresses.size - (first === undefined ? 0 : 1);
  const chosen =
    addresses.size === 0 && first !== undefined ? first : `${people[taken] ?? `guest${taken}`}@example.test`;
  addresses.set(recorded, chosen);
  return chosen;
}

function without(element: XmlElement, ...names: readonly string[]): XmlElement {
  return {
    ...element,
    children: element.children.filter((child) => typeof child === 'string' || !names.includes(child.name)),
  };
}
