/** One line of the README's table of events. */
export interface EventRow {
  readonly type: string;
  readonly direction: 'published' | 'handled';
}

const start = '<!-- events -->';
const end = '<!-- /events -->';

/**
 * Adds rows to the table between the markers, and touches nothing else.
 *
 * @returns `undefined` when the markers, or the table between them, are not there.
 */
export function withEventRows(markdown: string, rows: readonly EventRow[]): string | undefined {
  const from = markdown.indexOf(start);
  const to = markdown.indexOf(end, from);
  if (from < 0 || to < 0) return undefined;
  const lines = markdown.slice(from, to).split('\n');
  const last = lines.findLastIndex((line) => line.startsWith('|'));
  if (last < 0) return undefined;
  const lineEnd = lines[last]?.endsWith('\r') === true ? '\r' : '';
  const added = rows.map(({ type, direction }) => `| \`${type}\` | ${direction} |${lineEnd}`);
  const table = lines.toSpliced(last + 1, 0, ...added).join('\n');
  return markdown.slice(0, from) + table + markdown.slice(to);
}
