import path from 'node:path';
import fs from 'fs-extra';
import type { Fragment, Layer } from '../src/plan/layers.ts';

export const templatesFolder = path.resolve(import.meta.dirname, '../templates');

/** Reads every layer, sorted by name: a folder of `templates/` that is neither installed nor generated. */
export function readLayers(templates: string): Layer[] {
  return fs
    .readdirSync(templates, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !/^\.|^node_modules$/.test(entry.name))
    .map(({ name }) => readLayer(path.join(templates, name)))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function readLayer(folder: string): Layer {
  const files: Record<string, string> = {};
  const readme: Record<string, string> = {};
  const operation: Record<string, string> = {};
  let fragment: Fragment = {};
  for (const file of filesIn(folder)) {
    const text = fs.readFileSync(path.join(folder, file), 'utf8');
    if (file === 'layer.json') fragment = JSON.parse(text);
    else if (file.startsWith('readme/')) readme[path.basename(file)] = text;
    else if (file.startsWith('operation/')) operation[path.basename(file)] = text;
    else files[emittedPath(file)] = text;
  }
  return { name: path.basename(folder), fragment, files, readme, operation };
}

/** `dot-x` stands for `.x`; `.template` keeps a tool from obeying a file where it lies. */
function emittedPath(file: string): string {
  return file.replace(/(^|\/)dot-/g, '$1.').replace(/\.template$/, '');
}

function filesIn(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'),
    )
    .sort();
}

/** The exact version of everything that an emitted service may depend on. */
export interface Catalogue {
  /** Installed here as well, so that templates are type-checked where they lie. */
  readonly installed: Readonly<Record<string, string>>;
  /** Too large to install for everybody: optional peers, which npm leaves out. */
  readonly listedOnly: Readonly<Record<string, string>>;
}

/** Reads the catalogue, which is `templates/package.json`. */
export function readCatalogue(templates: string): Catalogue {
  const { devDependencies, peerDependencies = {} } = fs.readJsonSync(
    path.join(templates, 'package.json'),
  );
  return { installed: devDependencies, listedOnly: peerDependencies };
}
