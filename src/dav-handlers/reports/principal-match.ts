// DAV:principal-match (RFC 3744 §9.3): which resources here are me, or name me in a property.
import { DavError } from '../../model/failure.ts';
import { childrenOf as elementsOf, clarkOf, parseXml, textOf, xml } from '../../xml/index.ts';
import { delegatorsOf } from '../delegation.ts';
import { childElement } from '../elements.ts';
import { dav, declarations } from '../names.ts';
import { parseSelection, propertyOf, responsesOf, type Selection } from '../properties/selection.ts';
import type { Context } from '../request.ts';
import { isSelf, proxyResource, selfPrincipal } from '../principals.ts';
import { childrenOf, type Resource } from '../resource.ts';
import type { Report } from './report.ts';

const nothing: Selection = { kind: 'prop', elements: [] };

export const principalMatch: Report = async ({ body, resource, minimal }, context) => {
  const property = childElement(body, dav('principal-property'));
  const [named] = property === undefined ? [] : elementsOf(property);
  if (named === undefined && childElement(body, dav('self')) === undefined)
    throw new DavError(400, 'principal-match needs DAV:self or a DAV:principal-property');
  const candidates = [
    resource,
    ...(await childrenOf(resource, context)),
    ...(await groupsIn(resource, context)),
  ];
  const found: Resource[] = [];
  for (const candidate of candidates)
    if (await isMine(candidate, named === undefined ? undefined : clarkOf(named), context))
      found.push(candidate);
  const selection = parseSelection(body) ?? nothing;
  const responses = await responsesOf(found, { selection, minimal, failures: 'part' }, context);
  return { kind: 'multistatus', responses };
};

/** Groups to which the user belongs are himself too (RFC 3744 §9.3), wherever below the principals they stand. */
async function groupsIn(resource: Resource, context: Context): Promise<readonly Resource[]> {
  if (resource.kind !== 'principals') return [];
  const delegators = await delegatorsOf(context);
  return delegators.map(({ person, access }) => proxyResource(context.space, person, access));
}

async function isMine(resource: Resource, property: string | undefined, context: Context): Promise<boolean> {
  const { href } = selfPrincipal(context.space);
  if (property === undefined)
    return resource.kind === 'proxy'
      ? !isSelf(context.space, resource.person.address)
      : resource.kind === 'principal' && resource.href === href;
  const value = await propertyOf(resource, property, context);
  if (value === undefined) return false;
  return elementsOf(parseXml(xml('x', declarations, value).xml))
    .flatMap(elementsOf)
    .some((each) => clarkOf(each) === dav('href') && textOf(each) === href);
}
