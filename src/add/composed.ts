import { conditionsOf } from '../answers/choices.ts';
import { clientWords, grpcClientWords } from '../answers/client-names.ts';
import { camelCase, namesOf } from '../answers/naming.ts';
import { type MergeConflict, MergeConflictError } from '../base/errors.ts';
import { type Composition, type LayerSource, layersFor } from '../plan/layers.ts';
import { fillerFor, fillJson } from '../plan/placeholders.ts';
import type { PlannedFile } from '../plan/plan.ts';
import { configSource } from '../plan/source/config.ts';
import { serviceSource } from '../plan/source/service.ts';
import { standInsSource } from '../plan/source/stand-ins.ts';
import type { Service } from '../service/find-service.ts';
import { answersOf } from '../service/manifest.ts';
import { mergePlans } from '../three-way/plans.ts';
import type { Emission } from './addition.ts';
import { upstreamWords } from './upstream.ts';

/** A layer of `add` in a service's composition root. */
interface Grown {
  readonly layer: string;
  readonly words: Readonly<Record<string, string>>;
}

/** What was added to a service since it was made, as far as its composition root shows it. */
export function grownIn({ manifest, tree }: Pick<Service, 'manifest' | 'tree'>): readonly Grown[] {
  const clients = manifest.contracts.flatMap((contract) => clientIn(contract) ?? []);
  const config = tree.read('src/config.ts') ?? '';
  const upstreams = manifest.calls.filter((name) => config.includes(`${camelCase(name)}Upstream:`));
  const isStrangled = manifest.routes.some(({ strangles }) => strangles !== undefined);
  return [
    ...clients,
    ...upstreams.map((name) => ({ layer: 'add-upstream', words: upstreamWords(name) })),
    ...(isStrangled ? [{ layer: 'add-strangler', words: {} }] : []),
  ];
}

function clientIn(contract: unknown): Grown | undefined {
  if (typeof contract !== 'object' || contract === null || !('client' in contract))
    return undefined;
  const { client } = contract;
  if (typeof client !== 'string') return undefined;
  return 'proto' in contract
    ? { layer: 'add-client-grpc', words: grpcClientWords(client) }
    : { layer: 'add-client', words: clientWords(client) };
}

/** The layers of an emission that are in the composition root. */
export function grownBy(
  { layers, words }: Pick<Emission, 'layers' | 'words'>,
  templates: LayerSource,
): readonly Grown[] {
  return layers
    .map((layer) => (typeof layer === 'string' ? { name: layer, words: {} } : layer))
    .filter(({ name }) => templates.read(name).fragment.composition !== undefined)
    .map(({ name, words: own }) => ({ layer: name, words: { ...words, ...own } }));
}

/** What they put there: always in the same order, whenever each was added, and each once. */
export function compositionsOf(
  grown: readonly Grown[],
  service: string,
  templates: LayerSource,
): readonly Composition[] {
  const texts = grown.map(({ layer, words }) => {
    const { composition = {} } = templates.read(layer).fragment;
    const fill = fillerFor(namesOf(service), words);
    return `${layer} ${JSON.stringify(fillJson(composition, fill))}`;
  });
  return [...new Set(texts)].sort().map((text) => JSON.parse(text.slice(text.indexOf(' ') + 1)));
}

/**
 * Plans `src/service.ts`, `src/config.ts` and `development/stand-ins.ts` of a service in which something else
 * is added than before: the lines that make the difference are brought into what stands there.
 *
 * @param what could not be done otherwise, as the first half of a sentence.
 * @throws MergeConflictError where a person has changed just these lines.
 */
export function recomposed(
  { manifest, tree }: Pick<Service, 'manifest' | 'tree'>,
  { before, after, what }: { before: readonly Grown[]; after: readonly Grown[]; what: string },
  templates: LayerSource,
): readonly PlannedFile[] {
  const { name } = manifest;
  const made = madeOf({ manifest }, templates);
  const files = (grown: readonly Grown[]): PlannedFile[] => {
    const all = [...made, ...compositionsOf(grown, name, templates)];
    return [
      { path: 'src/service.ts', contents: serviceSource(all) },
      { path: 'src/config.ts', contents: configSource(all) },
      { path: 'development/stand-ins.ts', contents: standInsSource(all) },
    ];
  };
  const merge = mergePlans({ files: files(before) }, { files: files(after) }, tree);
  refuse(what, merge.conflicts);
  return merge.files;
}

/** What the layers put there that the service was made of. */
function madeOf({ manifest }: Pick<Service, 'manifest'>, templates: LayerSource): Composition[] {
  const conditions = [...conditionsOf(answersOf(manifest))];
  const fill = fillerFor(namesOf(manifest.name));
  return layersFor(conditions, templates.names)
    .flatMap((layer) => templates.read(layer).fragment.composition ?? [])
    .map((composition) => fillJson(composition, fill));
}

function refuse(what: string, conflicts: readonly MergeConflict[]): void {
  if (conflicts.length === 0) return;
  throw new MergeConflictError(
    what,
    conflicts,
    'see what is wanted there with --dry-run --diff; put these lines back as they were generated, run this again, and make your changes anew',
  );
}
