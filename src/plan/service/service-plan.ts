import { type Answers, conditionsOf, traitsOf } from '../../answers/choices.ts';
import { namesOf } from '../../answers/naming.ts';
import { fillFile } from '../fill-file.ts';
import { type Composition, layersFor, type Templates } from '../layers.ts';
import { composeFile } from '../merge/compose.ts';
import { environmentExample } from '../merge/environment.ts';
import { kubernetesManifests } from '../merge/kubernetes.ts';
import type { MergeInput } from '../merge/merge-input.ts';
import { packageJson } from '../merge/package-json.ts';
import { pnpmWorkspace } from '../merge/pnpm-workspace.ts';
import { operation, readme } from '../merge/readme.ts';
import { serviceJson } from '../merge/service-json.ts';
import { contextConditions, contextWords } from '../package-manager.ts';
import { fillerFor, fillJson } from '../placeholders.ts';
import type { Plan, PlanContext } from '../plan.ts';
import { configSource } from '../source/config.ts';
import { serviceSource } from '../source/service.ts';
import { serviceInfo } from '../source/service-info.ts';
import { standInsSource } from '../source/stand-ins.ts';

/** What a plan is for. */
export interface PlanOptions {
  /** Lay the sample flow that shows how events go; a service that grows has flows of its own. */
  readonly sample?: boolean;
  /** What was added to the service since, as far as its composition root shows it. */
  readonly grown?: readonly Composition[];
}

/** Decides every byte of a new service. Pure: the same input gives the same plan; nothing is touched. */
export function planService(
  answers: Answers,
  context: PlanContext,
  templates: Templates,
  { sample = true, grown = [] }: PlanOptions = {},
): Plan {
  const fill = fillerFor(namesOf(answers.name), {
    ...contextWords(context, templates.catalogue),
    ...imageWords(answers),
  });
  const conditions = [
    ...conditionsOf(answers),
    ...contextConditions(context),
    ...(sample ? ['sample'] : []),
  ];
  const layers = layersFor(conditions, templates.names).map((name) => templates.read(name));
  const files = new Map<string, string>();
  for (const layer of layers) {
    for (const [path, text] of Object.entries(layer.files)) {
      files.set(fill(path), fillFile(path, text, fill));
    }
  }
  const input: MergeInput = {
    answers,
    context,
    catalogue: templates.catalogue,
    fragments: layers.map(({ fragment }) => fillJson(fragment, fill)),
    sections: inOrder(layers.map(({ readme }) => readme)).map(fill),
    operation: inOrder(layers.map(({ operation }) => operation)).map(fill),
  };
  const compositions = input.fragments.flatMap(({ composition }) => composition ?? []);
  files.set('src/service.ts', serviceSource([...compositions, ...grown]));
  files.set('src/config.ts', configSource([...compositions, ...grown]));
  files.set('development/stand-ins.ts', standInsSource([...compositions, ...grown]));
  files.set('src/service-info.ts', serviceInfo(answers));
  files.set('package.json', packageJson(input));
  files.set('service.json', serviceJson(input));
  files.set('.env.example', environmentExample(input));
  files.set('compose.yaml', composeFile(input));
  files.set('deploy/kubernetes.yaml', kubernetesManifests(input));
  files.set('README.md', readme(input));
  files.set('docs/operation.md', operation(input));
  const pnpmSettings = pnpmWorkspace(input);
  if (pnpmSettings !== undefined) files.set('pnpm-workspace.yaml', pnpmSettings);
  return {
    answers,
    files: [...files]
      .map(([path, contents]) => ({ path, contents }))
      .sort((a, b) => (a.path < b.path ? -1 : 1)),
  };
}

/** The words by which a Dockerfile says what the image has for what was chosen. */
function imageWords(answers: Answers): Record<string, string> {
  const { volume } = traitsOf(answers);
  // A new volume belongs to whom the folder belongs that it covers.
  const folder = volume === undefined ? '' : `RUN install -d -o node -g node ${volume}\n`;
  return { __make_volume__: folder };
}

function inOrder(sections: readonly Readonly<Record<string, string>>[]): readonly string[] {
  return sections
    .flatMap((bySection) => Object.entries(bySection))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, text]) => text);
}
