import { scopeNames, scopeValues } from './reserved-names.ts';

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
  /** `an order item`, for prose. */
  readonly anAggregate: string;
  /** `order-items`: files about several of them. */
  readonly aggregatesKebab: string;
  /** `OrderItems`: functions about several of them. */
  readonly aggregatesType: string;
  /** `order items`, for prose. */
  readonly aggregatesWords: string;
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
 * Derives every form from a valid name. An aggregate whose type or value would hide a name that the
 * emitted code itself uses (`records` → `Record`) is called `RecordEntry` instead.
 */
export function namesOf(service: string): Names {
  const kebab = aggregateOf(service);
  const isTaken = scopeNames.has(pascalCase(kebab)) || scopeValues.has(camelCase(kebab));
  const aggregateKebab = isTaken ? `${kebab}-entry` : kebab;
  const aggregatesKebab = isTaken ? `${kebab}-entries` : service;
  const aggregateWords = aggregateKebab.replaceAll('-', ' ');
  return {
    service,
    serviceSnake: service.replaceAll('-', '_'),
    aggregate: camelCase(aggregateKebab),
    aggregateType: pascalCase(aggregateKebab),
    aggregateKebab,
    aggregateWords,
    anAggregate: withArticle(aggregateWords),
    aggregatesKebab,
    aggregatesType: pascalCase(aggregatesKebab),
    aggregatesWords: aggregatesKebab.replaceAll('-', ' '),
  };
}

/** `order` → `an order`, `user` → `a user`, `hour entry` → `an hour entry`, `sms` → `an sms`. */
function withArticle(words: string): string {
  return `${startsWithVowelSound(words.split(' ')[0] ?? '') ? 'an' : 'a'} ${words}`;
}

function startsWithVowelSound(word: string): boolean {
  // Without a vowel it is spelled: an S, an X-ray; but a T, a V.
  if (!/[aeiouy]/.test(word)) return /^[aefhilmnorsx]/.test(word);
  if (/^(hour|honest|honou?r|heir|x-)/.test(word)) return true;
  if (/^(eu|ewe|once$|one($|[^r])|ubi|uk|uni(?!n|d|m)|ur[ilu]|us[aeiu]|ut[ei]|uv)/.test(word))
    return false;
  return /^[aeiou]/.test(word);
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
