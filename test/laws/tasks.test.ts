// Laws of tasks as clients write them; the generators follow the tables (tables.test.ts).
import { judge } from './law-list.ts';
import { law } from './law.ts';
import { taskCase } from './objects.ts';

law('what clients write of tasks', {
  share: 0.12,
  cases: taskCase,
  judge,
  show: ({ text, edits, outside }) => `${text}${JSON.stringify({ edits, outside })}`,
  mayRefuse: 5,
});
