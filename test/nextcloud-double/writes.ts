// PUT, DELETE and MOVE of objects, with everything Nextcloud refuses, mends, trashes and mails.
import { xml } from '../../src/xml/index.ts';
import { refuse, type Answer } from './answer.ts';
import type { Ask, Double } from './double.ts';
import { schedule, withStatus } from './mails.ts';
import { mainOf, parseText, valueOf, type Component } from './texts.ts';
import { nodeAt, type CollectionNode, type Node } from './tree.ts';
import { addChange, anyRow, dropRow, etagOf, liveRow, newUid, type Collection, type Row } from './world.ts';

const notFound = (): Answer => refuse(404, 'NotFound', 'File not found');

export async function put(double: Double, ask: Ask, node: Node): Promise<Answer> {
  const place = node.kind === 'member' ? node.in : node.kind === 'nothing' ? node.in : undefined;
  if (place === undefined)
    return refuse(409, 'Conflict', 'Files can only be created as children of collections');
  // A share that may only be read answers as if nothing were there.
  if (!place.writable) return notFound();
  const uri = node.kind === 'member' ? node.row.uri : node.kind === 'nothing' ? node.name : '';
  if (Buffer.byteLength(uri) > 255)
    return refuse(
      500,
      'Doctrine\\DBAL\\Exception\\DriverException',
      'value too long for type character varying(255)',
    );
  const present = anyRow(place.collection, uri);
  const condition = unmet(ask, present);
  if (condition) return condition;
  const checked = place.collection.kind === 'calendar' ? checkCalendar(ask.body, place) : checkCard(ask.body);
  if ('status' in checked) return checked;
  const conflict = present === undefined ? uidConflict(double, place.collection, checked.uid) : undefined;
  if (conflict) return conflict;
  const told = schedule(double.world, double.behaviour, {
    because: 'PUT',
    collection: place.collection,
    headers: ask.headers,
    after: checked.text,
    ...(present && { before: present.text }),
  });
  const text = told ? withStatus(checked.text) : checked.text;
  const row =
    present ??
    double.world.insert(place.collection, { uri, text, uid: checked.uid, component: checked.component });
  Object.assign(row, { text, uid: checked.uid, component: checked.component });
  await addChange(place.collection, { uri, operation: present === undefined ? 1 : 2, gate: double.gate });
  const wasAltered = text !== ask.body;
  return {
    status: present === undefined ? 201 : 204,
    headers: {
      ...(checked.mended === undefined ? {} : { 'X-Sabre-Ew-Gross': checked.mended }),
      ...(wasAltered ? {} : { ETag: etagOf(row), 'OC-ETag': etagOf(row) }),
    },
  };
}

interface Checked {
  readonly text: string;
  readonly uid: string;
  readonly component: string;
  readonly mended?: string;
}

function unmet({ headers }: Ask, present: Row | undefined): Answer | undefined {
  const [ifMatch, ifNoneMatch] = [headers['if-match'], headers['if-none-match']];
  const etag = present && etagOf(present);
  const names = (list: string): boolean =>
    etag !== undefined && (list.trim() === '*' || list.split(',').some((each) => each.trim() === etag));
  const failed =
    (ifNoneMatch !== undefined && names(ifNoneMatch)) || (ifMatch !== undefined && !names(ifMatch));
  if (!failed) return undefined;
  const answer = refuse(
    412,
    'PreconditionFailed',
    'An If-Match or If-None-Match header was specified, and failed',
  );
  return ifMatch !== undefined && etag !== undefined
    ? { ...answer, headers: { ...answer.headers, ETag: etag } }
    : answer;
}

/** Bytes of bodies above this are not even looked at; Content-Length is believed. */
const maxEventBytes = 10_485_760;
const maxCardBytes = 5_242_880;
const maxUid = 512;

function checkCalendar(body: string, place: CollectionNode): Checked | Answer {
  if (Buffer.byteLength(body) > maxEventBytes)
    return refuse(403, 'Forbidden', `VEvent or VTodo object exceeds ${maxEventBytes} bytes`);
  const unsupported = refuse(
    415,
    'UnsupportedMediaType',
    'This resource only supports valid iCalendar 2.0 data.',
  );
  const cleaned = body.replaceAll(/[\0-\x08\x0b\x0c\x0e-\x1f]/g, '');
  const calendar = parseText(cleaned);
  const main = calendar && mainOf(calendar);
  if (calendar?.name !== 'VCALENDAR' || main === undefined || valueOf(calendar, 'METHOD') !== undefined)
    return unsupported;
  if (!place.collection.components.includes(main.name))
    return refuse(
      403,
      'Forbidden',
      'The calendar does not take it',
      xml('cal:supported-calendar-component', {}),
    );
  if (hasNoInstance(main))
    return refuse(403, 'Forbidden', 'This recurrence rule does not generate any valid instances');
  return mendedObject(cleaned, main, body);
}

/** A rule that ends before it begins is enough of an example. */
function hasNoInstance(main: Component): boolean {
  const [, until] = /UNTIL=(\d{8})/.exec(valueOf(main, 'RRULE') ?? '') ?? [];
  const start = valueOf(main, 'DTSTART')?.slice(0, 8);
  return until !== undefined && start !== undefined && until < start;
}

function mendedObject(cleaned: string, main: Component, body: string): Checked | Answer {
  const given = valueOf(main, 'UID');
  if ((given?.length ?? 0) > maxUid)
    return refuse(
      500,
      'OC\\DB\\Exceptions\\DbalException',
      'An exception occurred while executing a query: value too long for type character varying(512)',
    );
  const uid = given ?? newUid();
  const missing = [
    ...(given === undefined ? [`UID:${uid}`] : []),
    ...(valueOf(main, 'DTSTAMP') === undefined ? ['DTSTAMP:20260101T000000Z'] : []),
  ];
  const begin = `BEGIN:${main.name}\r\n`;
  const text = missing.length === 0 ? cleaned : cleaned.replace(begin, `${begin}${missing.join('\r\n')}\r\n`);
  return {
    text,
    uid,
    component: main.name,
    ...(text !== body && { mended: 'iCalendar validation warning: repaired' }),
  };
}

function checkCard(body: string): Checked | Answer {
  if (Buffer.byteLength(body) > maxCardBytes)
    return refuse(403, 'Forbidden', `VCard object exceeds ${maxCardBytes} bytes`);
  const card = parseText(body);
  const version = valueOf(card, 'VERSION');
  if (card?.name !== 'VCARD' || (version !== '3.0' && version !== '4.0'))
    return refuse(415, 'UnsupportedMediaType', 'This resource only supports valid vCard data');
  const uid = valueOf(card, 'UID') ?? newUid();
  const missing = [
    ...(valueOf(card, 'UID') === undefined ? [`UID:${uid}`] : []),
    ...(valueOf(card, 'FN') === undefined ? ['FN:Unknown'] : []),
  ];
  const text =
    missing.length === 0 ? body : body.replace('END:VCARD', `${missing.join('\r\n')}\r\nEND:VCARD`);
  return {
    text,
    uid,
    component: 'VCARD',
    ...(text !== body && { mended: 'vCard validation warning: repaired' }),
  };
}

function uidConflict(double: Double, collection: Collection, uid: string): Answer | undefined {
  const rival = collection.rows.find((row) => row.uid === uid);
  if (rival === undefined) return undefined;
  if (collection.kind === 'book')
    return refuse(400, 'BadRequest', 'VCard object with uid already exists in this addressbook collection.');
  if (rival.deletedAt === undefined)
    return refuse(400, 'BadRequest', 'Calendar object with uid already exists in this calendar collection.');
  switch (double.behaviour.trashConflict) {
    case '400':
      return refuse(
        400,
        'BadRequest',
        'Deleted calendar object with uid already exists in this calendar collection.',
      );
    case '500':
      return double.hidesErrors
        ? refuse(500, 'Internal Server Error\\', 'The server was unable to complete your request.')
        : refuse(
            500,
            'OC\\DB\\Exceptions\\DbalException',
            'An exception occurred while executing a query: SQLSTATE[23505]: Unique violation: 7 ERROR: duplicate key value violates unique constraint "calobjects_by_uid_index"',
          );
    case 'replaced':
      dropRow(collection, rival);
      return undefined;
  }
}

export async function remove(double: Double, ask: Ask, node: Node): Promise<Answer> {
  if (node.kind === 'trash-item') return purge(double, ask, node);
  if (node.kind !== 'member') return notFound();
  const { in: place, row } = node;
  if (!place.writable)
    return place.collection.readOnly === true ? refuse(403, 'Forbidden', 'Permission denied') : notFound();
  const condition = unmet(ask, row);
  if (condition) return condition;
  const { collection } = place;
  const isFinal = collection.kind === 'book' || !double.keepsDeleted;
  const uri = row.uri.replace(/(\.[^.]*)?$/, '-deleted$1');
  if (!isFinal && anyRow(collection, uri) !== undefined)
    return refuse(
      403,
      'Forbidden',
      `A calendar object with URI ${uri} already exists in calendar ${collection.owner.collections.indexOf(collection)}, therefore this object can't be moved into the trashbin`,
    );
  schedule(double.world, double.behaviour, {
    because: 'DELETE',
    collection,
    headers: ask.headers,
    before: row.text,
  });
  const name = row.uri;
  if (isFinal) dropRow(collection, row);
  else Object.assign(row, { uri, deletedAt: Date.now() });
  await addChange(collection, { uri: name, operation: 3, gate: double.gate });
  return { status: 204 };
}

/** For good; the name it had in the trash shows up in the next delta. Deleting a meeting once more cancels it once more (#36051). */
async function purge(
  double: Double,
  ask: Ask,
  { collection, row }: Extract<Node, { kind: 'trash-item' }>,
): Promise<Answer> {
  schedule(double.world, double.behaviour, {
    because: 'DELETE',
    collection,
    headers: ask.headers,
    before: row.text,
  });
  dropRow(collection, row);
  await addChange(collection, { uri: row.uri, operation: 3, gate: double.gate });
  return { status: 204 };
}

export async function move(double: Double, ask: Ask, node: Node): Promise<Answer> {
  const target = nodeAt(
    double.world,
    ask.user,
    new URL(ask.headers['destination'] ?? '', 'http://double').pathname,
  );
  if (node.kind === 'trash-item') {
    if (!(ask.headers['destination'] ?? '').includes('/trashbin/restore/'))
      return refuse(403, 'Forbidden', 'only back');
    await restore(node.collection, node.row);
    return { status: 201 };
  }
  if (node.kind !== 'member' || target.kind !== 'nothing' || target.in === undefined) return notFound();
  const [from, to] = [node.in.collection, target.in.collection];
  if (from === to) return refuse(403, 'Forbidden', 'Permission denied to rename file');
  const { uri } = node.row;
  dropRow(from, node.row);
  to.rows.push(Object.assign(node.row, { uri: target.name }));
  await addChange(from, { uri, operation: 3, gate: double.gate });
  await addChange(to, { uri: target.name, operation: 1, gate: double.gate });
  return { status: 201 };
}

/** Its old name again, unless that is taken. */
export async function restore(collection: Collection, row: Row): Promise<void> {
  const name = row.uri.replace(/-deleted(\.[^.]*)?$/, '$1');
  if (liveRow(collection, name) === undefined) row.uri = name;
  delete row.deletedAt;
  await addChange(collection, { uri: row.uri, operation: 1, gate: undefined });
}
