import { describe, expect, it } from 'vitest';
import {
  answerLimits,
  childOf,
  clarkOf,
  markupOf,
  openXmlReader,
  parseXml,
  renderXml,
  requestLimits,
  textOf,
  xml,
  XmlError,
} from '../../src/xml/index.ts';

describe('parseXml', () => {
  it('resolves namespaces and keeps text as it stands', () => {
    const root = parseXml('<D:a xmlns:D="DAV:" x="1"> <b xmlns="urn:b" D:y="2">t &amp; u</b></D:a>');
    expect(clarkOf(root)).toBe('{DAV:}a');
    expect(root.attrs['x']).toBe('1');
    const b = childOf(root, 'b', 'urn:b');
    expect(b?.attrs['{DAV:}y']).toBe('2');
    expect(textOf(b)).toBe('t & u');
  });

  it.each([
    ['truncated', '<a><b/>'],
    ['mismatched', '<a><b></a></b>'],
    ['two roots', '<a/><b/>'],
    ['undeclared prefix', '<x:a/>'],
    ['doctype', '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>'],
    ['unknown entity', '<a>&nbsp;</a>'],
    ['repeated attribute', '<a b="1" b="2"/>'],
    ['control character', '<a>&#x1;</a>'],
    ['empty', ''],
  ])('refuses %s', (_name, text) => {
    expect(() => parseXml(text)).toThrow(XmlError);
  });

  it('bounds depth, count and length', () => {
    expect(() => parseXml('<a>'.repeat(41) + '</a>'.repeat(41))).toThrow(/deeper/);
    expect(() => parseXml(`<a>${'<b/>'.repeat(60_000)}</a>`)).toThrow(/more than/);
    expect(() => parseXml(`<a>${'x'.repeat(1_000_001)}</a>`)).toThrow(/longer/);
    expect(parseXml('<a>'.repeat(40) + '</a>'.repeat(40), requestLimits).name).toBe('a');
  });

  it('mends illegal characters in answers', () => {
    expect(textOf(parseXml('<a>x&#x1;y&#11;\x02&#x41;</a>', answerLimits))).toBe('x\ufffdy\ufffd\ufffdA');
  });

  it('reads in pieces and lets elements be taken out', () => {
    const taken: string[] = [];
    const reader = openXmlReader(
      answerLimits,
      (element) => element.name === 'i' && taken.push(textOf(element)) > 0,
    );
    for (const piece of ['<r><i>1<', '/i><i>', '2</i><k/', '></r>']) reader.write(piece);
    const root = reader.close();
    expect(taken).toEqual(['1', '2']);
    expect(root.children).toHaveLength(1);
  });
});

describe('renderXml', () => {
  it('escapes what would break out and what XML would change', () => {
    const text = renderXml(xml('a', { b: '"<\n' }, 'x]]> & \r \x01'));
    expect(text).toContain('<a b="&quot;&lt;&#10;">x]]&gt; &amp; &#13; </a>');
  });

  it('leaves out undefined, keeps zero and false', () => {
    expect(xml('a', { b: undefined, c: 0 }, undefined, 0, false, [xml('d', {})]).xml).toBe(
      '<a c="0">0false<d/></a>',
    );
  });

  it('writes again what was parsed', () => {
    const source = '<a xmlns="urn:a" xmlns:z="urn:z" z:q="1"><b xmlns="">t</b><z:c xml:lang="de"/></a>';
    const again = parseXml(markupOf(parseXml(source)).xml);
    expect(again).toEqual(parseXml(source));
  });
});
