// Tests the code that writes pictures as PNG files (ISO/IEC 15948).

import { crc32, inflateSync } from 'node:zlib';

import { png } from '../../../lib/local-ion/data/png.js';
import { chunksOf } from './png-chunks.js';

describe('png', () => {
  const file = png(
    3,
    2,
    [
      [1, 2, 3],
      [250, 251, 252],
    ],
    (x, y) => (x + y) % 2,
  );
  const chunks = chunksOf(file);

  it('begins with the PNG signature', () => {
    expect(file.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  });

  it('has a header, a palette, pixels and an end, each with its checksum', () => {
    expect(chunks.map(({ type }) => type)).toEqual(['IHDR', 'PLTE', 'IDAT', 'IEND']);
    for (const { type, data, checksum } of chunks) {
      expect(checksum).toBe(crc32(Buffer.concat([Buffer.from(type), data])));
    }
  });

  it('has the given size, with 8 bits per pixel, which are an index into the palette', () => {
    expect([...(chunks[0]?.data ?? [])]).toEqual([0, 0, 0, 3, 0, 0, 0, 2, 8, 3, 0, 0, 0]);
    expect([...(chunks[1]?.data ?? [])]).toEqual([1, 2, 3, 250, 251, 252]);
  });

  it('has the pixels row by row, with a filter byte of 0 before each row', () => {
    const pixels = inflateSync(chunks[2]?.data ?? Buffer.alloc(0));
    expect([...pixels]).toEqual([0, 0, 1, 0, 0, 1, 0, 1]);
  });
});
