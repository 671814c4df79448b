import { capitalised, type Names } from '../answers/naming.ts';

/**
 * Fills in the words by which templates say the capability's name, and what else a plan puts in (in
 * files that are not code, where and with what the service is made). Each is a valid identifier, so
 * that a template is ordinary TypeScript where it lies.
 */
export function fillerFor(
  names: Names,
  more: Readonly<Record<string, string>> = {},
): (text: string) => string {
  const words: Readonly<Record<string, string>> = {
    __service__: names.service,
    __service_snake__: names.serviceSnake,
    __aggregate__: names.aggregate,
    __Aggregate__: names.aggregateType,
    __aggregate_kebab__: names.aggregateKebab,
    __aggregate_words__: names.aggregateWords,
    __an_aggregate__: names.anAggregate,
    __An_aggregate__: capitalised(names.anAggregate),
    __Aggregates__: names.aggregatesType,
    __aggregates_kebab__: names.aggregatesKebab,
    __aggregates_words__: names.aggregatesWords,
    ...more,
  };
  const anyWord = new RegExp(Object.keys(words).join('|'), 'g');
  return (text) =>
    text.includes('__') ? text.replace(anyWord, (word) => words[word] ?? word) : text;
}

/** The same over a datum of JSON: keys and texts alike. */
export function fillJson<T>(value: T, fill: (text: string) => string): T {
  return JSON.parse(fill(JSON.stringify(value)));
}
