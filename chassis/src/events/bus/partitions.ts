/** FNV-1a, 32 bit, over the UTF-8 bytes: the same partition for a key in every process and release. */
export function partitionOf(key: string, count: number): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(key)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash % count;
}
