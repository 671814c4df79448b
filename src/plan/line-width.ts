const lineWidth = 100;

/**
 * Lays out anew what a longer or shorter name makes the formatter lay out otherwise: imports,
 * signatures of functions, and statements that end with a call. A template is written so that no
 * other construct depends on the length of the name; a test formats services of all lengths.
 */
export function fittedToWidth(source: string): string {
  return source
    .replaceAll(/^import (type )?\{([^}]*)\} from ('[^']+');$/gm, (_, type = '', names, from) => {
      const items = listOf(names);
      const line = `import ${type}{ ${items.join(', ')} } from ${from};`;
      if (items.length === 1 || line.length <= lineWidth) return line;
      return broken(`import ${type}{`, items, `} from ${from};`);
    })
    .replaceAll(signature, (_, head, parameters, tail) => fitted(head, parameters, tail))
    .replaceAll(/^.{101,}$/gm, (line) => {
      const [, head, list, tail] =
        /^( *(?:const|return|await|export type) .*?[\w>][(<])(.*)([)>];)$/.exec(line) ?? [];
      return head === undefined || list === undefined ? line : fitted(head, list, tail ?? '');
    });
}

/** A function or method up to its body; what has a block of statements and is neither is not meant. */
const signature =
  /^( *(?:export )?(?:async )?(?:function )?\*?(?!(?:if|for|while|switch|catch)\b)\w+\()((?:[^()]|\([^()]*\))*)(\)(?:: [^{}\n]+)? \{)$/gm;

function fitted(head: string, list: string, tail: string): string {
  const items = listOf(list);
  const line = head + items.join(', ') + tail;
  return line.length <= lineWidth || items.length === 0 ? line : broken(head, items, tail);
}

function broken(head: string, items: readonly string[], tail: string): string {
  const indent = /^ */.exec(head)?.[0] ?? '';
  const lines = items.map((item) => `${indent}  ${item}`).join(',\n');
  // The formatter ends lists with a comma, but not those of types.
  return `${head}\n${lines}${tail.startsWith('>') ? '' : ','}\n${indent}${tail}`;
}

/** The parts of a list between its outermost commas. */
function listOf(text: string): readonly string[] {
  let depth = 0;
  let part = '';
  const parts: string[] = [];
  for (const character of text.replaceAll('=>', '\u0000')) {
    if ('([{<'.includes(character)) depth += 1;
    if (')]}>'.includes(character)) depth -= 1;
    if (character === ',' && depth === 0) {
      parts.push(part);
      part = '';
    } else part += character;
  }
  return [...parts, part]
    .map((item) => item.trim().replaceAll(/\s+/g, ' ').replaceAll('\u0000', '=>'))
    .filter((item) => item !== '');
}
