// multipart/form-data (RFC 7578), for forms of short text as the token endpoint gets them.

import type { Pairs } from './form-encoding.js';

/** The text fields of the body; undefined where it is not what its type promises. Files are left out. */
export function multipartFields(body: Buffer, contentType: string): Pairs | undefined {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]+)"|([^\s;"]+))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) return undefined;
  // Bytes as characters, so that no part is decoded before it has been cut out.
  const parts = `\r\n${body.toString('latin1')}`.split(`\r\n--${boundary}`);
  if (parts.length < 2 || parts.at(-1)?.startsWith('--') !== true) return undefined;
  return parts.slice(1, -1).flatMap((part) => {
    const field = fieldIn(part);
    return field === undefined ? [] : [field];
  });
}

function fieldIn(part: string): readonly [name: string, value: string] | undefined {
  const end = part.indexOf('\r\n\r\n');
  const headers = part.slice(0, end);
  const name = /^content-disposition:\s*form-data;.*?\bname="([^"]*)"/im.exec(headers)?.[1];
  if (end < 0 || name === undefined || /;\s*filename\*?=/i.test(headers)) return undefined;
  const text = (bytes: string): string => Buffer.from(bytes, 'latin1').toString();
  return [text(name), text(part.slice(end + 4))];
}
