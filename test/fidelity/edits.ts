// The two laws of an edit: what a client changes is all that is sent to Exchange, and what Exchange changes is all that a
// client sees changed.
import { compareTexts, type Comparison } from './compare.ts';
import { type Component, lineOf, parseLines, renderComponent } from './content-lines.ts';
import { type Sort, sortOf } from './corpus.ts';
import { type Ews, ewsEdits } from './ews.ts';
import type { Place, Placed } from './place.ts';

interface DavEdit {
  /** The line that takes the place of all with its name. */
  readonly line: string;
  /** Fields that an UpdateItem may name beside the gateway's own tags. */
  readonly sends: readonly string[];
}

const shared: readonly DavEdit[] = [
  { line: 'SUMMARY:Said by the client', sends: ['item:Subject'] },
  { line: 'DESCRIPTION:Told by the client', sends: ['item:Body'] },
  { line: 'CATEGORIES:Client', sends: ['item:Categories'] },
  { line: 'PRIORITY:8', sends: ['item:Importance'] },
  { line: 'CLASS:PRIVATE', sends: ['item:Sensitivity'] },
  { line: 'X-FIDELITY;X-PARAM=1:kept', sends: [] },
];

const davEdits: Readonly<Record<Sort, readonly DavEdit[]>> = {
  events: [
    ...shared,
    { line: 'LOCATION:The client’s room', sends: ['calendar:Location'] },
    { line: 'TRANSP:TRANSPARENT', sends: ['calendar:LegacyFreeBusyStatus'] },
    { line: 'GEO:1.5;2.5', sends: [] },
    { line: 'CONFERENCE;VALUE=URI:https://meet.example.org/', sends: [] },
  ],
  tasks: [
    ...shared,
    { line: 'ESTIMATED-DURATION:PT45M', sends: ['task:TotalWork'] },
    { line: 'LOCATION:The client’s garden', sends: [] },
  ],
  contacts: [
    { line: 'NOTE:Told by the client', sends: ['item:Body'] },
    { line: 'TITLE:The client’s title', sends: ['contacts:JobTitle'] },
    { line: 'NICKNAME:Clio', sends: ['contacts:Nickname'] },
    { line: 'CATEGORIES:Client', sends: ['item:Categories'] },
    { line: 'X-FIDELITY;X-PARAM=1:kept', sends: [] },
  ],
  groups: [
    { line: 'NOTE:Told by the client', sends: ['item:Body'] },
    { line: 'CATEGORIES:Client', sends: ['item:Categories'] },
    { line: 'X-FIDELITY;X-PARAM=1:kept', sends: [] },
  ],
};

/** What is wrong, one line each; empty when both laws hold. */
export async function tryEdits(
  place: Place,
  placed: Placed,
  /** `isInstance`: the item is one of several single ones that are the object. */
  other: { ews: Ews; id: string; isInstance: boolean },
): Promise<string[]> {
  const faults: string[] = [];
  const { name } = placed.object;
  const sort = sortOf(placed.object);
  let text = await place.get(placed);
  for (const edit of davEdits[sort]) {
    const edited = withLine(text, edit.line);
    place.stage.sent.length = 0;
    const answer = await place.putText(placed, edited);
    if (answer.status !== 204) {
      faults.push(`${name}: PUT with ${edit.line}: ${answer.status} ${answer.text}`);
      continue;
    }
    for (const field of fieldsIn(place.stage.sent))
      if (!edit.sends.includes(field)) faults.push(`${name}: PUT with ${edit.line} wrote ${field}`);
    text = await place.get(placed);
    faults.push(
      ...differencesOf(compareTexts(edited, text), []).map(
        (each) => `${name}: PUT with ${edit.line}: ${each}`,
      ),
    );
  }
  for (const edit of ewsEdits[sort]) {
    await other.ews.change(other.id, sort, edit);
    place.stage.advance();
    const shown = await place.get(placed);
    const differences = differencesOf(compareTexts(text, shown), edit.shows).filter(
      // What is changed in one instance alone is shown with it: RECURRENCE-ID is part of the path.
      (each) => !(other.isInstance && / \/VCALENDAR\/VEVENT \d/.test(each)),
    );
    faults.push(...differences.map((each) => `${name}: ${edit.field} by Exchange: ${each}`));
    text = shown;
  }
  return faults;
}

function withLine(text: string, line: string): string {
  const [root] = parseLines(text).roots;
  if (root === undefined) return text;
  const property = lineOf(line);
  const edited = (component: Component): Component => ({
    ...component,
    properties: [...component.properties.filter((each) => each.name !== property.name), property],
  });
  if (root.name === 'VCARD') return renderComponent(edited(root));
  const master =
    root.components.find(
      (each) => isObject(each) && each.properties.every(({ name }) => name !== 'RECURRENCE-ID'),
    ) ?? root.components.find(isObject);
  return renderComponent({
    ...root,
    components: root.components.map((each) => (each === master ? edited(each) : each)),
  });
}

function isObject({ name }: Component): boolean {
  return name === 'VEVENT' || name === 'VTODO';
}

/** Of every write; the gateway's own tags are not told. */
function fieldsIn(sent: readonly string[]): Set<string> {
  const writes = sent.filter((each) => /<m:(?:Update|Create|Delete)(?:Item|Attachment)\b/.test(each));
  return new Set(
    writes.flatMap((each) =>
      each.includes('UpdateItem')
        ? [
            ...each.matchAll(
              /<t:(?:Set|AppendTo|Delete)ItemField><t:(?:Indexed)?FieldURI FieldURI="([^"]+)"/g,
            ),
          ].map((match) => match[1] ?? '')
        : [/<m:(\w+)/.exec(each)?.[1] ?? ''],
    ),
  );
}

function differencesOf({ changed, lost, added }: Comparison, allowed: readonly string[]): string[] {
  return Object.entries({ changed, lost, added }).flatMap(([kind, list]) =>
    list
      .filter((each) => !allowed.includes(each.name))
      .map((each) => `${kind} ${each.path} ${each.sent ?? ''} → ${each.got ?? ''}`.slice(0, 400)),
  );
}
