import { camelCase, pascalCase, variablePrefix } from '../answers/naming.ts';
import type { ClientNames } from './emit.ts';

/** What the client of a service is called in code. */
export function clientNames(service: string): ClientNames {
  return {
    stem: service,
    key: `${camelCase(service)}Client`,
    type: `${pascalCase(service)}Client`,
  };
}

/** What stands for the placeholders of a client in templates. */
export function clientWords(service: string): Record<string, string> {
  const { key, type } = clientNames(service);
  return {
    __client__: service,
    __clientKey__: key,
    __ClientType__: type,
    __CLIENT__: variablePrefix(service),
  };
}
