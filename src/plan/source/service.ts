import { type ComposedDependency, type ComposedPart, type Composition, stages } from '../layers.ts';
import { importStatements } from './imports.ts';
import { laidOut } from './layout.ts';

/** `src/service.ts`, the composition root: every part in starting order, made by a visible call. */
export function serviceSource(compositions: readonly Composition[]): string {
  const parts = partsOf(compositions);
  const options = compositions.flatMap((composition) => composition.options ?? []);
  const dependencies = dependenciesOf(compositions);
  const settings = compositions.findLast((composition) => composition.settings)?.settings;
  const imports = importStatements([
    "type { FastifyInstance } from 'fastify'",
    "{ createService, findRoutes } from 'service-chassis'",
    "type { Config } from './config.ts'",
    "{ serviceInfo } from './service-info.ts'",
    ...(dependencies.length > 0 ? ["{ provide } from 'service-chassis'"] : []),
    ...(settings?.imports ?? []),
    ...[...parts, ...options, ...dependencies].flatMap((composed) => composed.imports ?? []),
  ]);
  const properties = options.map(
    ({ comment, property }) => `  /** ${comment} */\n  readonly ${property};\n`,
  );
  return `${imports}
/** What the service is built from. */
export interface ServiceOptions {
  readonly config: Config;
${properties.join('')}}
${dependencies.length > 0 ? typesOf(dependencies) : ''}
/** Builds the service: everything that runs, in starting order; it is closed in reverse. */
export async function buildService(options: ServiceOptions): Promise<FastifyInstance> {
  const { config } = options;
  const app = await createService(serviceInfo.name, config${settings === undefined ? '' : `, ${settings.value}`});
  const routes = await findRoutes<ServiceOptions>(new URL('./routes', import.meta.url));
${bodyOf(parts, dependencies)}
  for (const route of routes) await app.register(route, options);
  return app;
}
`;
}

/** The parts in starting order; those of one stage as their layers are laid. */
function partsOf(compositions: readonly Composition[]): readonly ComposedPart[] {
  const byName = new Map(
    compositions.flatMap(({ parts = [] }) => parts).map((part) => [part.name, part]),
  );
  return [...byName.values()].sort(
    (one, other) => stages.indexOf(one.stage) - stages.indexOf(other.stage),
  );
}

function dependenciesOf(compositions: readonly Composition[]): readonly ComposedDependency[] {
  const all = compositions.flatMap(({ dependencies = [] }) => dependencies);
  return [...new Map(all.map((dependency) => [dependency.name, dependency])).values()];
}

function typesOf(dependencies: readonly ComposedDependency[]): string {
  return `
/** What routes and handlers may ask for, as \`app.NAME\`. */
export interface Dependencies {
${dependencies.map(typeOf).join('')}}

declare module 'fastify' {
  interface FastifyInstance extends Dependencies {}
}
`;
}

function typeOf({ name, comment, type }: ComposedDependency): string {
  const line = `  readonly ${name}: ${type};\n`;
  return comment === undefined ? line : `  /** ${comment} */\n${line}`;
}

/** A stage a paragraph, so that what is added to one and what a person writes into another meet nowhere. */
function bodyOf(
  parts: readonly ComposedPart[],
  dependencies: readonly ComposedDependency[],
): string {
  return stages
    .map((stage) => {
      const calls = parts.filter((part) => part.stage === stage).flatMap(({ call }) => call);
      const lines = calls.map((line) => (line === '' ? '\n' : `  ${line}\n`)).join('');
      return stage === 'clients' && dependencies.length > 0
        ? lines + provided(dependencies)
        : lines;
    })
    .filter((paragraph) => paragraph !== '')
    .map((paragraph) => `\n${paragraph}`)
    .join('');
}

function provided(dependencies: readonly ComposedDependency[]): string {
  const lines = dependencies.map(({ name, value }) =>
    name === value ? `    ${name},\n` : laidOut(`    ${name}: `, value, ','),
  );
  return `  provide<Dependencies>(app, {\n${lines.join('')}  });\n`;
}
