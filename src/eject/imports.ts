/** The specifier of an import, an export from, a dynamic import, what is resolved, a mock or an augmentation; and what is before it. */
const specifiers =
  /((?:^|\n)[ \t]*(?:import|export)\b[^'"`;]*?\bfrom\s*|(?:^|\n)[ \t]*(?:import|declare\s+module)\s+|\b(?:import(?:\.meta\.resolve)?|mock)\(\s*)(['"])([^'"\n]+)\2/g;

/** Columns of a line, as the formatter of emitted services has it. */
const width = 100;

/** Rewrites the specifiers of a TypeScript file for which there is another, and lays those imports out anew. */
export function mapImports(
  text: string,
  another: (specifier: string) => string | undefined,
): string {
  const changed = new Set<string>();
  const mapped = text.replace(specifiers, (whole, before: string, quote: string, from: string) => {
    const to = another(from);
    if (to === undefined) return whole;
    changed.add(to);
    return `${before}${quote}${to}${quote}`;
  });
  if (changed.size === 0) return text;
  return mapped.replace(
    /^(import(?: type)?|export(?: type)?) \{([^}]*)\} from '([^'\n]+)';$/gm,
    (whole, start: string, list: string, specifier: string) =>
      changed.has(specifier) ? laidOut(start, list, specifier) : whole,
  );
}

/** On one line where that fits. */
function laidOut(start: string, list: string, specifier: string): string {
  const names = list.split(',').flatMap((name) => name.trim() || []);
  const line = `${start} { ${names.join(', ')} } from '${specifier}';`;
  if (line.length <= width) return line;
  return `${start} {\n${names.map((name) => `  ${name},\n`).join('')}} from '${specifier}';`;
}

/** The specifiers of a TypeScript file, each as often as it stands there. */
export function importsOf(text: string): readonly string[] {
  return [...text.matchAll(specifiers)].flatMap(([, , , specifier]) => specifier ?? []);
}
