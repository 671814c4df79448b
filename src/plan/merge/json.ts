/** How a JSON file is laid out. */
export interface JsonLayout {
  /** One level of indentation. */
  readonly indent: string;
  /** `fitted`: a list of plain values stands on one line where it fits, as Biome has it; else all open. */
  readonly lists: 'open' | 'fitted';
  /** What ends the lines, and whether one ends the file; a line feed, and yes, unless told. */
  readonly lineEnd?: '\n' | '\r\n';
  readonly endsInLine?: boolean;
}

const width = 100;

/** JSON as npm formats it, and Biome in a package.json. */
export function json(value: unknown): string {
  return jsonText(value, { indent: '  ', lists: 'open' });
}

/** JSON in a given layout. */
export function jsonText(
  value: unknown,
  { indent, lists, lineEnd = '\n', endsInLine = true }: JsonLayout,
): string {
  const text =
    lists === 'open'
      ? JSON.stringify(value, null, indent)
      : print(value, indent, { margin: '', used: 0 });
  return `${text}${endsInLine ? '\n' : ''}`.replaceAll('\n', lineEnd);
}

/** How a JSON text is laid out, as npm finds it out; of lists it does not tell. */
export function layoutOf(text: string, lists: JsonLayout['lists']): JsonLayout {
  return {
    indent: /^[{[]\r?\n([ \t]+)/.exec(text.trimStart())?.[1] ?? '  ',
    lists,
    lineEnd: text.includes('\r\n') ? '\r\n' : '\n',
    endsInLine: text.endsWith('\n'),
  };
}

/** Where a value stands: the margin of its lines, and the columns that other text takes on its own. */
interface Place {
  readonly margin: string;
  readonly used: number;
}

function print(value: unknown, indent: string, { margin, used }: Place): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = margin + indent;
  const wide = inner.replaceAll('\t', '  ').length;
  if (Array.isArray(value)) {
    const line = `[${value.map((item) => JSON.stringify(item)).join(', ')}]`;
    if (value.every(isPlain) && used + line.length <= width) return line;
    const items = value.map((item) => inner + print(item, indent, { margin: inner, used: wide }));
    return `[\n${items.join(',\n')}\n${margin}]`;
  }
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  if (entries.length === 0) return '{}';
  const lines = entries.map(([key, item], index) => {
    const start = `${JSON.stringify(key)}: `;
    const comma = index < entries.length - 1 ? 1 : 0;
    const text = print(item, indent, { margin: inner, used: wide + start.length + comma });
    return inner + start + text;
  });
  return `{\n${lines.join(',\n')}\n${margin}}`;
}

function isPlain(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}
