import { namesOf } from '../answers/naming.ts';
import { fillFile } from '../plan/fill-file.ts';
import type { LayerSource } from '../plan/layers.ts';
import { fillerFor } from '../plan/placeholders.ts';
import type { PlannedFile } from '../plan/plan.ts';
import { emptyTree, type Tree } from '../service/tree.ts';
import type { Emission } from './addition.ts';

/** A template whose path holds no placeholder is shared by all additions of its kind: it is laid once. */
export function layFiles(
  { layers, words }: Pick<Emission, 'layers' | 'words'>,
  service: string,
  tree: Tree,
  templates: LayerSource,
): readonly PlannedFile[] {
  return layers.flatMap((layer) => {
    const { name, words: own } = typeof layer === 'string' ? { name: layer, words: {} } : layer;
    const fill = fillerFor(namesOf(service), { ...words, ...own });
    return Object.entries(templates.read(name).files)
      .map(([template, text]) => ({
        template,
        path: fill(template),
        contents: fillFile(template, text, fill),
      }))
      .filter(({ template, path }) => template !== path || tree.read(path) === undefined)
      .map(({ path, contents }) => ({ path, contents }));
  });
}

/** All files of an emission as they are generated, whatever is there. */
export function emittedFiles(
  emission: Emission | undefined,
  service: string,
  templates: LayerSource,
): readonly PlannedFile[] {
  if (emission === undefined) return [];
  return [...(emission.files ?? []), ...layFiles(emission, service, emptyTree, templates)];
}

/** Whether two texts are the same but for their line ends, which git may have changed at checkout. */
export function isSameText(one: string, other: string | undefined): boolean {
  return one.replaceAll('\r\n', '\n') === other?.replaceAll('\r\n', '\n');
}
