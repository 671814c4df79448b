import { lineWidth } from './layout.ts';

/** What is imported of one module. */
interface Imported {
  readonly from: string;
  readonly whole: string | undefined;
  readonly names: readonly string[];
}

/**
 * The import statements of a file, one a module: packages first, then what is in the service.
 *
 * @param clauses what stands after the word `import`; several may be about one module.
 */
export function importStatements(clauses: readonly string[]): string {
  const modules = new Map<string, Imported[]>();
  for (const part of [...new Set(clauses)].map(parsed))
    modules.set(part.from, [...(modules.get(part.from) ?? []), part]);
  return [...modules]
    .sort(([one], [other]) => compareModules(one, other))
    .map(([from, parts]) =>
      statement({
        from,
        whole: parts.find(({ whole }) => whole !== undefined)?.whole,
        names: [...new Set(parts.flatMap(({ names }) => names))].sort(compareNames),
      }),
    )
    .join('');
}

function parsed(clause: string): Imported {
  const [, types, whole, names, from] =
    /^(type )?(?:([\w$]+)|\{ (.+) \}) from '(.+)'$/.exec(clause) ?? [];
  if (from === undefined) throw new Error(`A template's import cannot be read: ${clause}`);
  const prefix = types ?? '';
  return { from, whole, names: names?.split(', ').map((name) => prefix + name) ?? [] };
}

function statement({ from, whole, names }: Imported): string {
  if (names.length === 0) return `import ${whole} from '${from}';\n`;
  const areTypes = whole === undefined && names.every((name) => name.startsWith('type '));
  const word = areTypes ? 'import type' : 'import';
  const shown = areTypes ? names.map(withoutType) : names;
  const start = whole === undefined ? word : `${word} ${whole},`;
  const line = `${start} { ${shown.join(', ')} } from '${from}';`;
  // The formatter breaks no statement that imports one name.
  return line.length <= lineWidth || (whole === undefined && names.length === 1)
    ? `${line}\n`
    : `${start} {\n${shown.map((name) => `  ${name},\n`).join('')}} from '${from}';\n`;
}

function compareModules(one: string, other: string): number {
  const [of, ofOther] = [distance(one), distance(other)];
  if (of !== ofOther) return of - ofOther;
  return one < other ? -1 : 1;
}

function distance(from: string): number {
  if (from.startsWith('node:')) return 0;
  if (from.startsWith('../')) return 2;
  return from.startsWith('./') ? 3 : 1;
}

function withoutType(name: string): string {
  return name.replace(/^type /, '');
}

/** As Biome sorts them: letter by letter, a capital before its small one. */
function compareNames(one: string, other: string): number {
  const [a, b] = [sortable(withoutType(one)), sortable(withoutType(other))];
  return a < b ? -1 : 1;
}

function sortable(name: string): string {
  return Array.from(name, (letter) => letter.toLowerCase() + (letter < 'a' ? 0 : 1)).join('');
}
