// Some captures were made templates by those who published them: `{event.start:%d}`. What they stood for is put back, with one
// made-up meeting in place of the one that was cut out.
const start = new Date('2014-10-15T22:00:00Z');
const end = new Date('2014-10-15T23:00:00Z');

const times: Readonly<Record<string, Date>> = {
  start,
  end,
  recurrence_end_date: new Date('2015-01-14T00:00:00Z'),
  last_response: new Date('2014-10-01T09:30:00Z'),
};

const texts: Readonly<Record<string, string>> = {
  id: 'AAMkTemplate',
  change_key: 'DwAAABYAAAA=',
  calendar_id: 'AAMkFolder',
  subject: 'Lunch with the team',
  body: 'Bring your own fork.',
  location: 'Conference room B',
  recurrence_interval: '2',
  recurrence_days: 'Monday Wednesday',
};

const responses: Readonly<Record<string, string>> = {
  accepted: 'Accept',
  tentative: 'Tentative',
  declined: 'Decline',
  unknown: 'Unknown',
  resource: 'Accept',
};

const formats: Readonly<Record<string, (date: Date) => string>> = {
  '%Y-%m-%dT%H:%M:%SZ': (date) => date.toISOString().replace('.000', ''),
  '%Y-%m-%d': (date) => date.toISOString().slice(0, 10),
  '%d': (date) => String(date.getUTCDate()),
  '%B': (date) => date.toLocaleString('en-US', { month: 'long', timeZone: 'UTC' }),
};

/** @throws Error for a placeholder that nobody knows. */
export function filled(xml: string): string {
  return xml.replaceAll(
    /\{([a-z_]+)(?:\[(\d)\])?\.([a-z_]+)(?::([^}]+))?\}/g,
    (whole, of: string, index: string | undefined, name: string, format: string | undefined) => {
      const value =
        format === undefined ? textOf(of, name, index ?? '') : times[name] && formats[format]?.(times[name]);
      if (value === undefined) throw new Error(`a placeholder that is not known: ${whole}`);
      return value;
    },
  );
}

function textOf(of: string, name: string, index: string): string | undefined {
  if (name === 'name') return of.replaceAll('_', ' ');
  if (name === 'email') return `${of.replaceAll('_', '.')}@example.com`;
  if (name === 'response') return responses[of.slice(of.lastIndexOf('_') + 1)];
  const text = texts[name];
  return text === undefined ? undefined : text + index;
}
