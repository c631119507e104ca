// Response messages ([MS-OXWSCDATA] 2.2.4.12 m:ArrayOfResponseMessagesType; BEHAVIOUR §1): one for each thing asked,
// in request order; one that fails does not stop the others.
import { escapeText } from '../src/xml/index.ts';
import { CalendarRefusal } from './calendar/index.ts';
import type { Context } from './context.ts';
import { EwsError } from './errors.ts';

const namespaces =
  'xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages" xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types"';

/** `<m:GetItemResponse>` of its messages. */
export function respond(operation: string, messages: readonly string[]): string {
  return respondBare(operation, `<m:ResponseMessages>${messages.join('')}</m:ResponseMessages>`);
}

export function respondBare(operation: string, content: string): string {
  return `<m:${operation}Response ${namespaces}>${content}</m:${operation}Response>`;
}

/** An answer that is one message itself: `<m:GetRoomsResponse ResponseClass="Success">`. */
export function respondAlone(context: Context, answer: () => string, emptyPayload = ''): string {
  const whole = (responseClass: string, content: string): string =>
    `<m:${context.operation}Response ResponseClass="${responseClass}" ${namespaces}>${content}</m:${context.operation}Response>`;
  try {
    const busy = context.faults.messageError(context.operation);
    if (busy !== undefined) throw busy;
    return whole('Success', `<m:ResponseCode>NoError</m:ResponseCode>${answer()}`);
  } catch (error) {
    return whole('Error', problem(refusalOf(error)) + emptyPayload);
  }
}

export function success(context: Context, payload: string): string {
  return message(context.operation, 'Success', `<m:ResponseCode>NoError</m:ResponseCode>${payload}`);
}

export function warning(context: Context, error: EwsError, payload: string): string {
  return message(context.operation, 'Warning', problem(error) + payload);
}

export function failure(context: Context, error: EwsError, payload: string): string {
  return message(context.operation, 'Error', problem(error) + payload);
}

/** Contents of a message that went wrong. */
export function problem(error: EwsError): string {
  const detail = error.detail === undefined ? '' : `<m:MessageXml>${error.detail.xml}</m:MessageXml>`;
  return `<m:MessageText>${escapeText(error.message)}</m:MessageText><m:ResponseCode>${error.code}</m:ResponseCode><m:DescriptiveLinkKey>0</m:DescriptiveLinkKey>${detail}`;
}

/** One message for each thing; a refusal becomes its Error message with `emptyPayload`. */
export function forEach<T>(
  context: Context,
  things: readonly T[],
  how: { readonly emptyPayload: string; readonly answer: (thing: T) => string },
): string {
  const messages = things.map((thing) => {
    try {
      const busy = context.faults.messageError(context.operation);
      if (busy !== undefined) throw busy;
      return success(context, how.answer(thing));
    } catch (error) {
      return failure(context, refusalOf(error), how.emptyPayload);
    }
  });
  return respond(context.operation, messages);
}

/** Anything but a refusal is a bug of the simulator and is thrown on. */
export function refusalOf(error: unknown): EwsError {
  if (error instanceof EwsError) return error;
  if (error instanceof CalendarRefusal) return new EwsError(error.code, error.message);
  throw error;
}

function message(operation: string, responseClass: string, content: string): string {
  const name = `m:${operation}ResponseMessage`;
  return `<${name} ResponseClass="${responseClass}">${content}</${name}>`;
}
