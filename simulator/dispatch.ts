// From a parsed request to its operation: versions, faults that are switched on, and what is not simulated.
import { xml } from '../src/xml/index.ts';
import type { Context } from './context.ts';
import { EwsFault } from './errors.ts';
import { withSmtpAddresses } from './ex-addresses.ts';
import { operations } from './operations/index.ts';
import type { Stream } from './operations/operation.ts';
import type { Request } from './soap.ts';

/** Operations that came with a version; a request without RequestServerVersion is one of 2007 (BEHAVIOUR §2). */
const since: Readonly<Record<string, string>> = {
  ConvertId: 'Exchange2007_SP1',
  FindPeople: 'Exchange2013',
  GetDelegate: 'Exchange2007_SP1',
  AddDelegate: 'Exchange2007_SP1',
  UpdateDelegate: 'Exchange2007_SP1',
  RemoveDelegate: 'Exchange2007_SP1',
  GetMailTips: 'Exchange2010',
  GetRoomLists: 'Exchange2010',
  GetRooms: 'Exchange2010',
  GetServerTimeZones: 'Exchange2010',
  GetServiceConfiguration: 'Exchange2010',
  GetStreamingEvents: 'Exchange2010_SP1',
  GetUserConfiguration: 'Exchange2010',
  CreateUserConfiguration: 'Exchange2010',
  UpdateUserConfiguration: 'Exchange2010',
  DeleteUserConfiguration: 'Exchange2010',
  GetUserPhoto: 'Exchange2013',
};

const versions = [
  'Exchange2007',
  'Exchange2007_SP1',
  'Exchange2009',
  'Exchange2010',
  'Exchange2010_SP1',
  'Exchange2010_SP2',
  'Exchange2013',
];

/** @throws EwsFault when the whole request is refused */
export function dispatch(request: Request, context: Context): string | Stream {
  const busy = context.faults.take('busy-fault', request.operation);
  if (busy !== undefined)
    throw new EwsFault('ErrorServerBusy', {
      text: 'The server cannot service this request right now. Try again later.',
      detail: xml('t:Value', { Name: 'BackOffMilliseconds' }, busy.backOffMs),
    });
  const operation = operations[request.operation];
  if (operation === undefined)
    throw new EwsFault('ErrorInvalidOperation', {
      text: `The operation ${request.operation} is not simulated.`,
    });
  demandVersion(request);
  return operation(withSmtpAddresses(context.world, request.element), context);
}

function demandVersion(request: Request): void {
  const needed = since[request.operation];
  if (needed === undefined) return;
  const given = versions.indexOf(request.version ?? 'Exchange2007');
  // Versions that are not listed are newer.
  if (given >= 0 && given < versions.indexOf(needed)) throw new EwsFault('ErrorIncorrectSchemaVersion');
}
