// X.500 names in place of addresses (RoutingType EX, BEHAVIOUR §9): people of the own organisation in stored items, of whom the
// directory tells the SMTP address. Asked once an account; what is not asked yet is left as it is.
import { LRUCache } from 'lru-cache';
import { BackendError, success, type Outcome } from '../model/failure.ts';
import { childOf, textOf, type XmlElement } from '../xml/index.ts';
import { cardOfResolution } from './fields/directory-fields.ts';
import { resolveNames } from './operations/resolve-names.ts';
import { inParallel } from './parallel.ts';
import type { Soap } from './soap.ts';

/** Questions that one batch of items may cost; who is left over is asked for by the next one. */
const mostQuestions = 32;
const unknownTrustMs = 3_600_000;

/** What one account knows of X.500 names. */
export interface X500Names {
  /** SMTP addresses; '' of those whom the directory does not (or no longer) know. */
  readonly known: LRUCache<string, string>;
  /** Items in which somebody has not been asked for. */
  readonly open: WeakSet<XmlElement>;
}

export function openX500Names(): X500Names {
  // By size: with `max` the cache would set room aside for all of them, in each of thousands of accounts.
  return { known: new LRUCache({ maxSize: 20_000, sizeCalculation: () => 1 }), open: new WeakSet() };
}

/** The same items with SMTP addresses. One call for each name that nobody has asked for yet, none where there is no such name. */
export async function withSmtpAddresses(
  soap: Soap,
  { names, items }: { readonly names: X500Names; readonly items: readonly Outcome<XmlElement>[] },
  signal?: AbortSignal,
): Promise<readonly Outcome<XmlElement>[]> {
  const found = new Set<string>();
  for (const item of items) if (item.ok) collect(item.value, found);
  if (found.size === 0) return items;
  const unknown = [...found].filter((name) => !names.known.has(name)).slice(0, mostQuestions);
  const jobs = unknown.map((name) => (signal: AbortSignal) => ask(soap, names, { name, signal }));
  for await (const _ of inParallel(jobs, soap.width, signal)) {
    // Each answer is kept where it comes.
  }
  return items.map((item) => {
    if (!item.ok) return item;
    const element = replaced(item.value, names);
    const left = new Set<string>();
    collect(element, left);
    if ([...left].some((name) => !names.known.has(name))) names.open.add(element);
    return success(element);
  });
}

/** That somebody's address cannot be told now hides no item. */
async function ask(
  soap: Soap,
  names: X500Names,
  { name, signal }: { readonly name: string; readonly signal: AbortSignal },
): Promise<void> {
  try {
    const { found } = await resolveNames(soap, { text: name, scope: 'ActiveDirectory' }, signal);
    const cards = found.flatMap((each) => cardOfResolution(each) ?? []);
    const [card, ...others] = cards;
    const address = others.length === 0 ? card?.address : undefined;
    names.known.set(name, address ?? '', address === undefined ? { ttl: unknownTrustMs } : {});
  } catch (error) {
    if (!(error instanceof BackendError) || error.failure.kind === 'unauthorized') throw error;
    if (!mayPass.has(error.failure.kind)) names.known.set(name, '', { ttl: unknownTrustMs });
  }
}

const mayPass: ReadonlySet<string> = new Set(['busy', 'unavailable']);

function collect(element: XmlElement, into: Set<string>): void {
  const name = nameIn(element);
  if (name !== undefined) into.add(name);
  for (const child of element.children) if (typeof child !== 'string') collect(child, into);
}

/** `t:Mailbox` with its elements, and `t:Entry` of a contact with its attributes. */
function nameIn(element: XmlElement): string | undefined {
  if (element.name === 'Mailbox') return x500In(textOf(childOf(element, 'EmailAddress')));
  const isEntry = element.name === 'Entry' && element.attrs['RoutingType'] === 'EX';
  return isEntry ? x500In(textOf(element)) : undefined;
}

function x500In(text: string): string | undefined {
  const name = text.trim();
  return /^\/o=/i.test(name) ? name.toLowerCase() : undefined;
}

function replaced(element: XmlElement, names: X500Names): XmlElement {
  const name = nameIn(element);
  const address = name === undefined ? undefined : names.known.get(name);
  if (!address)
    return {
      ...element,
      children: element.children.map((child) => (typeof child === 'string' ? child : replaced(child, names))),
    };
  if (childOf(element, 'EmailAddress') === undefined) return { ...element, children: [address] };
  return {
    ...element,
    children: element.children.map((child) =>
      typeof child !== 'string' && child.name === 'EmailAddress' ? { ...child, children: [address] } : child,
    ),
  };
}
