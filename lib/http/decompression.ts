// Bodies that a proxy has compressed, though nobody asked for it. Loaded where there is one.

import { promisify } from 'node:util';
import zlib = require('node:zlib');

const unzip = promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.unzip);
const unbrotli = promisify<Buffer, zlib.BrotliOptions, Buffer>(zlib.brotliDecompress);

/** The body as it was; it rejects where that is over `limit` bytes, or the encoding is another. */
export function decompressed(bytes: Buffer, encoding: string, limit: number): Promise<Buffer> {
  const options = { maxOutputLength: limit };
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
    case 'deflate':
      return unzip(bytes, options);
    case 'br':
      return unbrotli(bytes, options);
    default:
      return Promise.reject(new Error('not known'));
  }
}
