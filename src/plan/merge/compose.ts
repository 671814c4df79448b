import { traitsOf } from '../../answers/choices.ts';
import type { PlanContext } from '../plan.ts';
import { plainVariables } from './kubernetes.ts';
import type { MergeInput } from './merge-input.ts';
import { yaml } from './yaml.ts';

/** `compose.yaml`: the service and the servers that its layers need, on one machine. */
export function composeFile({ answers, context, fragments }: MergeInput): string {
  const parts = fragments.map(({ compose }) => compose ?? {});
  const { volume } = traitsOf(answers);
  const app = {
    build: buildOf(context),
    environment: Object.assign(
      plainVariables(fragments),
      ...parts.map(({ app }) => app?.environment ?? {}),
    ),
    depends_on: Object.assign({}, ...parts.map(({ app }) => app?.depends_on ?? {})),
    volumes: volume === undefined ? [] : [`data:${volume}`],
    ports: ['127.0.0.1:3000:3000', ...parts.flatMap(({ app }) => app?.ports ?? [])],
    stop_grace_period: '40s',
    read_only: true,
    restart: 'unless-stopped',
  };
  return yaml(
    withoutEmpty({
      name: answers.name,
      services: {
        app: withoutEmpty(app),
        ...Object.assign({}, ...parts.map(({ services }) => services ?? {})),
      },
      volumes: Object.assign(
        volume === undefined ? {} : { data: {} },
        ...parts.map(({ volumes }) => volumes ?? {}),
      ),
    }),
  );
}

/** A member's image is built from the root of its workspace, where the lockfile is. */
function buildOf({ workspacePath }: PlanContext): string | object {
  if (workspacePath === undefined) return '.';
  const root = workspacePath.replaceAll(/[^/]+/g, '..');
  return { context: root, dockerfile: `${workspacePath}/Dockerfile` };
}

function withoutEmpty<T extends object>(value: T): Partial<T> {
  const kept = Object.entries(value).filter(
    ([, part]) => typeof part !== 'object' || part === null || Object.keys(part).length > 0,
  );
  return Object.assign(Object.create(null), Object.fromEntries(kept));
}
