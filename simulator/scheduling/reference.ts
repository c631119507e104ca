// What every response object says: which item it is about, and what becomes of what it makes.
import { childOf, type XmlElement } from '../../src/xml/index.ts';
import type { Context } from '../context.ts';
import { EwsError } from '../errors.ts';
import { itemOf, type Found } from '../lookup.ts';
import { parseChangeKey, parseId } from '../state/ids.ts';

/** @throws EwsError ErrorMessageDispositionRequired (MS-OXWSMTGS_R1342) */
export function demandDisposition(request: XmlElement): string {
  const disposition = request.attrs['MessageDisposition'];
  if (disposition === undefined) throw new EwsError('ErrorMessageDispositionRequired');
  return disposition;
}

/** t:ReferenceItemId; response objects need its change key (BEHAVIOUR §3). @throws EwsError */
export function referenceOf(context: Context, element: XmlElement): Found {
  const reference = childOf(element, 'ReferenceItemId');
  if (reference === undefined) throw new EwsError('ErrorInvalidReferenceItem');
  const key = reference.attrs['ChangeKey'] ?? '';
  const id = parseId(reference.attrs['Id'] ?? '');
  const found = itemOf(context, id);
  if (key === '') throw new EwsError('ErrorChangeKeyRequiredForWriteOperations');
  return { ...found, changeKey: parseChangeKey(key) };
}
