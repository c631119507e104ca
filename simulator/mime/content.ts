// item:MimeContent (MS-OXWSCORE_R69, R2012, R2309): every kind of item can be read as text; calendar items alone are
// written by it here.
import type { View } from '../fields/row.ts';
import type { ItemKind } from '../state/index.ts';
import { renderEvent } from './event-text.ts';
import { renderMail } from './mail-text.ts';
import { renderVcard } from './vcard.ts';

const texts = {
  event: (view) => renderEvent(view),
  contact: renderVcard,
  task: (view) => renderMail(view),
  list: (view) => renderMail(view),
  message: (view) => renderMail(view),
  request: (view) => withCalendar(view, 'REQUEST'),
  response: (view) => withCalendar(view, 'REPLY'),
  cancellation: (view) => withCalendar(view, 'CANCEL'),
} satisfies Record<ItemKind, (view: View) => string>;

export function renderMimeContent(view: View): string {
  const text = Buffer.from(texts[view.item.kind](view)).toString('base64');
  return `<t:MimeContent CharacterSet="UTF-8">${text}</t:MimeContent>`;
}

function withCalendar(view: View, method: string): string {
  return renderMail(view, { method, text: renderEvent(view, method) });
}
