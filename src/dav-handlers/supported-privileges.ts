// DAV:supported-privilege-set (RFC 3744 §5.3): the tree of what could be granted on each kind of resource.
import { xml, type Markup } from '../xml/index.ts';
import { caldav, dav, element } from './names.ts';
import { isInbox, type Resource } from './resource.ts';

interface Privilege {
  readonly name: string;
  readonly description: string;
  readonly parts?: readonly Privilege[];
}

const seeOwn: Privilege = {
  name: dav('read-current-user-privilege-set'),
  description: 'See what you may do',
};
const read: Privilege = { name: dav('read'), description: 'Read', parts: [seeOwn] };
const readCalendar: Privilege = {
  ...read,
  parts: [seeOwn, { name: caldav('read-free-busy'), description: 'See when the owner is busy' }],
};
const write: Privilege = {
  name: dav('write'),
  description: 'Write',
  parts: [
    { name: dav('write-content'), description: 'Change objects' },
    { name: dav('write-properties'), description: 'Rename and colour' },
    { name: dav('bind'), description: 'Add objects' },
    { name: dav('unbind'), description: 'Delete objects' },
  ],
};
/** RFC 6638 §6.1. */
const deliver: Privilege = {
  name: caldav('schedule-deliver'),
  description: 'Be heard by the owner',
  parts: [
    { name: caldav('schedule-deliver-invite'), description: 'Deliver invitations' },
    { name: caldav('schedule-deliver-reply'), description: 'Deliver answers' },
    { name: caldav('schedule-query-freebusy'), description: 'Ask when the owner is busy' },
  ],
};
/** RFC 6638 §6.2. */
const send: Privilege = {
  name: caldav('schedule-send'),
  description: 'Act for the owner towards others',
  parts: [
    { name: caldav('schedule-send-invite'), description: 'Invite' },
    { name: caldav('schedule-send-reply'), description: 'Answer invitations' },
    { name: caldav('schedule-send-freebusy'), description: 'Ask when others are busy' },
  ],
};

export function supportedPrivileges(resource: Resource): Markup {
  return xml(
    'D:supported-privilege',
    {},
    xml('D:privilege', {}, element(dav('all'))),
    xml('D:abstract', {}),
    xml('D:description', { 'xml:lang': 'en' }, 'Everything'),
    partsOf(resource).map(render),
  );
}

function partsOf(resource: Resource): readonly Privilege[] {
  if (resource.kind === 'outbox') return [read, send];
  if (isInbox(resource)) return [readCalendar, write, deliver];
  return [isCalendar(resource) ? readCalendar : read, write];
}

function isCalendar(resource: Resource): boolean {
  if (resource.kind === 'member') return resource.parent.family === 'calendars';
  return (resource.kind === 'collection' || resource.kind === 'home') && resource.family === 'calendars';
}

function render({ name, description, parts = [] }: Privilege): Markup {
  return xml(
    'D:supported-privilege',
    {},
    xml('D:privilege', {}, element(name)),
    xml('D:description', { 'xml:lang': 'en' }, description),
    parts.map(render),
  );
}
