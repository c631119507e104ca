// The envelope check itself: valid passes, invalid is kept with its complaint, absent schema counts nothing.
import { expect, test } from 'vitest';
import { openEnvelopeCheck, specFolder } from './envelopes.ts';

const envelope = (body: string): string =>
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages" xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types"><s:Body>${body}</s:Body></s:Envelope>`;

test('envelopes are counted and failures kept, where there is a schema', () => {
  const check = openEnvelopeCheck();
  check.check('request', envelope('<m:GetServerTimeZones/>'));
  check.check('request', envelope('<m:GetServerTimeZones Extra="1"/>'));
  check.check('answer', 'no XML at all');
  if (specFolder === undefined) {
    expect(check.isJudging).toBe(false);
    expect(check.note).toContain('EXDAV_SPEC');
    expect(check.count).toBe(0);
    return;
  }
  expect(check.count).toBe(3);
  expect(check.failures.map(({ direction }) => direction)).toEqual(['request', 'answer']);
  expect(check.failures[0]?.complaints[0]).toContain('Extra');
});
