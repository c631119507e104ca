// One row a property: its Clark name, its value on each kind of resource, and what a PROPPATCH of it does.
import type { FolderKind } from '../../model/backend.ts';
import type { DavError } from '../../model/failure.ts';
import type { XmlContent, XmlElement } from '../../xml/index.ts';
import type { FolderDraft } from '../folder-draft.ts';
import type { Context } from '../request.ts';
import {
  isInbox,
  type CollectionResource,
  type HomeResource,
  type MemberResource,
  type OutboxResource,
  type PrincipalResource,
  type Resource,
} from '../resource.ts';

/** The content of the property's element; undefined: the resource does not have it. */
export type PropertyValue = XmlContent | undefined;

export interface PropertyRow {
  readonly name: string;
  /** Part of an allprop answer (RFC 4918 §9.1; what other RFCs define is left out, RFC 4791 §5.2). */
  readonly inAllprop?: boolean;
  /** Folders on which the name has this meaning; elsewhere it is a dead property. Absent: everywhere. */
  readonly kinds?: readonly FolderKind[];
  value(resource: Resource, context: Context): PropertyValue | Promise<PropertyValue>;
  /** Absent: protected. Without an element: remove. */
  write?(draft: FolderDraft, element: XmlElement | undefined): FolderDraft | DavError;
}

export const calendars = ['events', 'tasks'] as const satisfies readonly FolderKind[];
export const addressBooks = ['contacts'] as const satisfies readonly FolderKind[];

type Value<R> = (resource: R, context: Context) => PropertyValue | Promise<PropertyValue>;
type More = Partial<Pick<PropertyRow, 'inAllprop' | 'kinds' | 'write'>>;

export function onAll(name: string, value: Value<Resource>, more: More = {}): PropertyRow {
  return { name, value, ...more };
}

/** A name of the standards that no resource here has: never there, never writable. */
export function absent(name: string): PropertyRow {
  return { name, value: () => undefined };
}

export function onPrincipal(name: string, value: Value<PrincipalResource>): PropertyRow {
  return {
    name,
    value: (resource, context) => (resource.kind === 'principal' ? value(resource, context) : undefined),
  };
}

export function onHome(name: string, value: Value<HomeResource>): PropertyRow {
  return {
    name,
    value: (resource, context) => (resource.kind === 'home' ? value(resource, context) : undefined),
  };
}

/** Calendars, and the outbox: what takes calendar objects. */
export function onCalendars(name: string, value: Value<CollectionResource | OutboxResource>): PropertyRow {
  const row = onCollection(name, value, { kinds: calendars });
  return {
    ...row,
    value: (resource, context) =>
      resource.kind === 'outbox' ? value(resource, context) : row.value(resource, context),
  };
}

export function onCollection(name: string, value: Value<CollectionResource>, more: More = {}): PropertyRow {
  return {
    name,
    value: (resource, context) =>
      resource.kind === 'collection' &&
      (more.kinds === undefined || more.kinds.includes(resource.collection.folder.kind))
        ? value(resource, context)
        : undefined,
    ...more,
  };
}

export function onInbox(name: string, value: Value<CollectionResource>): PropertyRow {
  return {
    name,
    value: (resource, context) =>
      resource.kind === 'collection' && isInbox(resource) ? value(resource, context) : undefined,
  };
}

export function onMember(name: string, value: Value<MemberResource>, more: More = {}): PropertyRow {
  return {
    name,
    value: (resource, context) => (resource.kind === 'member' ? value(resource, context) : undefined),
    ...more,
  };
}
