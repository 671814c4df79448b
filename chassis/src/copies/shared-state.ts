const registry = Symbol.for('service-chassis.state');

const states: Map<string, unknown> = sharedStates();

/**
 * State of a module that all copies of the module have in common (see `NamedError`), as what the current
 * deadline is.
 *
 * @param name says what it is, and its shape: another shape has another name.
 * @param isState tells whether it is of that shape.
 */
export function sharedState<State>(
  name: string,
  isState: (value: unknown) => value is State,
  make: () => State,
): State {
  const known = states.get(name);
  if (isState(known)) return known;
  const state = make();
  states.set(name, state);
  return state;
}

function sharedStates(): Map<string, unknown> {
  const known: unknown = Reflect.get(globalThis, registry);
  if (known instanceof Map) return known;
  const made = new Map<string, unknown>();
  Reflect.set(globalThis, registry, made);
  return made;
}
