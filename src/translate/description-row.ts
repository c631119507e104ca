// DESCRIPTION and its forms in HTML (X-ALT-DESC, STYLED-DESCRIPTION of RFC 9073 §6.5, ALTREP of RFC 5545 §3.2.1) ⇄ one body.
// See docs/decisions/0010-formatted-descriptions.md.
import { paramOf, type Jcal } from './codec.ts';
import { skeletonOf, textOfHtml, tidyOf } from './html-text.ts';
import { propertiesOf, type ParseContext, type Rendered, type Row } from './rows.ts';
import { firstOf, plainText, rendered, withLineFeeds } from './shared-rows.ts';

interface Described {
  readonly description: string;
  readonly formatted?: string;
}

const claims = ['description', 'x-alt-desc', 'styled-description'];

export const descriptionRow: Row<Described> = {
  claims,
  fields: ['description', 'formatted'],
  render: ({ description }) => (description === '' ? [] : rendered(['description', {}, 'text', description])),
  parse(parts, context) {
    const forms = htmlIn(parts);
    const given = withLineFeeds(plainText(firstOf(parts, 'description')));
    const description = given === '' ? textOfHtml(forms[0] ?? '') : given;
    // A form that says something else was left behind by a client that knows only DESCRIPTION.
    const formatted = forms.find((html) => isSaidBy(html, description));
    const held = heldDescription(context);
    if (held !== undefined && isUntouched(held, { description, formatted }, context))
      return { description: held, formatted: undefined };
    return { description, formatted };
  },
  equal: (one, other) => tidyOf(one.description) === tidyOf(other.description),
};

function isSaidBy(html: string, description: string): boolean {
  return skeletonOf(textOfHtml(html)) === skeletonOf(description);
}

function heldDescription({ present }: ParseContext): string | undefined {
  return present?.kind === 'event' || present?.kind === 'task' ? present.description : undefined;
}

/** Shown as text and not touched, the body stays what it is, also HTML. */
function isUntouched(held: string, said: Described, { isJudging, keptRows = [] }: ParseContext): boolean {
  const { description, formatted } = said;
  if (formatted === undefined) return tidyOf(held) === tidyOf(description);
  const isSame = tidyOf(held) === tidyOf(description) || skeletonOf(held) === skeletonOf(description);
  const known = keptRows.flatMap((rows) => htmlIn(rows['description'] ?? []));
  return isSame && (isJudging === true || known.includes(formatted));
}

/** Every form in HTML, in the order of the text. */
function htmlIn(parts: readonly Rendered[]): readonly string[] {
  return propertiesOf(parts).flatMap((property) => {
    if (property[0] === 'description') return dataOf(paramOf(property, 'altrep') ?? '');
    return paramOf(property, 'fmttype')?.toLowerCase().startsWith('text/html') ? htmlOf(property) : [];
  });
}

function htmlOf(property: Jcal): readonly string[] {
  const text = property[2] === 'uri' ? dataOf(String(property[3])) : [plainText(property)];
  return text.filter((html) => html.trim() !== '');
}

/** RFC 2397, as Thunderbird writes it: percent-encoded or base64. */
function dataOf(uri: string): readonly string[] {
  const [, coding, data = ''] = /^data:text\/html(?:;charset=[\w-]+)?(;base64)?,(.*)$/is.exec(uri) ?? [];
  if (data === '') return [];
  if (coding !== undefined) return [Buffer.from(data, 'base64').toString()];
  try {
    return [decodeURIComponent(data)];
  } catch {
    return [];
  }
}
