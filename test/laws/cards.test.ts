// Laws of contacts and groups as clients write them; the generators follow the tables (tables.test.ts).
import { judge } from './law-list.ts';
import { law } from './law.ts';
import { type Case, contactCase, groupCase } from './objects.ts';

const show = ({ text, edits, outside }: Case): string => `${text}${JSON.stringify({ edits, outside })}`;

law('what clients write of contacts', { share: 0.15, cases: contactCase, judge, show, mayRefuse: 0 });
law('what clients write of groups', { share: 0.05, cases: groupCase, judge, show, mayRefuse: 0 });
