// A new calendar or address book (RFC 4791 §5.3.1, RFC 5689), with the refusals of Nextcloud told apart.
import { hash } from 'node:crypto';
import type { FolderKind } from '../model/backend.ts';
import { DavError } from '../model/failure.ts';
import { mkcalendarBody, mkcolBody, proppatchBody, type NewCollection } from './bodies.ts';
import type { DavAnswer, DavClient } from './client.ts';
import { failureOf, isRefusal, statusIn } from './failures.ts';
import { pathOf } from './href.ts';
import { propertyNames } from './listing.ts';
import { propText } from './multistatus.ts';
import type { Name } from './names.ts';
import { propfindOne } from './questions.ts';
import type { CollectionDraft } from './remote.ts';

interface Making {
  readonly client: DavClient;
  readonly path: string;
  readonly wanted: NewCollection;
  readonly signal?: AbortSignal;
}

/**
 * Answers the path of the new collection below `homePath`.
 * @throws DavError 405 when the name is taken; BackendError `denied` (CollectionLimit), `busy` (TooManyCreated)
 */
export async function createCollection(
  { client, homePath }: { readonly client: DavClient; readonly homePath: string },
  draft: CollectionDraft,
  signal?: AbortSignal,
): Promise<string> {
  const wanted = newCollectionOf(draft);
  for (const name of namesFor(draft)) {
    const making: Making = { client, path: `${pathOf(homePath, name)}/`, wanted, signal };
    const answer = await make(making);
    if (!isRefusal(answer)) {
      await setWhatIsMissing(making);
      return making.path;
    }
    if (!(await isTaken(making, answer))) throw failureOf(answer, { subject: 'server' });
  }
  throw new DavError(405, 'there is a collection of that name already, perhaps in the trash');
}

/** A calendar in the trash keeps its name: without a name of the caller's own, others are tried. */
function namesFor({ name, displayName }: CollectionDraft): readonly string[] {
  if (name !== undefined) return [name];
  const words = displayName
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  const first = words === '' ? hash('sha256', displayName, 'hex').slice(0, 12) : words.slice(0, 60);
  return [first, ...[2, 3, 4, 5].map((number) => `${first}-${number}`)];
}

const componentOf: Readonly<Record<FolderKind, readonly string[]>> = {
  events: ['VEVENT'],
  tasks: ['VTODO'],
  contacts: [],
};

function newCollectionOf(draft: CollectionDraft): NewCollection {
  const isBook = draft.kind === 'contacts';
  const properties: (readonly [Name, string])[] = [];
  for (const [key, value] of Object.entries(draft.properties ?? {})) {
    const names = isProperty(key) ? propertyNames[key] : undefined;
    if (names !== undefined && value !== undefined) properties.push([names[isBook ? 1 : 0], value]);
  }
  return {
    resourceType: isBook ? 'CR:addressbook' : 'C:calendar',
    displayName: draft.displayName,
    properties,
    components: isBook ? [] : (draft.components ?? componentOf[draft.kind]),
  };
}

function isProperty(key: string): key is keyof typeof propertyNames {
  return key in propertyNames;
}

async function make(making: Making): Promise<DavAnswer> {
  const { wanted } = making;
  if (wanted.resourceType === 'CR:addressbook') return send(making, 'MKCOL', mkcolBody(wanted));
  const answer = await send(making, 'MKCALENDAR', mkcalendarBody(wanted));
  return answer.status === 501 ? send(making, 'MKCOL', mkcolBody(wanted)) : answer;
}

function send({ client, path, signal }: Making, method: string, body: string): Promise<DavAnswer> {
  const headers = { 'Content-Type': 'application/xml; charset=utf-8' };
  return client.ask({ method, path, headers, body, signal });
}

/** Nextcloud says 405, Radicale 409, Xandikos a 207 about a 403; and 405 may also mean that there is no such method. */
async function isTaken({ client, path, signal }: Making, answer: DavAnswer): Promise<boolean> {
  if (![403, 405, 409, 412].includes(statusIn(answer))) return false;
  const names: readonly Name[] = ['D:resourcetype'];
  return (await propfindOne(client, { path, names, tolerant: true, signal })) !== undefined;
}

/** Xandikos takes nothing but the name at creation. A server that keeps no colours is no error. */
async function setWhatIsMissing({ client, path, wanted, signal }: Making): Promise<void> {
  const settings = [['D:displayname', wanted.displayName] as const, ...wanted.properties];
  const names = settings.map(([name]) => name);
  const response = await propfindOne(client, { path, names, tolerant: true, signal });
  const missing = settings.filter(([name, value]) => response && propText(response, name) !== value.trim());
  if (missing.length === 0) return;
  await send({ client, path, wanted, signal }, 'PROPPATCH', proppatchBody(missing));
}
