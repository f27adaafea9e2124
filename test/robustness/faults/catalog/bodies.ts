// Defines faults in which the response has status 200, but a wrong body.

import { responding, everywhere, nobody, notJSON, shows, unusable, well } from '../fault.js';
import type { Fault } from '../fault.js';
import type { ResponseWriter, ReceivedRequest } from '../faulty-ion.js';
import { CHUNKED, LAST_CHUNK, body, changed, chunk, rightBody } from '../response-writers.js';

const noToken = { token: unusable, refresh: unusable };
const granted = { token: well, refresh: well };

/** Makes a fault whose JSON is valid for an API call, but not for a token or profile request. */
function json(name: string, text: string): Fault {
  return responding(name, body(text), {
    ...noToken,
    profile: nobody,
    api: shows(JSON.parse(text)),
  });
}

/** Makes a fault that sends a profile with each of these invalid ids. No one may be signed in. */
function ids(name: string, given: readonly unknown[]): Fault {
  const responses = given.map((id) => changed({ id }));
  return responding(`a profile with an id that is ${name}`, responses, { profile: nobody });
}

/** Makes a fault that sends a token response with each of these invalid access tokens. */
function accessTokens(name: string, given: readonly unknown[]): Fault {
  const responses = given.map((token) => changed({ access_token: token }));
  return responding(`an access_token that is ${name}`, responses, noToken);
}

/** Sends the correct response in the chunks that `cut` makes from its body. */
function inPieces(cut: (bytes: Buffer) => Buffer[]): ResponseWriter {
  return (request) => {
    const pieces = cut(Buffer.from(rightBody(request))).map((piece) => chunk(piece));
    request.connection.write(
      Buffer.concat([Buffer.from(CHUNKED), ...pieces, Buffer.from(LAST_CHUNK)]),
    );
  };
}

// Returns the positions where a cut would split a character. In UTF-8, the bytes there start with the bits
// 10.
function insides(bytes: Buffer): number[] {
  return [...bytes.keys()].filter((at) => ((bytes[at] ?? 0) & 0xc0) === 0x80);
}

/**
 * The number of places in a correct response where a boundary between two chunks would split a character. All
 * of them are in the person's name, and every correct response has the name below.
 */
const PLACES = insides(Buffer.from('Zoë Núñez-Łukasik 小梅 👩🏽‍🎓')).length;

function cutAt(place: number): ResponseWriter {
  return inPieces((bytes) => {
    const at = insides(bytes)[place] ?? 0;
    return [bytes.subarray(0, at), bytes.subarray(at)];
  });
}

function inPackets({ connection, right }: ReceivedRequest): void {
  const text = Buffer.from(JSON.stringify(right));
  connection.write(`HTTP/1.1 200 OK\r\nContent-Length: ${text.length}\r\n\r\n`);
  let sent = 0;
  const next = (): void => {
    if (sent === text.length || connection.closed) return;
    connection.write(text.subarray(sent, sent + 1));
    sent += 1;
    setImmediate(next);
  };
  next();
}

const deep = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

/** Sends the correct response with one more member in its JSON. */
function withMember(member: string): ResponseWriter {
  return body((request) => rightBody(request).replace(/\}$/, `,${member}}`));
}

export const bodies: readonly Fault[] = [
  json('null', 'null'),
  json('[]', '[]'),
  json('{}', '{}'),
  json('"x"', '"x"'),
  json('5', '5'),
  json('true', 'true'),
  responding('an empty body', body(''), {
    ...everywhere(notJSON),
    api: shows(undefined),
  }),
  responding('whitespace', body(' \r\n\t'), notJSON),
  responding(
    'JSON that is cut off',
    [1, 10, 20].map((less) => body((request) => rightBody(request).slice(0, -less))),
    notJSON,
  ),
  responding(
    'JSON with something after it',
    ['}', ' {}', '\0', '<!-- served by proxy -->'].map((rest) =>
      body((request) => rightBody(request) + rest),
    ),
    notJSON,
  ),
  responding(
    'JSON in UTF-16',
    body((request) => Buffer.from(`\ufeff${rightBody(request)}`, 'utf16le')),
    notJSON,
  ),
  responding(
    'JSON after a byte order mark',
    body((request) => `\ufeff${rightBody(request)}`),
    well,
  ),
  responding('a form in place of JSON', body('access_token=a&token_type=Bearer&id=1'), notJSON),
  responding('random bytes', body(Buffer.from('00ff1f8b08fffefa80c0c1f5', 'hex')), notJSON),
  responding('arrays 50,000 deep', body(deep(50_000)), {
    token: unusable,
    refresh: unusable,
    profile: nobody,
  }),
  responding(
    'the correct response, and arrays 50,000 deep in it',
    withMember(`"more":${deep(50_000)}`),
    { ...granted, profile: nobody },
  ),
  responding(
    'the correct response, and 100,000 objects in it',
    withMember(`"more":[${Array.from({ length: 100_000 }, () => '{}').join()}]`),
    { ...granted, profile: well },
  ),
  responding(
    'the correct response, and keys of Object.prototype in it',
    withMember(
      '"__proto__":{"id":1,"access_token":"x","admin":true},"constructor":1,"toString":null',
    ),
    { ...granted, profile: well },
  ),
  responding(
    `UTF-8 cut inside a character, at each of ${PLACES} places`,
    Array.from({ length: PLACES }, (_, place) => cutAt(place)),
    well,
  ),
  responding(
    'UTF-8 cut after every byte, in chunks and in packets',
    [inPieces((bytes) => [...bytes].map((byte) => Buffer.from([byte]))), inPackets],
    well,
  ),
  responding('no access_token', changed({ access_token: undefined }), noToken),
  accessTokens('null, a number, an object, an array, a boolean', [null, 5, {}, ['x'], true]),
  accessTokens('empty, or contains whitespace or a line break', ['', ' ', 'a b', 'a\r\nX: y']),
  accessTokens('made of characters that a header cannot have', ['é', '小', '\0', '\ud800']),
  responding(
    'a refresh_token that is null, a number, empty, or contains a line break',
    [null, 5, '', 'a\nb', {}].map((token) => changed({ refresh_token: token })),
    granted,
  ),
  responding(
    'an expires_in that is not a number of seconds',
    [null, 'soon', -1, {}, '1e9', 1e300].map((seconds) => changed({ expires_in: seconds })),
    granted,
  ),
  responding('a profile without id', changed({ id: undefined }), { profile: nobody }),
  ids('null', [null]),
  ids('an object or an array', [{}, [], [3], { id: 3 }]),
  ids('a string that is not a number', [
    '',
    ' ',
    'x',
    '3 ',
    '3x',
    '٣',
    'null',
    '0',
    '-3',
    '+3',
    '03',
    '3.0',
    '1e3',
  ]),
  ids('zero, negative, a fraction, or too large to be exact', [0, -3, 1.5, 2 ** 53, 1e300]),
  ids('a boolean', [true, false]),
];
