// Response shapes: ids and what is named, nothing else (BEHAVIOUR §4).
import { xml, type Markup } from '../../xml/index.ts';

export type Shape = readonly Markup[];

/** `text`: bodies as plain text; the stored form may be HTML. */
export function renderItemShape(shape: Shape, body?: 'text'): Markup {
  const [base, ...more] = contents(shape);
  return xml(
    'm:ItemShape',
    {},
    base,
    body === undefined ? undefined : xml('t:BodyType', {}, 'Text'),
    ...more,
  );
}

export function renderFolderShape(shape: Shape): Markup {
  return xml('m:FolderShape', {}, ...contents(shape));
}

function contents(shape: Shape): readonly Markup[] {
  const base = xml('t:BaseShape', {}, 'IdOnly');
  return shape.length === 0 ? [base] : [base, xml('t:AdditionalProperties', {}, ...shape)];
}

export function field(uri: string): Markup {
  return xml('t:FieldURI', { FieldURI: uri });
}
