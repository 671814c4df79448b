import type { Verdict } from './choices.ts';
import { codePointOf } from './description.ts';
import { aggregateOf } from './naming.ts';
import { reservedFor, technicalWords } from './reserved-names.ts';

const maxLength = 40;

/**
 * A business capability's name is at once an npm package, a DNS-1123 label, a database and user,
 * a topic prefix and a URL path, so it is held to what all of them allow: 1 to 40 characters,
 * kebab-case, starting with a letter, and no word that one of them keeps for itself.
 */
export function checkCapabilityName(text: string): Verdict {
  const syntax = syntaxFault(text);
  if (syntax !== undefined) return syntax;
  for (const word of [text, aggregateOf(text)]) {
    const owner = reservedFor(word);
    if (owner !== undefined) {
      const subject = word === text ? 'is' : `would make an aggregate "${word}", which is`;
      return { ok: false, reason: `${subject} reserved (${owner}); name the business capability` };
    }
  }
  const technical = text.split('-').find((word) => technicalWords.has(word));
  return technical === undefined
    ? { ok: true, value: text }
    : {
        ok: true,
        value: text,
        warning: `"${technical}" names a technical layer: a service that is cut by layer changes whenever its neighbours do. Name what the business does, such as orders or payments.`,
      };
}

function syntaxFault(text: string): Verdict | undefined {
  if (text.trim() === '') return { ok: false, reason: 'is empty; name the business capability' };
  const foreign = /[^\x20-\x7e]/u.exec(text)?.[0];
  if (foreign !== undefined) {
    return withSuggestion(
      text,
      `contains ${codePointOf(foreign)}; only a-z, 0-9 and "-" are allowed`,
    );
  }
  if (text.length > maxLength) {
    return {
      ok: false,
      reason: `is ${text.length} characters long; at most ${maxLength} are allowed`,
    };
  }
  if (/[/\\]|\.\./.test(text)) {
    return { ok: false, reason: 'is a path; give a plain name, and --cwd for the folder' };
  }
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(text)) {
    return withSuggestion(
      text,
      'is not kebab-case (a-z, 0-9, single "-" between words, a letter first)',
    );
  }
  return undefined;
}

function withSuggestion(text: string, reason: string): Verdict {
  const suggestion = suggestName(text);
  return suggestion === undefined ? { ok: false, reason } : { ok: false, reason, suggestion };
}

/**
 * The kebab-case name that was probably meant (`Order Items` → `order-items`). Only for text made
 * of letters, digits and word separators: what looks like a path, a command or a template is refused
 * rather than repaired, and letters of other scripts are never mapped to their Latin look-alikes.
 */
export function suggestName(text: string): string | undefined {
  const latin = text.normalize('NFD').replace(/\p{Mn}/gu, '');
  if (!/^[A-Za-z0-9 _.-]+$/.test(latin) || latin.includes('..')) return undefined;
  const name = latin
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/[ _.-]+/g, '-')
    .replace(/^-|-$/g, '')
    .toLowerCase();
  return name !== text && checkCapabilityName(name).ok ? name : undefined;
}
