// Reads a PNG file's chunks (ISO/IEC 15948, section 5).

export interface Chunk {
  readonly type: string;
  readonly data: Buffer;
  readonly checksum: number;
}

/** Returns the chunks of a PNG file in their order. */
export function chunksOf(file: Buffer): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = 8; at < file.length;) {
    const length = file.readUInt32BE(at);
    const data = file.subarray(at + 8, at + 8 + length);
    const type = file.toString('latin1', at + 4, at + 8);
    chunks.push({ type, data, checksum: file.readUInt32BE(at + 8 + length) });
    at += length + 12;
  }
  return chunks;
}
