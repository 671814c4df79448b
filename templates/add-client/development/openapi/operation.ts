import type { Answer, Method, Operation } from './document.ts';
import { readParameters } from './parameters.ts';
import { dereferenced } from './pointer.ts';
import { InexpressibleError, isRecord, recordOf } from './schema.ts';
import type { SchemaReader } from './schema-reader.ts';

/** The document that is read, and the readers of its schemas. */
export interface Reading {
  readonly document: unknown;
  readonly sent: SchemaReader;
  readonly received: SchemaReader;
}

/** Printable characters that a path may have, without those that end it. */
const pathPattern = /^(\/([\w.~!$&'()*+,;=:@%-]|\{[^{}/]+\})*)+$/;
const jsonType = /^application\/([\w.-]+\+)?json\s*(;|$)/i;

/**
 * Reads one operation; `undefined` when the path has none of that method.
 *
 * @throws InexpressibleError when it has no form here.
 */
export function readOperation(
  reading: Reading,
  method: Method,
  path: string,
  item: unknown,
): Operation | undefined {
  const shared = dereferenced(reading.document, item);
  const raw = shared[method.toLowerCase()];
  if (!isRecord(raw)) return undefined;
  if (path.length > 500 || !pathPattern.test(path) || /\/\/|\/\.{1,2}(\/|$)/.test(path))
    throw new InexpressibleError('its path cannot be that of a request');
  const { parameters, without } = readParameters(reading, path, shared, raw);
  const body = bodyOf(reading, raw.requestBody);
  const { operationId, summary } = raw;
  return {
    method,
    path,
    ...(typeof operationId === 'string' ? { operationId } : {}),
    ...(typeof summary === 'string' ? { summary } : {}),
    parameters,
    ...(body === undefined ? {} : { body }),
    answers: answersOf(reading, raw.responses),
    without,
  };
}

function bodyOf({ document, sent }: Reading, raw: unknown): Operation['body'] {
  if (raw === undefined) return undefined;
  const { content, required } = dereferenced(document, raw);
  const types = Object.keys(recordOf(content));
  if (types.length === 0) return undefined;
  const contentType = types.find((type) => jsonType.test(type));
  if (contentType === undefined) {
    if (required !== true) return undefined;
    throw new InexpressibleError('its request is no JSON');
  }
  const { schema } = recordOf(recordOf(content)[contentType]);
  return { contentType, required: required === true, schema: sent.read(schema) };
}

/** The answers of success; where none is declared, the one that stands for all. */
function answersOf({ document, received }: Reading, raw: unknown): readonly Answer[] {
  const responses = recordOf(raw);
  const declared = Object.keys(responses).filter((status) => /^2(\d\d|XX)$/i.test(status));
  const statuses = declared.length > 0 || !Object.hasOwn(responses, 'default') ? declared : ['2XX'];
  if (statuses.length === 0) throw new InexpressibleError('it says of no answer that it succeeded');
  return statuses.map((status): Answer => {
    const { content } = dereferenced(document, responses[status] ?? responses.default);
    const types = Object.keys(recordOf(content));
    const type = types.find((each) => jsonType.test(each));
    if (types.length > 0 && type === undefined)
      throw new InexpressibleError('its answer is no JSON');
    const { schema } = recordOf(recordOf(content)[type ?? '']);
    return {
      ...(/^\d+$/.test(status) ? { status: Number(status) } : {}),
      ...(type === undefined || status === '204' ? {} : { schema: received.read(schema) }),
    };
  });
}
