import { type Definitions, InexpressibleError, nameIn, type Schema } from './schema.ts';

/** @throws InexpressibleError for what is itself before it is anything else: `A = A or text`. */
export function refuseEndless(definitions: Definitions): void {
  const done = new Set<string>();
  const visit = (name: string, open: readonly string[]): void => {
    if (open.includes(name)) throw new InexpressibleError('its schema is one of itself');
    if (done.has(name)) return;
    for (const next of aliasesIn(definitions[name] ?? {})) visit(next, [...open, name]);
    done.add(name);
  };
  for (const name of Object.keys(definitions)) visit(name, []);
}

function aliasesIn({ $ref, anyOf = [] }: Schema): readonly string[] {
  return $ref === undefined ? anyOf.flatMap(aliasesIn) : [nameIn($ref)];
}
