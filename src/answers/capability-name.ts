import { kebabFault, suggestKebab } from './kebab-case.ts';
import { aggregateOf } from './naming.ts';
import { commandWords, reservedFor, technicalWords } from './reserved-names.ts';
import type { Verdict } from './verdict.ts';

const rules = {
  maxLength: 40,
  whenEmpty: 'name the business capability',
  whenPath: 'give a plain name, and --cwd for the folder',
};

/**
 * A business capability's name is at once an npm package, a DNS-1123 label, a database and user,
 * a topic prefix and a URL path, so it is held to what all of them allow: 1 to 40 characters,
 * kebab-case, starting with a letter, and no word that one of them keeps for itself.
 */
export function checkCapabilityName(text: string): Verdict {
  const fault = kebabFault(text, rules);
  if (fault !== undefined) return withSuggestion(text, fault);
  if (commandWords.has(text)) {
    return { ok: false, reason: 'is a command of create-service; name the business capability' };
  }
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

function withSuggestion(text: string, reason: string): Verdict {
  const suggestion = suggestName(text);
  return suggestion === undefined ? { ok: false, reason } : { ok: false, reason, suggestion };
}

/** The capability's name that was probably meant (`Order Items` → `order-items`), when it is a good one. */
export function suggestName(text: string): string | undefined {
  const name = suggestKebab(text);
  return name !== undefined && checkCapabilityName(name).ok ? name : undefined;
}
