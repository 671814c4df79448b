import path from 'node:path';
import { execa } from 'execa';
import { readLayers, templatesFolder } from './template-folders.ts';
import { writeTemplateProjects } from './template-projects.ts';

/** Type-checks templates where they lie: `node scripts/typecheck-templates.ts [FOLDER]`. */
const templates = path.resolve(process.argv[2] ?? templatesFolder);
const projects = writeTemplateProjects(templates);
const { errors, times } = await compile();
const files = readLayers(templates).flatMap(({ name, files }) =>
  Object.keys(files).flatMap((file) => (file.endsWith('.ts') ? { layer: name, file } : [])),
);
const faults = [...files.flatMap((file) => misplacementOf(file) ?? []), ...errors];
console.log(
  faults.join('\n') || `${files.length} template files fit in ${projects.length} combinations`,
);
process.exitCode = faults.length === 0 ? 0 : 1;

/** What the compiler finds, once however many combinations have it; and how many compile each file. */
async function compile(): Promise<{ errors: readonly string[]; times: Map<string, number> }> {
  const { all, failed } = await execa(
    'tsc',
    // One checker a project, because projects are checked side by side: together they do less.
    ['-b', templates, '--checkers', '1', '--pretty', 'false', '--listFiles'],
    { preferLocal: true, localDir: import.meta.dirname, reject: false, all: true },
  );
  const found = new Set<string>();
  const times = new Map<string, number>();
  // What belongs to an error follows it in lines that are indented.
  for (const entry of all.split(/\n(?=\S)/)) {
    if (!path.isAbsolute(entry)) found.add(entry);
    const file = path.relative(templates, entry).replaceAll('\\', '/');
    times.set(file, (times.get(file) ?? 0) + 1);
  }
  if (failed && found.size === 0) found.add('The compiler failed without a reason.');
  return { errors: [...found], times };
}

/** Says when a file is not compiled in just those combinations that emit it, and why. */
function misplacementOf({ layer, file }: { layer: string; file: string }): string | undefined {
  const emitting = projects.filter(({ files }) => files.get(file) === layer);
  const compiled = times.get(`${layer}/${file}`) ?? 0;
  if (compiled === emitting.length && compiled > 0) return undefined;
  const shown = path.join(path.relative('', templates), layer, file);
  if (emitting.length === 0) return `${shown}: no combination of choices emits this file.`;
  if (compiled < emitting.length) return `${shown}: the compiler does not see this file.`;
  const narrower = projects
    .filter(({ replaced }) => replaced.includes(`${layer}/${file}`))
    .map(({ files }) => files.get(file));
  return (
    `${shown}: a file of the same layer imports this one, also where ${[...new Set(narrower)].join(' or ')} ` +
    'replaces it. Move it to a layer of its own, so that an import takes what is emitted ' +
    '(docs/architecture.md, Layers).'
  );
}
