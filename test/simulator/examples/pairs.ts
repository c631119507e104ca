// The published requests for operations that the simulator knows, with the answers recorded beside them.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { operations } from '../../../simulator/operations/index.ts';
import { answerLimits, childOf, childrenOf, parseXml, type XmlElement } from '../../../src/xml/index.ts';
import { specFolder } from '../envelopes.ts';

export interface Pair {
  /** Operation and number, as in `examples/`: "GetItem 05". */
  readonly name: string;
  readonly operation: string;
  /** From a real server, not from documentation. */
  readonly isReal: boolean;
  readonly header: XmlElement | undefined;
  readonly request: XmlElement;
  /** What stands in the body of the answer, where one is recorded. */
  readonly response: XmlElement | undefined;
}

export function readPairs(): readonly Pair[] {
  const root = join(specFolder ?? '', 'examples');
  const kinds = kindsIn(join(root, 'INDEX.md'));
  return Object.keys(operations)
    .filter((operation) => existsSync(join(root, operation)))
    .flatMap((operation) =>
      readdirSync(join(root, operation))
        .filter((file) => file.endsWith('-request.xml'))
        .map((file): Pair | undefined => {
          const path = join(root, operation, file);
          const envelope = readEnvelope(path);
          const request = bodyOf(envelope);
          if (request === undefined) return undefined;
          const answer = path.replace('-request', '-response');
          return {
            name: `${operation} ${file.slice(0, 2)}`,
            operation,
            isReal: kinds.get(`${operation} ${file}`) === 'real',
            header: childOf(envelope, 'Header'),
            request,
            response: existsSync(answer) ? bodyOf(readEnvelope(answer)) : undefined,
          };
        })
        .filter((pair) => pair !== undefined),
    );
}

function readEnvelope(path: string): XmlElement | undefined {
  try {
    return parseXml(readFileSync(path, 'utf8'), answerLimits);
  } catch {
    return undefined;
  }
}

function bodyOf(envelope: XmlElement | undefined): XmlElement | undefined {
  const body = childOf(envelope, 'Body');
  return body === undefined ? undefined : childrenOf(body)[0];
}

/** "GetItem 05-request.xml" → real, doc, test, tool. */
function kindsIn(index: string): ReadonlyMap<string, string> {
  const rows = readFileSync(index, 'utf8')
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()));
  return new Map(rows.map(([, operation = '', file = '', kind = '']) => [`${operation} ${file}`, kind]));
}
