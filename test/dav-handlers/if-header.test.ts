// The If header.
import { describe, expect, it } from 'vitest';
import { calendar, event, setUp } from './harness.ts';

describe('the If header', () => {
  it('is met by an etag, by the sync token of the collection, and by Not', async () => {
    const setup = setUp();
    const { etag } = setup.home.at('calendar').keep('a.ics', event('a'));
    const { syncToken } = await setup.home.at('calendar').state();
    const met = [
      `([${etag}])`,
      `(["x"]) ([${etag}])`,
      '(Not ["x"])',
      `<${calendar}> (<${syncToken}>)`,
      `<http://host${calendar}a.ics> (["x"]) <${calendar}a.ics> (Not <DAV:no-lock> [${etag}])`,
    ];
    const unmet = [
      `(Not [${etag}])`,
      '(<opaquelocktoken:1>)',
      `<${calendar}> (<${syncToken}0>)`,
      '(<DAV:no-lock>)',
    ];
    const ask = async (If: string): Promise<number> =>
      (
        await setup.ask('PROPPATCH', `${calendar}a.ics`, {
          headers: { If },
          body: '<propertyupdate xmlns="DAV:"><set><prop><a xmlns="urn:x"/></prop></set></propertyupdate>',
        })
      ).status;
    for (const header of met) expect(await ask(header), header).toBe(207);
    for (const header of unmet) expect(await ask(header), header).toBe(412);
    for (const header of ['nonsense', '()', '(["a"', '']) expect(await ask(header), header).toBe(400);
  });
});
