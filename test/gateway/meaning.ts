// Two texts compared by what they mean, independently of the product's own translation: components and properties as a set,
// times as instants or dates, without stamps and without the contents of VTIMEZONE.
import ICAL from 'ical.js';

type Property = readonly [
  name: string,
  params: Record<string, string | string[]>,
  type: string,
  ...values: unknown[],
];
type Component = readonly [name: string, properties: readonly Property[], components: readonly Component[]];

/** Stamps of servers, and what every text has. */
const ignored = new Set(
  'dtstamp prodid sequence last-modified created calscale version rev uid-marker'.split(' '),
);

/** Lines such as `vevent/20261201T100000Z: SUMMARY …`, sorted. */
export function meaningOf(text: string): readonly string[] {
  const parsed = ICAL.parse(text) as unknown;
  const roots = (Array.isArray((parsed as unknown[])[0]) ? parsed : [parsed]) as Component[];
  return roots.flatMap((root) => linesOf(root, '')).toSorted((a, b) => (a < b ? -1 : 1));
}

function linesOf([name, properties, components]: Component, path: string): string[] {
  if (name === 'vtimezone') return [];
  const here = `${path}${name}${instanceOf(properties)}`;
  const alarms = components.filter(([inner]) => inner === 'valarm');
  return [
    ...properties.flatMap((property) => meanings(property, properties)).map((line) => `${here}: ${line}`),
    ...components.filter(([inner]) => inner !== 'valarm').flatMap((inner) => linesOf(inner, `${here}/`)),
    // Alarms have no name: each is one line.
    ...alarms.map(
      (alarm) =>
        `${here}/valarm: ${linesOf(alarm, '')
          .toSorted((a, b) => (a < b ? -1 : 1))
          .join(' & ')}`,
    ),
  ];
}

function instanceOf(properties: readonly Property[]): string {
  const id = properties.find(([name]) => name === 'recurrence-id');
  return id === undefined ? '' : `[${timeOf(id[3], id)}]`;
}

function meanings(property: Property, siblings: readonly Property[]): string[] {
  const [name, params, type, ...values] = property;
  if (ignored.has(name)) return [];
  // A name without parts is none; vCard 3.0 demands the property.
  if (name === 'n' && [values].flat(2).every((part) => part === '')) return [];
  // An end and a duration say the same.
  if (name === 'duration' && siblings.some(([other]) => other === 'dtstart')) {
    const start = siblings.find(([other]) => other === 'dtstart')!;
    const from = ICAL.Time.fromString(String(start[3]), undefined);
    from.addDuration(ICAL.Duration.fromString(String(values[0])));
    return [`dtend ${timeOf(from.toString(), start)}`];
  }
  if (['date', 'date-time'].includes(type))
    return values.map((value) => `${name} ${timeOf(value, property)}${paramText(params)}`);
  if (type === 'recur') return [`${name} ${ruleText(values[0] as Record<string, unknown>)}`];
  if (name === 'categories') return values.map((value) => `${name} ${JSON.stringify(value)}`);
  // tel:+43 is the number +43.
  const shown = name === 'tel' ? values.map((value) => String(value).replace(/^tel:/, '')) : values;
  return [`${name}${paramText(params)} ${JSON.stringify(shown)}`];
}

function timeOf(value: unknown, [, params, type]: Property): string {
  const text = String(value);
  return type === 'date' || text.endsWith('Z') ? text : `${text} ${String(params['tzid'] ?? 'floating')}`;
}

function ruleText(rule: Record<string, unknown>): string {
  const parts = Object.entries(rule)
    .filter(([part, value]) => !(part === 'interval' && value === 1))
    .map(
      ([part, value]) =>
        `${part}=${[value]
          .flat()
          .map(String)
          .toSorted((a, b) => (a < b ? -1 : 1))
          .join(',')}`,
    );
  return parts.toSorted((a, b) => (a < b ? -1 : 1)).join(';');
}

function paramText(params: Record<string, string | string[]>): string {
  const shown = Object.entries(params).filter(([name]) => name !== 'tzid');
  return shown
    .map(
      ([name, value]) =>
        `;${name}=${[value]
          .flat()
          .map((each) => each.toLowerCase())
          .toSorted((a, b) => (a < b ? -1 : 1))
          .join(',')}`,
    )
    .toSorted((a, b) => (a < b ? -1 : 1))
    .join('');
}
