import { checkCapabilityName } from '../answers/capability-name.ts';
import { type Answers, type Choice, choices, conditionsOf } from '../answers/choices.ts';
import { parseAnswers, quoted } from '../answers/parse.ts';
import { BadInputError, reasonOf } from '../base/errors.ts';
import { type RouteListing, routesIn } from './route-listing.ts';

/** What `service.json` says, as far as growing a service needs it. */
export interface ServiceManifest {
  readonly name: string;
  /** The choices that it was made from, as they are written there. */
  readonly chosen: Readonly<Record<string, string>>;
  readonly publishes: readonly string[];
  readonly handles: readonly string[];
  /** Of a gateway: what it forwards. */
  readonly routes: readonly RouteListing[];
  /** What it relies on of others' events and APIs, as it is written there. */
  readonly contracts: readonly unknown[];
  /** Names of services that it calls. */
  readonly calls: readonly string[];
  /** Parts of the chassis that are its own, as it is written there; see `ejectedIn`. */
  readonly ejected: unknown;
  /** How it was made; see `contextFrom`. */
  readonly generator: Readonly<Record<string, unknown>>;
}

/**
 * Reads a `service.json`.
 *
 * @param where names the file to a person.
 * @throws BadInputError when it is no JSON, or not what create-service writes.
 */
export function parseManifest(text: string, where: string): ServiceManifest {
  const value = parseJson(text, where);
  const name = value.name;
  const generator = asRecord(value.generator) ?? {};
  if (generator.name !== 'create-service') {
    throw new BadInputError(`${where} was not made by create-service.`);
  }
  if (typeof name !== 'string' || !checkCapabilityName(name).ok) {
    throw new BadInputError(`The name in ${where} is not the name of a service.`);
  }
  const events = asRecord(value.events) ?? {};
  const chosen = choices.flatMap((choice) => {
    const given = value[choice.key] ?? defaultOfLaterChoice(choice);
    return typeof given === 'string' ? [[choice.key, given] as const] : [];
  });
  return {
    name,
    chosen: Object.fromEntries(chosen),
    publishes: textsIn(events.publishes),
    handles: textsIn(events.handles),
    routes: routesIn(value.routes),
    contracts: Array.isArray(value.contracts) ? value.contracts : [],
    calls: textsIn(value.calls),
    ejected: value.ejected,
    generator,
  };
}

/** Services that were made before there was a choice are what its default makes. */
function defaultOfLaterChoice(choice: Choice): string | undefined {
  return choice.kind === 'select' && choice.onlyWith === undefined ? choice.default : undefined;
}

/** The complete answers that a service was made from. @throws BadInputError when a person broke them. */
export function answersOf({ name, chosen }: ServiceManifest): Answers {
  try {
    return parseAnswers(chosen).answers;
  } catch (error) {
    throw new BadInputError(`The service.json of ${name} cannot be used: ${reasonOf(error)}`);
  }
}

/** Whether a service has a bus. */
export function hasEvents({ chosen }: ServiceManifest): boolean {
  return conditionsOf(chosen).has('style-async');
}

/** Whether a service has an API of its own. */
export function hasApi({ chosen }: ServiceManifest): boolean {
  return conditionsOf(chosen).has('style-sync');
}

/** Whether it is a gateway, and not the service of a capability. */
export function isGateway({ chosen }: ServiceManifest): boolean {
  return conditionsOf(chosen).has('kind-gateway');
}

function parseJson(text: string, where: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new BadInputError(`${where} cannot be read: ${quoted(reasonOf(error))}.`, 'mend it');
  }
  return asRecord(value) ?? {};
}

function asRecord(value: unknown): Record<string, unknown> | undefined {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isRecord ? { ...value } : undefined;
}

function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
