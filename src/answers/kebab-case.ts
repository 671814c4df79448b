import { codePointOf } from './description.ts';

/** What a kebab-case name is held to besides its letters. */
interface KebabRules {
  readonly maxLength: number;
  /** What to give instead of nothing. */
  readonly whenEmpty: string;
  /** What to give instead of a path. */
  readonly whenPath: string;
}

/** Says why a text is not a kebab-case name, or `undefined` when it is one. */
export function kebabFault(text: string, rules: KebabRules): string | undefined {
  if (text.trim() === '') return `is empty; ${rules.whenEmpty}`;
  const foreign = /[^\x20-\x7e]/u.exec(text)?.[0];
  if (foreign !== undefined) {
    return `contains ${codePointOf(foreign)}; only a-z, 0-9 and "-" are allowed`;
  }
  if (text.length > rules.maxLength) {
    return `is ${text.length} characters long; at most ${rules.maxLength} are allowed`;
  }
  if (/[/\\]|\.\./.test(text)) return `is a path; ${rules.whenPath}`;
  return /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(text)
    ? undefined
    : 'is not kebab-case (a-z, 0-9, single "-" between words, a letter first)';
}

/**
 * The kebab-case name that was probably meant (`Order Items` → `order-items`). Only for text made
 * of letters, digits and word separators: what looks like a path, a command or a template is refused
 * rather than repaired, and letters of other scripts are never mapped to their Latin look-alikes.
 */
export function suggestKebab(text: string): string | undefined {
  const latin = text.normalize('NFD').replace(/\p{Mn}/gu, '');
  if (!/^[A-Za-z0-9 _.-]+$/.test(latin) || latin.includes('..')) return undefined;
  const name = latin
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/[ _.-]+/g, '-')
    .replace(/^-|-$/g, '')
    .toLowerCase();
  return name === text ? undefined : name;
}
