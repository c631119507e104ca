// Properties of RFC 6352 §6.2, §7.1, §8.3.1, and address-data of reports.
import { xml } from '../../xml/index.ts';
import { collations } from '../filters/text-match.ts';
import { carddav, hrefElement } from '../names.ts';
import type { Context } from '../request.ts';
import { isSelf } from '../principals.ts';
import type { Resource } from '../resource.ts';
import { directoryHref, homeHref } from '../standing.ts';
import { folderText } from './folder-text.ts';
import {
  absent,
  addressBooks,
  onAll,
  onCollection,
  onMember,
  onPrincipal,
  type PropertyRow,
  type PropertyValue,
} from './row.ts';

export const carddavRows = [
  onPrincipal(carddav('addressbook-home-set'), ({ person, hasHome }, { space }) =>
    hasHome ? hrefElement(homeHref(space, 'addressbooks', person.address)) : undefined,
  ),
  folderText(carddav('addressbook-description'), {
    field: 'description',
    kinds: addressBooks,
    maxLength: 4_000,
  }),
  onCollection(
    carddav('supported-address-data'),
    () =>
      ['3.0', '4.0'].map((version) => xml('CR:address-data-type', { 'content-type': 'text/vcard', version })),
    { kinds: addressBooks },
  ),
  onCollection(carddav('max-resource-size'), (_, { space }) => space.limits.maxResourceBytes, {
    kinds: addressBooks,
  }),
  onCollection(
    carddav('supported-collation-set'),
    () => collations.map((name) => xml('CR:supported-collation', {}, name)),
    { kinds: addressBooks },
  ),
  onMember(carddav('address-data'), ({ parent, text }) =>
    parent.family === 'addressbooks' ? text : undefined,
  ),
  absent(carddav('principal-address')),
  absent(carddav('max-image-size')),
  onAll(carddav('directory-gateway'), directoryOf),
] satisfies readonly PropertyRow[];

/** Of the user who asks: of the principal (draft-daboo-carddav-directory-gateway §3), and of the home for whoever looks there. */
async function directoryOf(resource: Resource, { space }: Context): Promise<PropertyValue> {
  if (resource.kind !== 'principal' && resource.kind !== 'home') return undefined;
  const { address } = resource.kind === 'principal' ? resource.person : resource.home.owner;
  const isAsked = resource.kind === 'principal' || resource.family === 'addressbooks';
  if (!isAsked || !isSelf(space, address)) return undefined;
  const home = await space.home(space.user.address);
  return home.addressList && hrefElement(directoryHref(space, address));
}
