// multipart/form-data (RFC 7578), for forms of short text as the token endpoint gets them, read as Django reads it.

import type { Pairs } from './form-encoding.js';

// Django looks no further for the end of a part's headers.
const MOST_HEADER_BYTES = 1024;

/** The text fields of the body; undefined where it cannot be read. Files are left out. */
export function multipartFields(body: Buffer, contentType: string): Pairs | undefined {
  const boundary = parameterIn(contentType, 'boundary');
  if (boundary === undefined || !/^[ -~]{0,200}[!-~]$/.test(boundary)) return undefined;
  // Bytes as characters, so that no part is decoded before it has been cut out. Django minds neither
  // whether a boundary begins a line, nor whether the last one is there.
  const parts = body.toString('latin1').split(`--${boundary}`);
  const last = parts.pop() ?? '';
  const whole = [...parts.map((part) => part.replace(/\r?\n?$/, '')), last];
  if (whole.some(hasLongHeaders)) return undefined;
  return whole.flatMap((part) => {
    const field = fieldIn(part);
    return field === undefined ? [] : [field];
  });
}

function hasLongHeaders(part: string): boolean {
  const end = part.slice(0, MOST_HEADER_BYTES).indexOf('\r\n\r\n');
  return end < 0 && part.length >= MOST_HEADER_BYTES;
}

function fieldIn(part: string): readonly [name: string, value: string] | undefined {
  const end = part.indexOf('\r\n\r\n');
  const lines = end < 0 ? [] : part.slice(0, end).split('\r\n');
  const disposition = lines.findLast((line) => /^content-disposition:/i.test(line));
  const name = disposition && parameterIn(disposition, 'name');
  if (name === undefined || parameterIn(disposition ?? '', 'filename')) return undefined;
  const text = (bytes: string): string => Buffer.from(bytes, 'latin1').toString();
  return [text(name.trim()), text(part.slice(end + 4))];
}

function parameterIn(header: string, name: string): string | undefined {
  const value = `\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|([^;]*))`;
  const [, quoted, plain] = new RegExp(`;\\s*${name}\\s*=${value}`, 'i').exec(header) ?? [];
  return quoted?.replace(/\\(.)/g, '$1') ?? plain?.trim();
}
