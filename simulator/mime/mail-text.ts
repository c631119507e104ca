// A message as RFC 5322 text; a meeting message carries its iCalendar text as an alternative (RFC 6047). Tasks and lists
// read as messages too.
import { parseHtml } from '../bodies.ts';
import type { View } from '../fields/row.ts';
import type { Mail } from '../state/index.ts';

export function renderMail(
  view: View,
  calendar?: { readonly method: string; readonly text: string },
): string {
  const { values } = view;
  const { body } = values;
  const own =
    body?.type === 'HTML'
      ? part('text/html', body.text)
      : part('text/plain', body === undefined ? '' : parseHtml(body));
  const boundary = `_000_${view.item.no}_`;
  const content =
    calendar === undefined
      ? own
      : `Content-Type: multipart/alternative; boundary="${boundary}"\r\n\r\n` +
        [own, part('text/calendar', calendar.text, `; method=${calendar.method}`)]
          .map((one) => `--${boundary}\r\n${one}\r\n`)
          .join('') +
        `--${boundary}--\r\n`;
  const headers: readonly (readonly [string, string | undefined])[] = [
    ['From', addresses(values.from === undefined ? undefined : [values.from])],
    ['To', addresses(values.toRecipients)],
    ['CC', addresses(values.ccRecipients)],
    ['Subject', encoded(values.subject)],
    ['Date', new Date(values.dateTimeSent ?? view.item.created).toUTCString().replace('GMT', '+0000')],
    ['Message-ID', values.internetMessageId],
    ['In-Reply-To', values.inReplyTo],
    ['References', values.references],
    ['MIME-Version', '1.0'],
  ];
  const head = headers.flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [`${name}: ${value}\r\n`],
  );
  return head.join('') + content;
}

function part(type: string, text: string, more = ''): string {
  const lines =
    Buffer.from(text)
      .toString('base64')
      .match(/.{1,76}/g) ?? [];
  return `Content-Type: ${type}; charset="utf-8"${more}\r\nContent-Transfer-Encoding: base64\r\n\r\n${lines.join('\r\n')}\r\n`;
}

function addresses(mails: readonly Mail[] | undefined): string | undefined {
  return mails?.map((mail) => `${encoded(mail.name) ?? ''} <${mail.address ?? ''}>`.trim()).join(',\r\n\t');
}

/** RFC 2047 where the text is not plain ASCII. */
function encoded(text: string | undefined): string | undefined {
  const line = text?.replace(/[\r\n]+/g, ' ');
  if (line === undefined || /^[\x20-\x7e]*$/.test(line)) return line;
  return `=?utf-8?B?${Buffer.from(line).toString('base64')}?=`;
}
