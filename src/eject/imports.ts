/** The specifier of an import, an export from, a dynamic import, a mock or an augmentation, and what is before it. */
const specifiers =
  /((?:^|\n)[ \t]*(?:import|export)\b[^'"`;]*?\bfrom\s*|(?:^|\n)[ \t]*(?:import|declare\s+module)\s+|\b(?:import|mock)\(\s*)(['"])([^'"\n]+)\2/g;

/** Rewrites the specifiers of a TypeScript file for which there is another. */
export function mapImports(
  text: string,
  another: (specifier: string) => string | undefined,
): string {
  return text.replace(specifiers, (whole, before: string, quote: string, specifier: string) => {
    const mapped = another(specifier);
    return mapped === undefined ? whole : `${before}${quote}${mapped}${quote}`;
  });
}

/** The specifiers of a TypeScript file, each as often as it stands there. */
export function importsOf(text: string): readonly string[] {
  return [...text.matchAll(specifiers)].flatMap(([, , , specifier]) => specifier ?? []);
}
