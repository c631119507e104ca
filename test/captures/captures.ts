// The recorded items of examples/GetItem and examples/FindItem, one by one, as the reader of the backend gets them.
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Stored } from '../../src/model/backend.ts';
import { express, readStored } from '../../src/ews-backend/fields/index.ts';
import { readMessage } from '../../src/ews-backend/fields/invitation-fields.ts';
import { renderStored } from '../../src/translate/index.ts';
import { answerLimits, childOf, childrenOf, parseXml, type XmlElement } from '../../src/xml/index.ts';
import { readSpec, spec } from '../ews-backend/spec.ts';
import { filled } from './placeholders.ts';

export interface Capture {
  /** `GetItem-15`; `GetItem-06-2` where an answer holds several. */
  readonly name: string;
  readonly element: XmlElement;
}

const operations = ['GetItem', 'FindItem'] as const;

/** Every item of every recorded answer, of whatever kind. */
export function readCaptures(): Capture[] {
  return operations.flatMap((operation) =>
    readdirSync(resolve(spec ?? '', 'examples', operation))
      .filter((file) => file.endsWith('-response.xml'))
      .sort()
      .flatMap((file) => {
        const answer = parseXml(filled(readSpec(`examples/${operation}/${file}`)), answerLimits);
        const items = itemsIn(answer);
        const name = `${operation}-${file.slice(0, 2)}`;
        return items.map((element, index) => ({
          name: items.length === 1 ? name : `${name}-${index + 1}`,
          element: withId(element, `blanked-in-${name}`),
        }));
      }),
  );
}

/** The children of every `Items`; items inside items (conflicting meetings) are none of their own. */
function itemsIn(element: XmlElement): XmlElement[] {
  return childrenOf(element).flatMap((child) =>
    child.name === 'Items' ? [...childrenOf(child)] : itemsIn(child),
  );
}

/** Some publishers blanked the ids. */
function withId(item: XmlElement, id: string): XmlElement {
  const children = item.children.map((child) =>
    typeof child !== 'string' && child.name === 'ItemId' && child.attrs['Id'] === ''
      ? { ...child, attrs: { ...child.attrs, Id: id } }
      : child,
  );
  return { ...item, children };
}

export function hasMime({ element }: Capture): boolean {
  return childOf(element, 'MimeContent') !== undefined;
}

/** What a client would get. The UID is the capture's name where the capture has none. */
export function textOf({ name, element }: Capture): { text: string; extension: 'ics' | 'vcf' } {
  const isMessage = element.name.startsWith('Meeting');
  const stored: Stored = isMessage ? readMessage(element, undefined) : readStored(element, []);
  const isCard = stored.item.kind === 'contact' || stored.item.kind === 'group';
  return {
    text: renderStored([stored], {
      uid: stored.nativeUid ?? name,
      express: (item, present) => express(item, undefined, present),
      ownAddresses: ['owner@example.test'],
    }),
    extension: isCard ? 'vcf' : 'ics',
  };
}
