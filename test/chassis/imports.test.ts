import fs from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../support/cli.ts';

type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/** Which files of some folders import which others of them, types included. */
async function importsIn(...folders: readonly string[]): Promise<Graph> {
  const found = folders.map(async (folder) => {
    const names = await fs.readdir(path.join(packageRoot, folder), { recursive: true });
    return names.map((name) => path.join(folder, name));
  });
  const files = (await Promise.all(found))
    .flat()
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'));
  const edges = files.map(async (name) => {
    const text = await fs.readFile(path.join(packageRoot, name), 'utf8');
    const found = text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g);
    const targets = [...found].map(([, to = '']) => path.join(path.dirname(name), to));
    return [name, new Set(targets.filter((to) => files.includes(to)))] as const;
  });
  return new Map(await Promise.all(edges));
}

/** The same between the folders in which the files lie. */
function betweenFolders(files: Graph): Graph {
  const folders = new Map<string, Set<string>>();
  for (const [from, targets] of files) {
    const folder = path.dirname(from);
    const known = folders.get(folder) ?? new Set();
    for (const to of targets) if (path.dirname(to) !== folder) known.add(path.dirname(to));
    folders.set(folder, known);
  }
  return folders;
}

/** The first cycle that is found, as a path that ends where it began. */
function cycleIn(graph: Graph): readonly string[] | undefined {
  const done = new Set<string>();
  const visit = (node: string, trail: readonly string[]): readonly string[] | undefined => {
    if (trail.includes(node)) return [...trail.slice(trail.indexOf(node)), node];
    if (done.has(node)) return undefined;
    for (const next of graph.get(node) ?? []) {
      const cycle = visit(next, [...trail, node]);
      if (cycle !== undefined) return cycle;
    }
    done.add(node);
    return undefined;
  };
  for (const node of graph.keys()) {
    const cycle = visit(node, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

test('a cycle is found', () => {
  const graph = new Map([
    ['a', new Set(['b'])],
    ['b', new Set(['c'])],
    ['c', new Set(['b'])],
  ]);
  expect(cycleIn(graph)).toEqual(['b', 'c', 'b']);
});

test.each([['chassis/src'], ['src', 'generators']])(
  'no file and no folder imports another in a cycle: %s',
  async (...folders) => {
    const files = await importsIn(...folders);
    expect(files.size).toBeGreaterThan(40);
    expect(cycleIn(files)).toBeUndefined();
    expect(cycleIn(betweenFolders(files))).toBeUndefined();
  },
);

test('a part of the chassis imports another only by what that publishes', async () => {
  const files = await importsIn('chassis/src');
  const partOf = (file: string): string => file.split('/').slice(0, 3).join('/');
  const inside = [...files].flatMap(([from, targets]) =>
    [...targets]
      .filter((to) => partOf(to) !== partOf(from) && to !== `${partOf(to)}/index.ts`)
      .map((to) => `${from} imports ${to}`),
  );
  expect(inside).toEqual([]);
});
