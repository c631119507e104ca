// Rooms and arrows (DESIGN §2): imports point one way, across rooms only through index.ts or a named file of model and xml.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');

const everything = [
  'model',
  'xml',
  'translate',
  'ews-backend',
  'collections',
  'dav-handlers',
  'dav-remote',
  'mirror',
  'store',
  'auth',
  'server',
];
const arrows: Record<string, readonly string[]> = {
  model: [],
  xml: [],
  translate: ['model'],
  store: ['model'],
  auth: ['model'],
  'ews-backend': ['model', 'xml'],
  'dav-remote': ['model', 'xml'],
  collections: ['model', 'translate'],
  'dav-handlers': ['model', 'xml', 'collections'],
  mirror: ['model', 'translate'],
  server: everything,
  simulator: ['xml'],
};
/** One file that may reach further, with what it may reach: the demo command composes simulator and gateway. */
const exceptions: Record<string, string> = {
  'src/server/commands/demo.ts': 'simulator',
  'src/server/commands/simulator.ts': 'simulator',
};

interface Edge {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly target: string;
}

function roomOf(file: string): string {
  const [top = '', next = ''] = relative(root, file).split('/');
  return top === 'src' ? next : top;
}

function edgesBelow(folder: string): Edge[] {
  const edges: Edge[] = [];
  for (const entry of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
    if (!entry.endsWith('.ts')) continue;
    const file = join(root, folder, entry);
    for (const match of readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)) {
      const target = resolve(dirname(file), match[1] ?? '');
      if (roomOf(target) !== roomOf(file)) {
        edges.push({
          file: relative(root, file),
          from: roomOf(file),
          to: roomOf(target),
          target: relative(root, target),
        });
      }
    }
  }
  return edges;
}

const edges = [...edgesBelow('src'), ...edgesBelow('simulator')];

describe('architecture', () => {
  it('sees edges', () => {
    expect(edges.length).toBeGreaterThan(1);
  });

  it('has only the arrows of the table', () => {
    const wrong = edges.filter(
      (edge) => !(arrows[edge.from] ?? []).includes(edge.to) && exceptions[edge.file] !== edge.to,
    );
    expect(wrong).toEqual([]);
  });

  it('crosses rooms through index.ts, or a named file of model and xml', () => {
    const wrong = edges.filter(
      (edge) => !['model', 'xml'].includes(edge.to) && !edge.target.endsWith('/index.ts'),
    );
    expect(wrong).toEqual([]);
  });
});
