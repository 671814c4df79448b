/** One line of the README's table of events. */
export interface EventRow {
  readonly type: string;
  readonly direction: 'published' | 'handled';
}

/** A row of the table of events. */
export function eventRow({ type, direction }: EventRow): string {
  return `| \`${type}\` | ${direction} |`;
}

/**
 * Adds rows to the table between the markers `<!-- NAME -->` and `<!-- /NAME -->`, and touches nothing
 * else.
 *
 * @returns `undefined` when the markers, or the table between them, are not there.
 */
export function withRows(
  markdown: string,
  name: string,
  rows: readonly string[],
): string | undefined {
  const from = markdown.indexOf(`<!-- ${name} -->`);
  const to = markdown.indexOf(`<!-- /${name} -->`, from);
  if (from < 0 || to < 0) return undefined;
  const lines = markdown.slice(from, to).split('\n');
  const last = lines.findLastIndex((line) => line.startsWith('|'));
  if (last < 0) return undefined;
  const lineEnd = lines[last]?.endsWith('\r') === true ? '\r' : '';
  const table = lines.toSpliced(last + 1, 0, ...rows.map((row) => row + lineEnd)).join('\n');
  return markdown.slice(0, from) + table + markdown.slice(to);
}
