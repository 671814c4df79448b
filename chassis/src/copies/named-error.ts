const brand = Symbol.for('service-chassis.error');

/**
 * An error that is known by the name of its class. Of a part there may be two copies in one process, the
 * package's and one that was ejected into the service: `instanceof` holds between them, too.
 */
export class NamedError extends Error {
  static override readonly [Symbol.hasInstance] = hasNameOf;

  static {
    Object.defineProperty(NamedError.prototype, brand, { value: true });
  }
}

/** Whether an error is of a class of that name, or of one that extends it. */
function hasNameOf(this: { readonly name: string }, value: unknown): boolean {
  if (!(value instanceof Object && brand in value)) return false;
  let prototype: unknown = Object.getPrototypeOf(value);
  while (prototype instanceof Object) {
    if (prototype.constructor.name === this.name) return true;
    prototype = Object.getPrototypeOf(prototype);
  }
  return false;
}
