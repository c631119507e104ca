// Laws of events as clients write them; the generators follow the tables (tables.test.ts).
import { judge } from './law-list.ts';
import { law } from './law.ts';
import { eventCase } from './objects.ts';

law('what clients write of events', {
  share: 0.15,
  cases: eventCase,
  judge,
  show: ({ text, edits, outside }) => `${text}${JSON.stringify({ edits, outside })}`,
  mayRefuse: 5,
});
