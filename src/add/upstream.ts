import { checkCapabilityName } from '../answers/capability-name.ts';
import { camelCase, variablePrefix } from '../answers/naming.ts';
import { nearest } from '../answers/nearest.ts';
import type { Verdict } from '../answers/verdict.ts';
import type { EnvironmentVariable } from '../plan/layers.ts';
import { hasApi } from '../service/manifest.ts';
import type { Surroundings } from './addition.ts';

/** A service that a gateway forwards to. */
export function checkUpstream(name: string, around: Surroundings | undefined): Verdict {
  const verdict = checkCapabilityName(name);
  if (!verdict.ok) return verdict;
  return name === around?.service.manifest.name
    ? { ok: false, reason: 'is the gateway itself, which cannot forward to itself' }
    : { ok: true, value: name };
}

/** Names the services around that can be forwarded to. */
export function upstreamsAround(around: Surroundings | undefined): string {
  const names = (around?.neighbours ?? [])
    .filter(({ manifest }) => hasApi(manifest))
    .map(({ manifest }) => manifest.name);
  return names.length === 0 ? '' : `; in this workspace: ${names.join(', ')}`;
}

/** What stands for the placeholders of an upstream in templates. */
export function upstreamWords(name: string): Record<string, string> {
  return {
    __upstream_kebab__: name,
    __upstream__: camelCase(name),
    __UPSTREAM__: variablePrefix(name),
  };
}

/** The layers that give a gateway an upstream; none when it has it. */
export function upstreamLayers(name: string, { service }: Surroundings): readonly string[] {
  const config = service.tree.read('src/config.ts') ?? '';
  return config.includes(`${camelCase(name)}Upstream:`) ? [] : ['add-upstream'];
}

/** What must be set so that an upstream is found. */
export function upstreamVariable(name: string): EnvironmentVariable {
  return {
    name: `${variablePrefix(name)}_URL`,
    example: `http://${name}`,
    description: `where the service ${name} is; its other variables are in docs/operation.md`,
    required: true,
  };
}

/** What a person should know of a service that is not around, or is and has no API. */
export function upstreamNotes(name: string, { neighbours }: Surroundings): readonly string[] {
  if (neighbours.length === 0) return [];
  const found = neighbours.find(({ manifest }) => manifest.name === name);
  if (found !== undefined) {
    return hasApi(found.manifest) ? [] : [`${name} was made without an API: --style async`];
  }
  const near = nearest(
    name,
    neighbours.map(({ manifest }) => manifest.name),
  );
  const question = near === undefined ? '' : ` (did you mean ${near}?)`;
  return [`no service ${name} is in this workspace${question}`];
}
