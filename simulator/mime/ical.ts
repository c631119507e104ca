// The one door of the simulator to ical.js: iCalendar text ⇄ jCal (RFC 7265). Nothing else of that library is used.
import ICAL from 'ical.js';
import { EwsError } from '../errors.ts';

export type JcalProperty = [
  name: string,
  params: Record<string, string | string[]>,
  type: string,
  ...values: unknown[],
];
export type JcalComponent = [name: string, properties: JcalProperty[], components: JcalComponent[]];

/** The VCALENDAR of a text. @throws EwsError ErrorMimeContentInvalid */
export function parseCalendar(text: string): JcalComponent {
  const parsed = parsedBy(text);
  const root: unknown = Array.isArray(parsed) && Array.isArray(parsed[0]) ? parsed[0] : parsed;
  if (!isComponent(root) || root[0] !== 'vcalendar') throw new EwsError('ErrorMimeContentInvalid');
  return root;
}

export function renderCalendar(component: JcalComponent): string {
  return `${ICAL.stringify(component).trimEnd()}\r\n`;
}

export function propertiesOf(component: JcalComponent, name: string): readonly JcalProperty[] {
  return component[1].filter((property) => property[0] === name);
}

export function componentsOf(component: JcalComponent, name: string): readonly JcalComponent[] {
  return component[2].filter((child) => child[0] === name);
}

/** First value of the first property of that name, as text. */
export function valueOf(component: JcalComponent, name: string): string | undefined {
  const value = propertiesOf(component, name)[0]?.[3];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

export function paramOf(property: JcalProperty, name: string): string | undefined {
  const value = property[1][name];
  return Array.isArray(value) ? value[0] : value;
}

function parsedBy(text: string): unknown {
  try {
    return ICAL.parse(text);
  } catch (error) {
    if (error instanceof Error) throw new EwsError('ErrorMimeContentInvalid');
    throw error;
  }
}

function isComponent(value: unknown): value is JcalComponent {
  return (
    Array.isArray(value) && typeof value[0] === 'string' && Array.isArray(value[1]) && Array.isArray(value[2])
  );
}
