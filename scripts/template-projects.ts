import path from 'node:path';
import fs from 'fs-extra';
import { conditionsOf } from '../src/answers/choices.ts';
import { parseAnswers } from '../src/answers/parse.ts';
import type { Layer } from '../src/plan/layers.ts';
import type { PlanContext, PlannedFile } from '../src/plan/plan.ts';
import { planService } from '../src/plan/service/service-plan.ts';
import { configSource } from '../src/plan/source/config.ts';
import { serviceSource } from '../src/plan/source/service.ts';
import { standInsSource } from '../src/plan/source/stand-ins.ts';
import { allCombinations, type Combination, covering } from './combinations.ts';
import { sampleClient } from './sample-client.ts';
import { readCatalogue, readLayers } from './template-folders.ts';

/** The templates of one combination of choices, as the compiler and editors see them. */
export interface TemplateProject {
  /** The chosen values, such as `both-postgres-kafka`. */
  readonly name: string;
  /** Names of its layers in the order of laying. */
  readonly layers: readonly string[];
  /** Path of each emitted TypeScript file → the layer that it comes from. */
  readonly files: ReadonlyMap<string, string>;
  /** What other layers replace, as `layer/path`. */
  readonly replaced: readonly string[];
  /** Files that the engine makes of all layers, as templates import them. */
  readonly merged: readonly PlannedFile[];
  /** Its files, and every two values that meet in it. */
  readonly covers: readonly string[];
}

/**
 * Writes what makes templates ordinary TypeScript where they lie: `tsconfig.json`, in which editors
 * find the project of a file, and one project a combination in `.projects/`. A project's `rootDirs`
 * are its layers, narrower ones first, so that the compiler takes them for the one folder that is
 * emitted; beside its configuration lie the files that the engine merges. Returns the
 * projects: as few combinations as have every file, and every two values that can be chosen together.
 */
export function writeTemplateProjects(templates: string): readonly TemplateProject[] {
  const projects = covering(allProjects(templates));
  const folder = path.join(templates, '.projects');
  fs.emptyDirSync(folder);
  const packages = Object.keys(readCatalogue(templates).listedOnly);
  fs.outputFileSync(path.join(folder, 'not-installed.d.ts'), declarationsOf(packages));
  for (const project of projects) {
    for (const file of project.merged)
      fs.outputFileSync(path.join(folder, project.name, file.path), file.contents);
    for (const file of project.layers.includes('add-client') ? sampleClient() : [])
      fs.outputFileSync(path.join(folder, project.name, file.path), file.contents);
    fs.outputJsonSync(path.join(folder, project.name, 'tsconfig.json'), configurationOf(project), {
      spaces: 2,
    });
  }
  const references = projects.map(({ name }) => ({ path: `.projects/${name}` }));
  fs.writeJsonSync(path.join(templates, 'tsconfig.json'), { files: [], references }, { spaces: 2 });
  return projects;
}

function configurationOf({ layers, replaced }: TemplateProject): object {
  const folders = layers.map((layer) => `../../${layer}`);
  return {
    extends: '../../service/tsconfig.json.template',
    compilerOptions: { rootDirs: [...folders.toReversed(), '.'] },
    files: ['../not-installed.d.ts'],
    include: [...folders, '.'],
    exclude: replaced.map((file) => `../../${file}`),
  };
}

/** Types of packages that are in the catalogue and not installed: whatever is imported is `any`. */
function declarationsOf(packages: readonly string[]): string {
  return packages
    .map((name) => `declare module '${name}';\ndeclare module '${name}/*';\n`)
    .join('');
}

function allProjects(templates: string): TemplateProject[] {
  const layers = new Map(readLayers(templates).map((layer) => [layer.name, layer]));
  const { installed, listedOnly } = readCatalogue(templates);
  const catalogue = { ...installed, ...listedOnly };
  return allCombinations().flatMap((chosen) => {
    const laid: Layer[] = [];
    const read = (name: string): Layer => {
      const layer = layers.get(name);
      if (layer === undefined) throw new Error(`There is no layer ${name}`);
      laid.push(layer);
      return layer;
    };
    const { answers } = parseAnswers({ name: 'orders', ...chosen });
    const context: PlanContext = {
      packageManager: 'npm',
      bundleNode: false,
      generatorVersion: '0.0.0',
    };
    const plan = planService(answers, context, { names: [...layers.keys()], catalogue, read });
    const text = (file: string) =>
      plan.files.find((planned) => planned.path === file)?.contents ?? '';
    // What `add` records there when a contract is added.
    const contract = {
      event: 'payments.payment-received.v1',
      publisher: '../payments',
      schema: '',
    };
    const manifest = JSON.parse(text('service.json'));
    const service = (added: readonly Layer[]): PlannedFile[] => {
      const compositions = [...laid, ...added].flatMap(
        ({ fragment }) => fragment.composition ?? [],
      );
      const known = added.length > 0 ? { ...manifest, contracts: [contract] } : manifest;
      return [
        { path: 'service.json', contents: JSON.stringify(known) },
        { path: 'src/service.ts', contents: serviceSource(compositions) },
        { path: 'src/config.ts', contents: configSource(compositions) },
        { path: 'development/stand-ins.ts', contents: standInsSource(compositions) },
        { path: 'src/service-info.ts', contents: text('src/service-info.ts') },
      ];
    };
    return additionsTo(chosen, [...layers.values()]).map((added) =>
      projectOf(chosen, [...laid, ...added], service(added)),
    );
  });
}

/**
 * What `create-service add` may lay into a service of that combination, as sets of layers that have no
 * file in common: each such layer is in one.
 */
function additionsTo(chosen: Combination, layers: readonly Layer[]): readonly (readonly Layer[])[] {
  const conditions = conditionsOf(chosen);
  const additions = layers.filter(
    (layer) => isAddition(layer) && conditions.has(layer.fragment.addedTo ?? 'style-async'),
  );
  if (additions.length === 0) return [[]];
  return additions.map((first) => {
    const set = [first];
    for (const layer of additions)
      if (!set.some((other) => shareFile(layer, other))) set.push(layer);
    return set;
  });
}

function shareFile(one: Layer, other: Layer): boolean {
  return Object.keys(one.files).some((file) => file in other.files);
}

function isAddition({ name }: Layer): boolean {
  return name.startsWith('add-');
}

function projectOf(
  chosen: Combination,
  laid: readonly Layer[],
  merged: readonly PlannedFile[],
): TemplateProject {
  const files = new Map<string, string>();
  const replaced: string[] = [];
  for (const layer of laid) {
    for (const file of Object.keys(layer.files).filter((name) => name.endsWith('.ts'))) {
      const wider = files.get(file);
      if (wider !== undefined) replaced.push(`${wider}/${file}`);
      files.set(file, layer.name);
    }
  }
  const values = Object.entries(chosen).map(([key, value]) => `${key}=${value}`);
  return {
    name: [...Object.values(chosen), ...laid.filter(isAddition).map(({ name }) => name)].join('-'),
    layers: laid.map(({ name }) => name),
    files,
    replaced,
    merged,
    covers: [
      ...[...files].map(([file, layer]) => `${layer}/${file}`),
      ...values.flatMap((one) => values.map((other) => `${one} ${other}`)),
    ],
  };
}
