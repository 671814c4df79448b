/**
 * Writes plain data as YAML 1.2 in block style. Only writing, and only of JSON data: a full YAML
 * library takes longer to load than a whole run may. Every text that is not a plain word is
 * double-quoted as JSON, which YAML 1.2 contains, so no text can become syntax.
 */
export function yaml(value: unknown): string {
  return `${block(value, '').trimStart()}\n`;
}

function block(value: unknown, indent: string): string {
  if (Array.isArray(value)) {
    if (value.length === 0) return ' []';
    return value.map((item) => `\n${indent}-${inList(item, `${indent}  `)}`).join('');
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    if (entries.length === 0) return ' {}';
    return entries
      .map(([key, item]) => `\n${indent}${scalar(key)}:${block(item, `${indent}  `)}`)
      .join('');
  }
  return ` ${scalar(value)}`;
}

/** A map inside a list starts on the dash's own line. */
function inList(item: unknown, indent: string): string {
  const text = block(item, indent);
  return text.startsWith('\n') ? ` ${text.trimStart()}` : text;
}

function scalar(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  const plain = /^[A-Za-z_./][\w./-]*( [\w./-]+)*$/.test(value);
  const keyword = /^(true|false|null|yes|no|on|off|y|n|~)$|^\.(nan|inf)$/i.test(value);
  return plain && !keyword ? value : JSON.stringify(value);
}
