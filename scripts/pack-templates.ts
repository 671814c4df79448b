import path from 'node:path';
import fs from 'fs-extra';
import Handlebars from 'handlebars';
import type { Fragment, Layer } from '../src/plan/layers.ts';

const root = path.resolve(import.meta.dirname, '..');
const source = path.join(root, 'templates');

/**
 * Packs every template folder into one JSON file a layer (a run reads only the layers it lays), and
 * precompiles the Handlebars templates, so that a run loads neither the folder tree nor a compiler.
 */
export function packTemplates(target: string): {
  files: number;
  verbatimLines: number;
  lines: number;
} {
  fs.emptyDirSync(target);
  const layers = folders(source).map(readLayer);
  for (const layer of layers) {
    fs.writeJsonSync(path.join(target, `${layer.name}.json`), layer);
  }
  fs.copyFileSync(path.join(source, 'catalogue.json'), path.join(target, 'catalogue.json'));
  fs.writeFileSync(
    path.join(target, 'layers.json'),
    JSON.stringify(layers.map(({ name }) => name)),
  );
  return statistics(layers);
}

/** The ES module that holds every Handlebars template, precompiled, by its name. */
export function precompiledTemplates(): string {
  const entries = fs
    .readdirSync(source)
    .filter((name) => name.endsWith('.hbs'))
    .map((name) => {
      const text = fs.readFileSync(path.join(source, name), 'utf8');
      const compiled = Handlebars.precompile(text, { noEscape: true, strict: true });
      const identifier = path.basename(name).split('.')[0]?.toLowerCase();
      return `export const ${identifier} = Handlebars.template(${compiled});\n`;
    });
  return `import Handlebars from 'handlebars/runtime.js';\n\n${entries.join('\n')}`;
}

function folders(folder: string): string[] {
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

function readLayer(name: string): Layer {
  const folder = path.join(source, name);
  const files: Record<string, string> = {};
  const readme: Record<string, string> = {};
  let fragment: Fragment = {};
  for (const file of filesIn(folder)) {
    const text = fs.readFileSync(path.join(folder, file), 'utf8');
    if (file === 'layer.json') fragment = JSON.parse(text);
    else if (file.startsWith('readme/')) readme[path.basename(file)] = text;
    else files[emittedPath(file)] = text;
  }
  return { name, fragment, files, readme };
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

function statistics(layers: readonly Layer[]): {
  files: number;
  verbatimLines: number;
  lines: number;
} {
  const texts = layers.flatMap(({ files }) => Object.values(files));
  const lines = texts.flatMap((text) => text.split('\n'));
  return {
    files: texts.length,
    lines: lines.length,
    verbatimLines: lines.filter(
      (line) => !/__(service|aggregate|event|publisher|handler)/i.test(line),
    ).length,
  };
}
