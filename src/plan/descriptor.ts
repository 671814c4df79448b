/** Which fields of a descriptor's message are messages themselves; all others that have a length are text or bytes. */
interface MessageKind {
  readonly [field: number]: MessageKind;
}

const field: MessageKind = {};
const enumeration: MessageKind = { 2: {} };
const service: MessageKind = { 2: {} };
const leaf: MessageKind = { 2: field, 4: enumeration, 6: field, 8: {} };
/** Messages inside of messages, three levels of them. */
const message: MessageKind = { ...leaf, 3: { ...leaf, 3: leaf } };
/** google.protobuf.FileDescriptorProto, as far as templates use it. */
const file: MessageKind = { 4: message, 5: enumeration, 6: service, 7: field };

/**
 * Fills the words of a template into code that protoc-gen-es generates: its text, and the descriptor in
 * it, which is binary in base64. So the code is what the generator would make of the filled `.proto`,
 * byte for byte, and nothing needs to run it.
 */
export function fillGenerated(code: string, fill: (text: string) => string): string {
  return fill(code).replace(
    /(?<=fileDesc\(")[\w+/]+/,
    (base64) =>
      Buffer.from(fillMessage(Buffer.from(base64, 'base64'), file, fill))
        .toString('base64')
        .replace(/=+$/, ''), // As protobuf-es writes it.
  );
}

/** Writes a message again with its texts filled, and so with other lengths. */
function fillMessage(
  encoded: Uint8Array,
  kind: MessageKind,
  fill: (text: string) => string,
): number[] {
  const written: number[] = [];
  for (let at = 0; at < encoded.length; ) {
    const tag = readVarint(encoded, at);
    const value = readVarint(encoded, tag.end);
    // Descriptors hold numbers as varints (0) and everything else with a length (2).
    if (tag.value % 8 === 0) {
      written.push(...encoded.subarray(at, value.end));
      at = value.end;
      continue;
    }
    if (tag.value % 8 !== 2) throw new Error('The template holds no descriptor.');
    at = value.end + value.value;
    const content = encoded.subarray(value.end, at);
    const inner = kind[Math.floor(tag.value / 8)];
    const filled =
      inner === undefined
        ? Buffer.from(fill(Buffer.from(content).toString('latin1')), 'latin1')
        : fillMessage(content, inner, fill);
    written.push(...varint(tag.value), ...varint(filled.length), ...filled);
  }
  return written;
}

function readVarint(bytes: Uint8Array, start: number): { value: number; end: number } {
  let value = 0;
  for (let at = start; ; at += 1) {
    const byte = bytes[at] ?? 0;
    value += (byte % 128) * 2 ** (7 * (at - start));
    if (byte < 128) return { value, end: at + 1 };
  }
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [128 + (value % 128), ...varint(Math.floor(value / 128))];
}
