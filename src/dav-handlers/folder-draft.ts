// What PROPPATCH, MKCALENDAR and extended MKCOL do to a folder, decided before anything is written (RFC 4918 §9.2).
import type { FolderKind, FolderProperties } from '../model/backend.ts';
import { DavError, precondition } from '../model/failure.ts';
import { childrenOf as elementsOf, clarkOf, type XmlElement } from '../xml/index.ts';
import { childElement } from './elements.ts';
import { problemOf, type Problem } from './errors.ts';
import { dav, element } from './names.ts';
import type { PropStat } from './multistatus.ts';
import { withDead } from './properties/dead.ts';
import { rowOf } from './properties/rows.ts';

export interface FolderDraft {
  readonly kind: FolderKind;
  readonly displayName: string;
  readonly properties: FolderProperties;
}

/** Without an element: remove the property. */
export interface Instruction {
  readonly name: string;
  readonly element?: XmlElement;
}

export interface Verdict {
  readonly name: string;
  /** Absent: it can be done. */
  readonly problem?: Problem;
}

/** DAV:set and DAV:remove in document order; the root is propertyupdate, mkcalendar or mkcol. */
export function parseInstructions(root: XmlElement): readonly Instruction[] {
  return elementsOf(root).flatMap((block) => {
    const verb = clarkOf(block);
    if (verb !== dav('set') && verb !== dav('remove')) return [];
    const prop = childElement(block, dav('prop'));
    if (prop === undefined) throw new DavError(400, 'DAV:set and DAV:remove need a DAV:prop');
    return elementsOf(prop).map((each) =>
      verb === dav('set')
        ? { name: clarkOf(each), element: withLanguage(each, prop.attrs[language]) }
        : { name: clarkOf(each) },
    );
  });
}

export function applyInstructions(
  draft: FolderDraft,
  instructions: readonly Instruction[],
): { readonly draft: FolderDraft; readonly verdicts: readonly Verdict[] } {
  let next = draft;
  const verdicts: Verdict[] = [];
  for (const instruction of instructions) {
    const result = applyInstruction(next, instruction);
    if (result instanceof DavError) verdicts.push({ name: instruction.name, problem: problemOf(result) });
    else {
      next = result;
      verdicts.push({ name: instruction.name });
    }
  }
  return { draft: next, verdicts };
}

export function isRefused(verdicts: readonly Verdict[]): boolean {
  return verdicts.some((verdict) => verdict.problem !== undefined);
}

/** RFC 4918 §9.2: when one property fails, the others fail with it, as 424. */
export function propstatsOfVerdicts(verdicts: readonly Verdict[]): readonly PropStat[] {
  const good = [...new Set(verdicts.filter((each) => each.problem === undefined).map((each) => each.name))];
  const bad = verdicts.flatMap(({ name, problem }) =>
    problem === undefined
      ? []
      : [
          {
            status: problem.status,
            props: [element(name)],
            condition: problem.condition,
            message: problem.message,
          },
        ],
  );
  const rest =
    good.length === 0
      ? []
      : [{ status: bad.length === 0 ? 200 : 424, props: good.map((name) => element(name)) }];
  return [...rest, ...bad];
}

function applyInstruction(draft: FolderDraft, instruction: Instruction): FolderDraft | DavError {
  const row = rowOf(instruction.name);
  if (row !== undefined && (row.kinds === undefined || row.kinds.includes(draft.kind))) {
    if (row.write !== undefined) return row.write(draft, instruction.element);
    return new DavError(403, 'this property is kept by the server', {
      precondition: precondition.cannotModifyProtected,
    });
  }
  return withDead(draft, instruction.name, instruction.element);
}

const language = '{http://www.w3.org/XML/1998/namespace}lang';

/** RFC 4918 §4.3: the language in scope belongs to the value. */
function withLanguage(value: XmlElement, inherited: string | undefined): XmlElement {
  if (inherited === undefined || value.attrs[language] !== undefined) return value;
  return { ...value, attrs: { ...value.attrs, [language]: inherited } };
}
