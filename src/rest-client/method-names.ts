import type { Operation } from '../../templates/add-client/development/openapi/document.ts';
import { capitalised } from '../answers/naming.ts';

/** What a method of a class must not be called, as it would be something else. */
const reserved = new Set([
  ...['constructor', 'then', 'prototype', 'tostring', 'tolocalestring', 'valueof'],
  ...['hasownproperty', 'isprototypeof', 'propertyisenumerable'],
]);

const longest = 60;

/** Names the method of each operation: by its id, else by its method and path; no two alike. */
export function methodNames(operations: readonly Operation[]): readonly string[] {
  const taken = new Set<string>(reserved);
  return operations.map((operation) => {
    const names = [idName(operation.operationId ?? ''), pathName(operation)];
    let name = names.find((each) => each !== '' && !taken.has(each.toLowerCase())) ?? '';
    for (let number = 2; name === ''; number += 1) {
      const numbered = `${pathName(operation)}${number}`;
      if (!taken.has(numbered.toLowerCase())) name = numbered;
    }
    taken.add(name.toLowerCase());
    return name;
  });
}

/** `pets.list` → `petsList`; what has no letters is no name. */
function idName(id: string): string {
  const name = joined(id.split(/[^A-Za-z0-9]+/));
  return /^[a-z]/.test(name) ? name.slice(0, longest) : '';
}

/** `GET /pets/{id}` → `getPetsById`. */
function pathName({ method, path }: Operation): string {
  const words = path.replaceAll('{', ' by ').split(/[^A-Za-z0-9]+/);
  return joined([method.toLowerCase(), ...words]).slice(0, longest);
}

function joined(words: readonly string[]): string {
  const [first = '', ...rest] = words.filter((word) => word !== '');
  return [uncapitalised(first), ...rest.map(capitalised)].join('');
}

function uncapitalised(word: string): string {
  return word.charAt(0).toLowerCase() + word.slice(1);
}
