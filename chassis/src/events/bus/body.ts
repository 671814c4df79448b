import { isUtf8 } from 'node:buffer';
import type { Message } from './bus.ts';

/** A message's body: its text, and its bytes where they are not those of the text. */
export type Body = Pick<Message, 'body' | 'base64'>;

/** Returns the body that some bytes are. What is not UTF-8 keeps its bytes beside the text. */
export function bodyFrom(bytes: Uint8Array): Body {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const body = buffer.toString();
  return isUtf8(bytes) ? { body } : { body, base64: buffer.toString('base64') };
}

/** Returns the bytes of a body, as they came or are to be sent. */
export function bodyBytes({ body, base64 }: Body): Buffer {
  return base64 === undefined ? Buffer.from(body) : Buffer.from(base64, 'base64');
}

/** Returns how many bytes a body has. */
export function bodyLength({ body, base64 }: Body): number {
  return base64 === undefined ? Buffer.byteLength(body) : Buffer.byteLength(base64, 'base64');
}
