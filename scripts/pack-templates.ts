import path from 'node:path';
import fs from 'fs-extra';
import Handlebars from 'handlebars';
import type { Layer } from '../src/plan/layers.ts';
import { readCatalogue, readLayers, templatesFolder } from './template-folders.ts';

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
  const layers = readLayers(templatesFolder);
  for (const layer of layers) {
    fs.writeJsonSync(path.join(target, `${layer.name}.json`), layer);
  }
  const { installed, listedOnly } = readCatalogue(templatesFolder);
  fs.writeJsonSync(path.join(target, 'catalogue.json'), { ...installed, ...listedOnly });
  fs.writeFileSync(
    path.join(target, 'layers.json'),
    JSON.stringify(layers.map(({ name }) => name)),
  );
  return statistics(layers);
}

/** The ES module that holds every Handlebars template, precompiled, by its name. */
export function precompiledTemplates(): string {
  const entries = fs
    .readdirSync(templatesFolder)
    .filter((name) => name.endsWith('.hbs'))
    .map((name) => {
      const text = fs.readFileSync(path.join(templatesFolder, name), 'utf8');
      const compiled = Handlebars.precompile(text, {
        noEscape: true,
        strict: true,
        // Every other name is data, so it is read at once instead of being sought among the helpers.
        knownHelpersOnly: true,
      });
      const identifier = path.basename(name).split('.')[0]?.toLowerCase();
      return `export const ${identifier} = Handlebars.template(${compiled});\n`;
    });
  return `import Handlebars from 'handlebars/runtime.js';\n\n${entries.join('\n')}`;
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
      (line) =>
        !/__(service|aggregate|event|publisher|handler|package_manager|run|workspace_path)_/i.test(
          line,
        ),
    ).length,
  };
}
