import { traitsOf } from '../../answers/choices.ts';
import type { Fragment } from '../layers.ts';
import { kubernetes as kubernetesTemplate } from '../precompiled-templates.js';
import type { MergeInput } from './merge-input.ts';

/** `deploy/kubernetes.yaml`: how many there are, on which ports, with which volume. */
export function kubernetesManifests({ answers, fragments }: MergeInput): string {
  const { oneProcess = false, volume } = traitsOf(answers);
  const environment = Object.entries(plainVariables(fragments));
  return kubernetesTemplate({
    service: answers.name,
    oneProcess,
    volume,
    ports: fragments.flatMap(({ deployment }) => deployment?.ports ?? []),
    environment: environment.map(([name, value]) => ({ name, value: JSON.stringify(value) })),
  });
}

/** Variables that are no secrets, with their values wherever the image runs. */
export function plainVariables(fragments: readonly Fragment[]): Record<string, string> {
  return Object.assign({}, ...fragments.map(({ deployment }) => deployment?.environment));
}
