import { describe, expect, test } from 'vitest';
import { skeletonOf, textOfHtml, tidyOf } from '../../src/translate/html-text.ts';

test.each([
  ['<p>One</p><p>two<br>three</p>', 'One\n\ntwo\nthree'],
  ['<html><head><title>t</title><style>p{}</style></head><body>x<script>y</script></body></html>', 'x'],
  ['a <!-- <b>no</b> -->b', 'a b'],
  ['1 < 2 &amp;&amp; 3 > 2', '1 < 2 && 3 > 2'],
  ['Gr&uuml;&szlig;e &#8211; &#x1F600; &unknown; &nbsp;', 'Grüße – 😀 &unknown;'],
  ['a\r\n   b\tc', 'a b c'],
  ['<table><tr><td>1</td><td>2</td></tr></table>', '1  2'],
  ['open <b', 'open'],
  ['', ''],
])('%s', (html, text) => {
  expect(textOfHtml(html)).toBe(text);
});

describe('two texts say the same', () => {
  test.each([
    [
      'what Exchange makes of a list with links',
      '  *   one\r\n  *   two here<https://example.org/>\r\n',
      'one\ntwo here',
    ],
    ['numbers of a list', '1. one\n2. two', 'one\ntwo'],
    ['a picture', 'Logo [cid:image001.png@01D] here', 'Logo here'],
    ['a rule', 'a\n________________________________\nb', 'a b'],
    ['blanks of every kind', 'a\u{A0}b \t c\r\n\r\n', 'a b c'],
  ])('%s', (_, one, other) => {
    expect(skeletonOf(one)).toBe(skeletonOf(other));
  });
  test.each([
    ['10:00', '10.00'],
    ['a, b', 'a b'],
    ['not', 'now'],
  ])('%s is not %s', (one, other) => {
    expect(skeletonOf(one)).not.toBe(skeletonOf(other));
  });
  test('or look the same', () => {
    expect(tidyOf('a\u{A0}b  \r\nc\n')).toBe(tidyOf('a b\nc'));
    expect(tidyOf('a\n\nb')).not.toBe(tidyOf('a\nb'));
  });
});

test.each([
  ['openings', '<head'.repeat(40_000)],
  ['comments', '<!--'.repeat(40_000)],
  ['brackets', '['.repeat(200_000)],
  ['angles', '<a:'.repeat(60_000)],
  ['ampersands', '&'.repeat(200_000)],
  ['breaks', '\n '.repeat(100_000)],
  ['blanks', ' '.repeat(200_000)],
  ['coded blanks', '&#32;'.repeat(60_000)],
  ['bullets', '* '.repeat(100_000)],
])('a stranger’s %s do not stop the process', (_, text) => {
  expect(skeletonOf(textOfHtml(text)).length + skeletonOf(text).length + tidyOf(text).length).toBeLessThan(
    2e6,
  );
});
