// X500 addresses in what clients write: the directory knows whose they are, and the store keeps SMTP (BEHAVIOUR §9).
import { textOf, type XmlElement } from '../src/xml/index.ts';
import { entryByDn, type World } from './state/index.ts';

const writes = new Set(['CreateItem', 'UpdateItem']);

/** The same request with SMTP addresses in place of known X500 ones. */
export function withSmtpAddresses(world: World, request: XmlElement): XmlElement {
  return world.policy.exRouting && writes.has(request.name) ? translated(world, request) : request;
}

function translated(world: World, element: XmlElement): XmlElement {
  const texts = new Map(
    element.children.flatMap((child) =>
      typeof child === 'string' ? [] : [[child.name, textOf(child)] as const],
    ),
  );
  const address = texts.get('EmailAddress') ?? '';
  const entry = texts.get('RoutingType') === 'EX' ? entryByDn(world, address) : undefined;
  const replaced: Readonly<Record<string, string>> =
    entry === undefined ? {} : { EmailAddress: entry.address, RoutingType: 'SMTP' };
  return {
    ...element,
    children: element.children.map((child) => {
      if (typeof child === 'string') return child;
      const text = replaced[child.name];
      return text === undefined ? translated(world, child) : { ...child, children: [text] };
    }),
  };
}
