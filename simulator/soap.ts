// SOAP 1.1 envelopes as Exchange SE writes and reads them (BEHAVIOUR §1, §2).
import {
  childOf,
  childrenOf,
  escapeText,
  Markup,
  parseXml,
  textOf,
  xml,
  XmlError,
  type XmlElement,
  type XmlLimits,
} from '../src/xml/index.ts';
import { CalendarRefusal, parseZone, type SimZone } from './calendar/index.ts';
import { EwsFault } from './errors.ts';
import { timeFormat, type TimeFormat } from './fields/times.ts';
import { validateRequest } from './schema/index.ts';

const soapNs = 'http://schemas.xmlsoap.org/soap/envelope/';
const typesNs = 'http://schemas.microsoft.com/exchange/services/2006/types';
const errorsNs = 'http://schemas.microsoft.com/exchange/services/2006/errors';
const declaration = '<?xml version="1.0" encoding="utf-8"?>';

/** maxRequestLength of Exchange: 64 MB. */
export const maxRequestBytes = 64 * 1024 * 1024;

const limits: XmlLimits = {
  maxDepth: 100,
  maxElements: 500_000,
  maxLength: maxRequestBytes,
  mendCharacters: false,
};

/** Exchange SE RTM. */
const serverVersion =
  '<h:ServerVersionInfo MajorVersion="15" MinorVersion="2" MajorBuildNumber="2562" MinorBuildNumber="17" Version="V2017_07_11" xmlns:h="http://schemas.microsoft.com/exchange/services/2006/types"/>';

export function renderEnvelope(response: string): string {
  return `${declaration}<s:Envelope xmlns:s="${soapNs}"><s:Header>${serverVersion}</s:Header><s:Body>${response}</s:Body></s:Envelope>`;
}

/** Faults carry no ServerVersionInfo. */
export function renderFault(fault: EwsFault): string {
  const detail =
    fault.detail === undefined ? '' : `<t:MessageXml xmlns:t="${typesNs}">${fault.detail.xml}</t:MessageXml>`;
  const header =
    fault.code === 'ErrorSchemaValidation'
      ? '<s:Header><Action s:mustUnderstand="1" xmlns="http://schemas.microsoft.com/ws/2005/05/addressing/none">*</Action></s:Header>'
      : '';
  return (
    `${declaration}<s:Envelope xmlns:s="${soapNs}">${header}<s:Body><s:Fault>` +
    `<faultcode xmlns:a="${typesNs}">a:${fault.code}</faultcode>` +
    `<faultstring xml:lang="en-US">${escapeText(fault.faultString)}</faultstring><detail>` +
    `<e:ResponseCode xmlns:e="${errorsNs}">${fault.code}</e:ResponseCode>` +
    `<e:Message xmlns:e="${errorsNs}">${escapeText(fault.message)}</e:Message>${detail}` +
    '</detail></s:Fault></s:Body></s:Envelope>'
  );
}

export interface Request {
  readonly operation: string;
  readonly element: XmlElement;
  /** Undefined: the client named none. */
  readonly version: string | undefined;
  readonly zone: SimZone | undefined;
  readonly time: TimeFormat;
  /** The ExchangeImpersonation header. */
  readonly impersonation: XmlElement | undefined;
}

/** @throws EwsFault ErrorSchemaValidation … */
export function parseRequest(text: string): Request {
  const envelope = parseEnvelope(text);
  const header = childOf(envelope, 'Header', soapNs);
  const [element] = childrenOf(childOf(envelope, 'Body', soapNs) ?? envelope);
  if (element === undefined) throw schemaFault("The element 'Body' has incomplete content.");
  for (const block of header === undefined ? [] : childrenOf(header)) {
    if (block.ns === typesNs) demandValidBlock(block);
  }
  demandValid(element);
  const zone = parseContextZone(childOf(header, 'TimeZoneContext', typesNs));
  const precision = textOf(childOf(header, 'DateTimePrecision', typesNs)).trim();
  return {
    // Only GetUserAvailabilityRequest has a name of its own.
    operation: element.name.replace(/Request$/, ''),
    element,
    version: childOf(header, 'RequestServerVersion', typesNs)?.attrs['Version'],
    zone,
    time: timeFormat(zone, precision === 'Milliseconds'),
    impersonation: childOf(header, 'ExchangeImpersonation', typesNs),
  };
}

function parseEnvelope(text: string): XmlElement {
  try {
    const envelope = parseXml(text, limits);
    if (envelope.name !== 'Envelope' || envelope.ns !== soapNs)
      throw schemaFault(`Could not find schema information for the element '${envelope.name}'.`);
    if (childOf(envelope, 'Body', soapNs) === undefined)
      throw schemaFault("The element 'Envelope' has incomplete content.");
    return envelope;
  } catch (error) {
    if (error instanceof XmlError) throw schemaFault(error.message);
    throw error;
  }
}

function demandValid(element: XmlElement): void {
  const found = validateRequest(element);
  if (found !== undefined) throw schemaFault(found.violation);
}

/** A version that the server does not know: clients step down on it (BEHAVIOUR §2). */
function demandValidBlock(block: XmlElement): void {
  if (block.name === 'RequestServerVersion' && validateRequest(block) !== undefined)
    throw new EwsFault('ErrorInvalidServerVersion');
  demandValid(block);
}

function schemaFault(violation: string): EwsFault {
  return new EwsFault('ErrorSchemaValidation', {
    faultString: `The request failed schema validation: ${violation}`,
    // Saxes gives no position for elements; a captured fault of a real server has 0 here too.
    detail: new Markup(
      ['LineNumber', 'LinePosition'].map((name) => xml(`t:${name}`, {}, 0).xml).join('') +
        xml('t:Violation', {}, violation).xml,
    ),
  });
}

function parseContextZone(element: XmlElement | undefined): SimZone | undefined {
  const definition = childOf(element, 'TimeZoneDefinition');
  if (definition === undefined) return undefined;
  try {
    return parseZone(definition);
  } catch (error) {
    if (error instanceof CalendarRefusal) throw new EwsFault(error.code, { text: error.message });
    throw error;
  }
}
