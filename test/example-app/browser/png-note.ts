// Hides a line of text in a PNG file, where image viewers don't show it: in a tEXt chunk (ISO/IEC 15948).

import { crc32 } from 'node:zlib';

const KEYWORD = 'Source';
const SIGNATURE = 8;

/** Returns the picture with the note added. */
export function withNote(png: Buffer, note: string): Buffer {
  // The note goes before the last chunk, IEND, which is 12 bytes long.
  const end = png.length - 12;
  const typed = Buffer.from(`tEXt${KEYWORD}\0${note}`, 'latin1');
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(typed.length - 4);
  check.writeUInt32BE(crc32(typed));
  return Buffer.concat([png.subarray(0, end), length, typed, check, png.subarray(end)]);
}

/** Returns the note in the picture, if there is one. */
export function noteIn(png: Buffer): string | undefined {
  for (let at = SIGNATURE; at < png.length; at += png.readUInt32BE(at) + 12) {
    const chunk = png.toString('latin1', at + 4, at + 8 + png.readUInt32BE(at));
    if (chunk.startsWith(`tEXt${KEYWORD}\0`)) return chunk.slice(`tEXt${KEYWORD}\0`.length);
  }
  return undefined;
}
