import type { z } from 'zod';
import { limitsBroken } from './limits.ts';

type Schema = z.core.JSONSchema.JSONSchema;

/** The whole schemas, which parts of them refer to, and what came of parts that were compared. */
interface Wholes {
  readonly needed: Schema;
  readonly sent: Schema;
  readonly known: Map<Schema, Map<Schema, string[]>>;
}

/**
 * Says why a datum that fits `sent` may be refused by `needed`; nothing when all that may be sent is
 * taken. Both are JSON Schemas as zod makes them. What it cannot tell apart it reports.
 *
 * @param at what the datum is called in the sentences.
 */
export function refusals(needed: Schema, sent: Schema, at = 'data'): string[] {
  return compare(needed, sent, at, { needed, sent, known: new Map() });
}

/** Whatever may be sent must be taken by one of the alternatives; the nearest one says why it is not. */
function compare(needed: Schema, sent: Schema, at: string, wholes: Wholes): string[] {
  const known = wholes.known.get(needed) ?? new Map<Schema, string[]>();
  const before = known.get(sent);
  if (before !== undefined) return before;
  // A schema that refers to itself is met again while it is compared.
  wholes.known.set(needed, known.set(sent, []));
  const takers = alternatives(needed, wholes.needed);
  const found = alternatives(sent, wholes.sent).flatMap((one) => {
    const reasons = takers.map((taker) => compareOne(taker, one, at, wholes));
    return reasons.sort((a, b) => a.length - b.length)[0] ?? [];
  });
  known.set(sent, found);
  return found;
}

function alternatives(schema: Schema, whole: Schema): Schema[] {
  if (schema.$ref !== undefined) return alternatives(referredTo(schema.$ref, whole), whole);
  const options = schema.anyOf ?? schema.oneOf;
  if (options !== undefined) return options.flatMap((option) => alternatives(option, whole));
  return Array.isArray(schema.type) ? schema.type.map((type) => ({ ...schema, type })) : [schema];
}

function referredTo(reference: string, whole: Schema): Schema {
  return whole.$defs?.[reference.split('/').at(-1) ?? ''] ?? whole;
}

function compareOne(needed: Schema, sent: Schema, at: string, wholes: Wholes): string[] {
  const known = valuesOf(needed);
  const values = valuesOf(sent);
  if (known !== undefined) {
    if (values === undefined) return [`${at} may be other than ${known.join(', ')}`];
    return values
      .filter((value) => !known.includes(value))
      .map((value) => `${at} may be ${value}, which is not known here`);
  }
  if (needed.type === undefined) return [];
  if (sent.type !== needed.type && !(sent.type === 'integer' && needed.type === 'number'))
    return [`${at} may be ${sent.type ?? 'anything'}, and ${needed.type} is needed`];
  if (values !== undefined) return [];
  const broken = limitsBroken(needed, sent).map((limit) => `${at} need not keep to ${limit}`);
  return [
    ...broken,
    ...propertiesOf(needed, sent, at, wholes),
    ...itemsOf(needed, sent, at, wholes),
  ];
}

/** The only values that fit, as they are written in JSON, when a schema lists them. */
function valuesOf(schema: Schema): string[] | undefined {
  const values = schema.const === undefined ? schema.enum : [schema.const];
  return values
    ?.filter((value) => schema.type !== 'null' || value === null)
    .map((value) => JSON.stringify(value));
}

function propertiesOf(needed: Schema, sent: Schema, at: string, wholes: Wholes): string[] {
  const { properties = {}, required = [] } = needed;
  const theirs = sent.properties ?? {};
  const listed = Object.entries(properties).flatMap(([key, property]) => {
    const place = `${at}.${key}`;
    const their = theirs[key];
    if (their === undefined) return required.includes(key) ? [`${place} is not sent`] : [];
    if (required.includes(key) && sent.required?.includes(key) !== true)
      return [`${place} may be left out`];
    return compare(whole(property), whole(their), place, wholes);
  });
  return [...listed, ...otherPropertiesOf(needed, sent, at, wholes)];
}

/** A property that is sent and not listed is let through, unless the schema says what others there may be. */
function otherPropertiesOf(needed: Schema, sent: Schema, at: string, wholes: Wholes): string[] {
  const rule = needed.additionalProperties ?? true;
  const rest = sent.additionalProperties ?? true;
  const others = Object.entries(sent.properties ?? {})
    .filter(([key]) => needed.properties?.[key] === undefined)
    .map(([key, property]): [string, Schema] => [`${at}.${key}`, whole(property)]);
  if (rest !== false) others.push([`${at}.*`, whole(rest)]);
  return others.flatMap(([place, other]) =>
    rule === false
      ? [`${place} may be sent, and no other property is taken`]
      : compare(whole(rule), other, place, wholes),
  );
}

function itemsOf(needed: Schema, sent: Schema, at: string, wholes: Wholes): string[] {
  const pairs = (needed.prefixItems ?? []).map((item, index) => [item, sent.prefixItems?.[index]]);
  if (!Array.isArray(needed.items) && !Array.isArray(sent.items) && needed.items !== undefined)
    pairs.push([needed.items, sent.items]);
  return pairs.flatMap(([ours, theirs]) => compare(whole(ours), whole(theirs), `${at}[]`, wholes));
}

/** A schema may be `true`, which everything fits. */
function whole(schema: Schema | boolean | undefined): Schema {
  return typeof schema === 'object' ? schema : {};
}
