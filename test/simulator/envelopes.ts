// Judges whole SOAP envelopes by the EWS schema with libxml2, where the schema folder is found: EXDAV_SPEC, else
// shared/ews-spec beside the repository. Elsewhere it counts nothing and says so.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { countJudged, type EnvelopeFailure, noteInvalid } from '../judged.ts';
import { XmlDocument, XmlValidateError, XsdValidator } from 'libxml2-wasm';
import { xmlRegisterFsInputProviders } from 'libxml2-wasm/lib/nodejs.mjs';

export interface EnvelopeCheck {
  /** Whether there is a schema; without one nothing is counted. */
  readonly isJudging: boolean;
  /** One line for people. */
  readonly note: string;
  check(direction: 'request' | 'answer', xml: string): void;
  /** Complaints about one envelope, counted nowhere; empty when it is valid or nobody judges. */
  complaintsAbout(xml: string): readonly string[];
  readonly count: number;
  readonly failures: readonly EnvelopeFailure[];
}

/** The folder with schema/ and examples/, where there is one. */
export const specFolder: string | undefined = findSpecFolder();

export function openEnvelopeCheck(): EnvelopeCheck {
  const folder = specFolder;
  const failures: EnvelopeFailure[] = [];
  const counted = { count: 0 };
  return {
    isJudging: folder !== undefined,
    note:
      folder === undefined
        ? 'envelopes are not checked: no EWS schema found (set EXDAV_SPEC)'
        : `envelopes are checked against ${join(folder, 'schema')}`,
    check(direction, xml) {
      if (folder === undefined) return;
      counted.count += 1;
      countJudged();
      const complaints = judge(xml, folder);
      if (complaints.length > 0) failures.push({ direction, complaints, xml });
    },
    complaintsAbout: (xml) => (folder === undefined ? [] : judge(xml, folder)),
    get count() {
      return counted.count;
    },
    failures,
  };
}

/** For a simulator that only our own code talks to: one invalid envelope fails the test file (test/setup.ts). */
export function judgeEnvelope(direction: 'request' | 'answer', xml: string): void {
  if (specFolder === undefined) return;
  countJudged();
  const complaints = judge(xml, specFolder);
  if (complaints.length > 0) noteInvalid({ direction, complaints, xml });
}

function findSpecFolder(): string | undefined {
  const root = resolve(dirname(new URL(import.meta.url).pathname), '../..');
  const named = process.env['EXDAV_SPEC'];
  const places =
    named === undefined ? [resolve(root, '../shared/ews-spec')] : [resolve(root, named), resolve(named)];
  return places.find((place) => existsSync(join(place, 'schema/soap-ews.xsd')));
}

const kept: { validator?: XsdValidator } = {};

function validatorOf(folder: string): XsdValidator {
  if (kept.validator !== undefined) return kept.validator;
  xmlRegisterFsInputProviders();
  const path = join(folder, 'schema/soap-ews.xsd');
  const schema = XmlDocument.fromBuffer(readFileSync(path), { url: pathToFileURL(path).href });
  kept.validator = XsdValidator.fromDoc(schema);
  schema.dispose();
  return kept.validator;
}

// Where every real server departs from the schema: many TimeZoneDefinition where it allows one, and m:Notification
// where it says t:Notification.
const realServersDo = [
  /TimeZoneDefinition': This element is not expected\./,
  /\/messages}Notification': This element is not expected\. Expected is \( {[^}]*\/types}Notification \)/,
];

function judge(xml: string, folder: string): readonly string[] {
  const validator = validatorOf(folder);
  let document: XmlDocument | undefined;
  try {
    document = XmlDocument.fromString(xml);
    validator.validate(document);
    return [];
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const complaints =
      error instanceof XmlValidateError
        ? error.details.map(({ message }) => message.trim())
        : [error.message];
    const real = complaints.filter((complaint) => !realServersDo.some((known) => known.test(complaint)));
    return real;
  } finally {
    document?.dispose();
  }
}
