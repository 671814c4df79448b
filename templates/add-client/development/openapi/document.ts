import { readOperation } from './operation.ts';
import {
  type Definitions,
  InexpressibleError,
  isRecord,
  listOf,
  recordOf,
  type Schema,
} from './schema.ts';
import { SchemaReader } from './schema-reader.ts';

export const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

export type Method = (typeof methods)[number];

/** What a request says outside of its body. */
export interface Parameter {
  readonly in: 'path' | 'query' | 'header';
  readonly name: string;
  readonly required: boolean;
  readonly schema: Schema;
  /** Of a list in a query: its items stand between commas, and not each under the name again. */
  readonly joined: boolean;
}

/** What a request is answered with when it succeeds. */
export interface Answer {
  /** Without one: any from 200 to 299. */
  readonly status?: number;
  /** Without one there is no body. */
  readonly schema?: Schema;
}

/** One operation of an API. */
export interface Operation {
  readonly method: Method;
  /** With its parameters in braces, below the base path of the API. */
  readonly path: string;
  readonly operationId?: string;
  readonly summary?: string;
  readonly parameters: readonly Parameter[];
  readonly body?: {
    readonly contentType: string;
    readonly required: boolean;
    readonly schema: Schema;
  };
  readonly answers: readonly Answer[];
  /** Optional parameters that have no form here. */
  readonly without: readonly string[];
}

/** An API as its OpenAPI document describes it. */
export interface Api {
  readonly operations: readonly Operation[];
  /** Operations that have no form here, and why. */
  readonly leftOut: readonly { readonly operation: string; readonly reason: string }[];
  /** What the schemas of requests and those of answers refer to. */
  readonly sent: Definitions;
  readonly received: Definitions;
}

/** The document is none of OpenAPI 3.0 or 3.1, or not one that stands alone. */
export class DocumentError extends Error {
  override readonly name = 'DocumentError';
}

const mostOperations = 2000;

/**
 * Reads an OpenAPI document, 3.0 or 3.1. Whoever wrote it is not trusted: what it says ends up in
 * data, never in code.
 *
 * @param nameOf gives a reference a name of its own.
 * @throws DocumentError saying what it is instead.
 */
export function readApi(document: unknown, nameOf: (reference: string) => string): Api {
  if (!isRecord(document)) throw new DocumentError('is no object');
  const { openapi, swagger, paths } = document;
  if (swagger !== undefined) throw new DocumentError('is of Swagger 2.0, and not of OpenAPI 3');
  if (typeof openapi !== 'string') throw new DocumentError('does not say "openapi": "3.…"');
  if (!/^3\.[01](\.\d+)?$/.test(openapi))
    throw new DocumentError('is of another version of OpenAPI than 3.0 and 3.1');
  refuseForeign(document);
  const sent = new SchemaReader(document, 'sent', nameOf);
  const received = new SchemaReader(document, 'received', nameOf);
  const operations: Operation[] = [];
  const leftOut: { operation: string; reason: string }[] = [];
  for (const [path, item] of Object.entries(recordOf(paths))) {
    for (const method of methods) {
      try {
        const found = readOperation({ document, sent, received }, method, path, item);
        if (found !== undefined) operations.push(found);
      } catch (error) {
        if (!(error instanceof InexpressibleError)) throw error;
        leftOut.push({ operation: `${method} ${path}`, reason: error.message });
      }
      if (operations.length + leftOut.length > mostOperations)
        throw new DocumentError(`has more than ${mostOperations} operations`);
    }
  }
  return { operations, leftOut, sent: sent.definitions, received: received.definitions };
}

/** The path of an API's first server, which all its paths are below; without a slash at its end. */
export function basePathOf(document: unknown): string {
  const [server] = listOf(recordOf(document).servers);
  const { url } = recordOf(server);
  if (typeof url !== 'string' || url.includes('{')) return '';
  return URL.canParse(url, 'http://base')
    ? new URL(url, 'http://base').pathname.replace(/\/+$/, '')
    : '';
}

/** @throws DocumentError for a reference to another document: what that says is not known here. */
function refuseForeign(document: unknown): void {
  const pending: unknown[] = [document];
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value !== 'object' || value === null) continue;
    const reference = isRecord(value) ? value.$ref : undefined;
    if (typeof reference === 'string' && !reference.startsWith('#'))
      throw new DocumentError(
        `refers to another document, ${JSON.stringify(shortened(reference))}`,
      );
    pending.push(...Object.values(value));
  }
}

function shortened(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
