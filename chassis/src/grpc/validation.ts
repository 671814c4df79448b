import { Code, ConnectError } from '@connectrpc/connect';
import type { ZodType } from 'zod';
import { BadRequestSchema } from './gen/google/rpc/error_details_pb.ts';

/**
 * What a request says, if it is valid.
 *
 * @throws ConnectError INVALID_ARGUMENT with every field that is not, as google.rpc.BadRequest.
 */
export function validated<T>(schema: ZodType<T>, request: unknown): T {
  const { data, error } = schema.safeParse(request);
  if (error === undefined) return data;
  const fieldViolations = error.issues.map(({ path, message }) => ({
    field: path.map((step) => snakeCase(String(step))).join('.'),
    description: message,
  }));
  const words = fieldViolations.map(({ field, description }) => `${field}: ${description}`);
  const details = [{ desc: BadRequestSchema, value: { fieldViolations } }];
  throw new ConnectError(words.join('; '), Code.InvalidArgument, undefined, details);
}

/** As the field is called in the `.proto`. */
function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
