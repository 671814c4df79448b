import { scopeNames } from './reserved-names.ts';

/** The forms that a capability's name takes in what is emitted. */
export interface Names {
  /** `order-items`: package, DNS label, topic prefix, URL path. */
  readonly service: string;
  /** `order_items`: database, user and table. */
  readonly serviceSnake: string;
  /** `orderItem`: values. */
  readonly aggregate: string;
  /** `OrderItem`: types. */
  readonly aggregateType: string;
  /** `order-item`: files and event types. */
  readonly aggregateKebab: string;
  /** `order item`, for prose. */
  readonly aggregateWords: string;
}

/**
 * The thing that a capability keeps, in kebab-case: `orders` → `order`, `categories` → `category`;
 * what has no plural stays as it is (`inventory`, `shipping`, `analytics`, `status`).
 */
export function aggregateOf(name: string): string {
  const words = name.split('-');
  return [...words.slice(0, -1), singular(words.at(-1) ?? '')].join('-');
}

function singular(word: string): string {
  if (/(ss|us|is|ics|news|series|species)$/.test(word) || word.length < 4) return word;
  if (/[^aeiou]ies$/.test(word)) return `${word.slice(0, -3)}y`;
  if (/(sses|xes|zes|ches|shes|uses)$/.test(word)) return word.slice(0, -2);
  return word.endsWith('s') ? word.slice(0, -1) : word;
}

/**
 * Derives every form from a valid name. An aggregate whose type would hide a name that the emitted
 * code itself uses (`records` → `Record`) is called `RecordEntry` instead.
 */
export function namesOf(service: string): Names {
  const kebab = aggregateOf(service);
  const pascal = pascalCase(kebab);
  const aggregateKebab = scopeNames.has(pascal) ? `${kebab}-entry` : kebab;
  const aggregateType = pascalCase(aggregateKebab);
  return {
    service,
    serviceSnake: service.replaceAll('-', '_'),
    aggregate: camelCase(aggregateKebab),
    aggregateType,
    aggregateKebab,
    aggregateWords: aggregateKebab.replaceAll('-', ' '),
  };
}

/** `order-item` → `OrderItem`. */
export function pascalCase(kebab: string): string {
  return kebab.split('-').map(capitalised).join('');
}

/** `order-item` → `orderItem`. */
export function camelCase(kebab: string): string {
  const name = pascalCase(kebab);
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/** `order item` → `Order item`. */
export function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** What the variables of a service begin with that is called: `order-items` → `ORDER_ITEMS`. */
export function variablePrefix(service: string): string {
  return service.replaceAll('-', '_').toUpperCase();
}
