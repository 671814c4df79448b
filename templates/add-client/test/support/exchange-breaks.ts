import type { z } from 'zod';
import type { Definitions, Schema } from '../../development/openapi/schema.ts';
import { refusals } from './compatibility.ts';

type JsonSchema = z.core.JSONSchema.JSONSchema;

/** A schema and what it refers to. */
interface Whole {
  readonly schema: Schema;
  readonly definitions: Definitions;
}

/** Why something that was sent may be refused. */
export function requestBreaks(needed: Whole, sent: Whole, what: string): string[] {
  return refusals(wholeOf(needed), wholeOf(sent), what);
}

/** Why an answer may not be what it was. What an answer has besides is let through here. */
export function answerBreaks(needed: Whole, sent: Whole): string[] {
  return refusals(opened(wholeOf(needed)), wholeOf(sent), 'answer');
}

function wholeOf({ schema, definitions }: Whole): JsonSchema {
  return JSON.parse(JSON.stringify({ ...schema, $defs: definitions }));
}

/** Without what forbids further properties. */
function opened(schema: JsonSchema): JsonSchema {
  const text = JSON.stringify(schema, (key, value) =>
    key === 'additionalProperties' && value === false ? undefined : value,
  );
  return JSON.parse(text);
}
