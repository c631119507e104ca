// Laws of what others have written: an item of any content is shown, sent back it writes nothing, and its copy is the same.
import * as fc from 'fast-check';
import type { Item } from '../../src/model/item.ts';
import { contactItem, eventItem, groupItem, taskItem } from './items.ts';
import { law } from './law.ts';
import { judgeNative } from './native-laws.ts';

const dayZone = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'UTC');

function held(name: string, share: number, item: fc.Arbitrary<Item>): void {
  law(name, {
    share,
    cases: fc.record({ item, dayZone }),
    judge: judgeNative,
    show: (given) => JSON.stringify(given),
    mayRefuse: 1,
  });
}

held('events of any content', 0.18, eventItem);
held('tasks of any content', 0.1, taskItem);
held('contacts of any content', 0.1, contactItem);
held('groups of any content', 0.05, groupItem);
