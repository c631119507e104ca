// Exchange's own iCalendar text (examples/MimeContent): a client that stores it gets it back; and of an item that was made of it by
// another program we write the same facts, but for a closed list of differences.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compareTexts, type Difference } from '../fidelity/compare.ts';
import { openStage, type Stage } from '../gateway/stage.ts';
import { spec, why } from '../ews-backend/spec.ts';
import { explained, noItem, refusedPuts } from './differences-table.ts';
import { golden, goldenNames, stable } from './golden.ts';
import { readMimeObjects, textOfObject, throughDav, throughExchange } from './mime.ts';

const objects = spec === undefined ? [] : readMimeObjects();
const items = objects.filter(({ name }) => !(name in noItem));
const used = new Set<string>();

describe.skipIf(spec === undefined)(`texts of Exchange${why}`, () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({ settings: { EXDAV_SCHEDULING: 'off' } });
  });
  afterAll(() => stage.stop());

  test.each(objects.filter(({ name }) => !(name in refusedPuts)))(
    '$name comes back to the client that stored it',
    async (object) => {
      const { changed, lost, added } = compareTexts(textOfObject(object), await throughDav(stage, object));
      expect([...changed, ...lost, ...added]).toEqual([]);
    },
  );

  test.each(Object.entries(refusedPuts))('%s is refused: $why', async (name, { says }) => {
    const object = objects.find((each) => each.name === name)!;
    await expect(throughDav(stage, object)).rejects.toThrow(says);
  });

  test.each(items)('$name, made by another program, is written as in its golden file', async (object) => {
    const text = await throughExchange(stage, object);
    expect(stable(text)).toBe(golden(`${object.name}.ics`, stable(text)));
    const { changed, lost, added } = compareTexts(textOfObject(object), text);
    expect([...changed, ...lost, ...added].filter((difference) => !isExplained(difference))).toEqual([]);
  });

  test('every difference of the list was seen, and every golden file has its object', () => {
    expect(explained.map(({ what }) => what).filter((what) => !used.has(what))).toEqual([]);
    const files = goldenNames().filter((file) => file.startsWith('MimeContent-'));
    expect(files).toEqual(items.map(({ name }) => `${name}.ics`).sort());
  });
});

function isExplained(difference: Difference): boolean {
  const reason = explained.find(({ explains }) => explains(difference));
  if (reason !== undefined) used.add(reason.what);
  return reason !== undefined;
}
