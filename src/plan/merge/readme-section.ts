/**
 * A README with a section of that name between markers, before the one on operation or else at its
 * end; one that is there already stays.
 */
export function withSection(markdown: string, name: string, section: string): string {
  if (markdown.includes(markerOf(name))) return markdown;
  const lineEnd = lineEndOf(markdown);
  const text = marked(name, section).replaceAll('\n', lineEnd);
  const at = /^## Operation\r?$/m.exec(markdown)?.index;
  if (at === undefined) return `${markdown.trimEnd()}${lineEnd}${lineEnd}${text}`;
  return `${markdown.slice(0, at)}${text}${lineEnd}${markdown.slice(at)}`;
}

/** A README without that section; `undefined` when a person has changed it. */
export function withoutSection(
  markdown: string,
  name: string,
  section: string,
): string | undefined {
  if (!markdown.includes(markerOf(name))) return markdown;
  const lineEnd = lineEndOf(markdown);
  const text = marked(name, section).replaceAll('\n', lineEnd);
  const at = markdown.indexOf(text);
  if (at < 0) return undefined;
  const after = markdown.slice(at + text.length).replace(/^\r?\n/, '');
  const before = markdown.slice(0, at);
  return after === '' ? before.trimEnd() + lineEnd : before + after;
}

function markerOf(name: string): string {
  return `<!-- ${name} -->`;
}

function marked(name: string, section: string): string {
  return `${markerOf(name)}\n${section.trim()}\n<!-- /${name} -->\n`;
}

function lineEndOf(markdown: string): string {
  return markdown.includes('\r\n') ? '\r\n' : '\n';
}
