import { type EventType, eventTypeText } from '../answers/event-name.ts';
import type { PlannedFile } from '../plan/plan.ts';
import type { Tree } from '../service/tree.ts';
import { schemaFolder, schemaStemOf } from './event-words.ts';

/** Finds the file of a service that declares an event, wherever in its schemas' folder a person put it. */
export function schemaFileOf(
  tree: Tree,
  event: EventType,
  service: string,
): PlannedFile | undefined {
  const type = eventTypeText(event);
  const names = tree.list(schemaFolder).filter((name) => /^[\w.-]+\.ts$/.test(name));
  const usual = `${schemaStemOf(event, service)}.ts`;
  for (const name of [usual, ...names]) {
    const path = `${schemaFolder}/${name}`;
    const contents = tree.read(path);
    if (contents?.includes(`'${type}'`) || contents?.includes(`"${type}"`))
      return { path, contents };
  }
  return undefined;
}

/** What schemas import that every service with events has. */
const everywhere = ['zod', 'service-chassis/events'];

/** What a schema's file imports that would not be beside a copy of it. */
export function foreignImports(source: string): readonly string[] {
  const specifiers = source.matchAll(/\b(?:from|import)\s*\(?\s*['"]([^'"\n]+)['"]/g);
  return [...specifiers]
    .map(([, specifier = '']) => specifier)
    .filter((specifier) => !everywhere.includes(specifier));
}
