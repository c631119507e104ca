import { describe, expect, it } from 'vitest';
import { DavError } from '../../src/model/failure.ts';
import { parsePath } from '../../src/server/path.ts';

describe('parsePath', () => {
  it.each([
    ['/', [], true],
    ['', [], true],
    ['/a', ['a'], false],
    ['/a/b/', ['a', 'b'], true],
    ['/a%2Fb/c%20d?x=/../', ['a/b', 'c d'], false],
    ['/a%2541', ['a%41'], false],
    ['http://host:80/a/%C3%A9', ['a', 'é'], false],
    ['http://host', [], true],
  ])('%s', (target, segments, trailingSlash) => {
    expect(parsePath(target, '')).toEqual({ segments, trailingSlash });
  });

  it.each(['/dav/a/', '/a/'])('takes %s below the prefix, stripped by the proxy or not', (target) => {
    expect(parsePath(target, '/dav').segments).toEqual(['a']);
  });

  it('does not take a longer name for the prefix', () => {
    expect(parsePath('/davx/a', '/dav').segments).toEqual(['davx', 'a']);
  });

  it.each(['/a/../b', '/a/%2e%2e/b', '/./a', '//a', '/a//b', '/a%00', '/a%0d%0ab', '/%FF', '/%E9', '/a%'])(
    'refuses %s',
    (target) => {
      expect(() => parsePath(target, '')).toThrow(DavError);
    },
  );
});
