// PHOTO (RFC 6350 §6.2.4) ⇄ the picture that the mailbox stores; links and further pictures are kept.
import { isNewPart, type NewPart, type Part } from '../model/item.ts';
import type { Jcal } from './codec.ts';
import { textValue, type ContactRow } from './contact-values.ts';
import { propertiesOf, type RenderContext } from './rows.ts';
import { rendered } from './shared-rows.ts';

export const photoRow: ContactRow = {
  claims: ['photo'],
  fields: ['photo'],
  isAlwaysRead: true,
  render({ photo }, context) {
    const bytes = photo && bytesOf(photo, context);
    return bytes ? rendered(['photo', {}, 'uri', `data:${bytes.contentType};base64,${bytes.base64}`]) : [];
  },
  parse(parts) {
    // A photo elsewhere is a link for those who follow it, not a picture to store.
    const data = inlineData.exec(textValue(propertiesOf(parts).find(isStorable)));
    if (!data) return { photo: undefined };
    const contentType = data[1] ?? '';
    const photo: NewPart = { name: 'ContactPicture.jpg', contentType, base64: data[2] ?? '' };
    return { photo };
  },
  keepable(parts) {
    const properties = propertiesOf(parts);
    const stored = properties.find(isStorable);
    const kept = properties.map((each): Jcal =>
      each === stored ? [each[0], each[1], 'uri', storedPhoto] : each,
    );
    const isPlain = stored !== undefined && kept.length === 1 && Object.keys(stored[1]).length === 0;
    return isPlain ? [] : rendered(...kept);
  },
  // The stored picture in its place among the others, with its parameters.
  merge(kept, shown) {
    const [picture] = propertiesOf(shown);
    const given = propertiesOf(kept);
    if (!given.some(isStoredPhoto)) return [...shown, ...kept];
    return rendered(
      ...given.map((each): Jcal | undefined => {
        if (!isStoredPhoto(each)) return each;
        return picture && [each[0], each[1], picture[2], picture[3]];
      }),
    );
  },
  // Kept parts never say what picture it is.
  equal: () => false,
};

const inlineData = /^data:([\w.+-]+\/[\w.+-]+)(?:;[^,]*)?;base64,(.+)$/s;

/** Bytes that are whole: a picture that was cut off on its way is no more than a text. */
function isStorable(property: Jcal): boolean {
  const base64 = inlineData.exec(textValue(property))?.[2];
  return base64 !== undefined && Buffer.from(base64, 'base64').toString('base64') === base64;
}

/** Stands in kept parts for the bytes that the mailbox has. */
const storedPhoto = 'data:,stored';

function isStoredPhoto(property: Jcal): boolean {
  return property[3] === storedPhoto;
}

function bytesOf(
  photo: Part | NewPart,
  context: RenderContext,
): { contentType: string; base64: string } | undefined {
  return isNewPart(photo) ? photo : context.photos?.get(photo.id);
}
