import { Transform, type TransformCallback } from 'node:stream';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { NamedError } from '../copies/index.ts';
import type { ShadowResult } from './strangler-metrics.ts';

/** An answer that is not compared, and why. */
export class SkippedError extends NamedError {
  override readonly name = 'SkippedError';
  readonly why: Extract<ShadowResult, `skipped_${string}`>;

  constructor(why: SkippedError['why']) {
    super(why);
    this.why = why;
  }
}

/** Lets a body through as it comes, and remembers it up to a size. */
export class Tap extends Transform {
  readonly largest: number;
  #kept: Buffer[] = [];
  #size = 0;

  constructor(largest: number) {
    super();
    this.largest = largest;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#size += chunk.length;
    if (this.#size <= this.largest) this.#kept.push(chunk);
    else this.#kept = [];
    done(null, chunk);
  }

  /** What went through. @throws SkippedError when it was too large. */
  body(): Buffer {
    if (this.#size > this.largest) throw new SkippedError('skipped_too_large');
    return Buffer.concat(this.#kept);
  }
}

/** Reads a body to its end. @throws SkippedError when it is too large; the rest is not read. */
export async function bodyOf(stream: AsyncIterable<Buffer>, largest: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > largest) throw new SkippedError('skipped_too_large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

type Decode = (body: Buffer, limit: { readonly maxOutputLength: number }) => Promise<Buffer>;

const gunzip: Decode = promisify(zlib.gunzip);

const decoders = new Map<string, Decode>([
  ['gzip', gunzip],
  ['x-gzip', gunzip],
  ['deflate', promisify(zlib.inflate)],
  ['br', promisify(zlib.brotliDecompress)],
  ['zstd', promisify(zlib.zstdDecompress)],
]);

/**
 * A body without its content encoding, up to a size (a small body may unpack to a huge one).
 *
 * @throws SkippedError when it cannot be unpacked.
 */
export async function decoded(
  body: Buffer,
  encoding: string | undefined,
  largest: number,
): Promise<Buffer> {
  if (encoding === undefined || encoding === 'identity' || body.length === 0) return body;
  const decode = decoders.get(encoding.toLowerCase());
  if (decode === undefined) throw new SkippedError('skipped_encoding');
  try {
    return await decode(body, { maxOutputLength: largest });
  } catch {
    throw new SkippedError('skipped_encoding');
  }
}
