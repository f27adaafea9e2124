// Ion answers 200 with what it should not.

import { answering, everywhere, nobody, notJSON, shows, unusable, well } from '../fault.js';
import type { Fault } from '../fault.js';
import type { Answer, Asked } from '../faulty-ion.js';
import { CHUNKED, LAST_CHUNK, body, changed, chunk, rightBody } from '../writing.js';

const noToken = { token: unusable, refresh: unusable };
const granted = { token: well, refresh: well };

/** JSON that is no object: the API may answer with any. */
function json(name: string, text: string): Fault {
  return answering(name, body(text), { ...noToken, profile: nobody, api: shows(JSON.parse(text)) });
}

/** Any of these ids names nobody. */
function ids(name: string, given: readonly unknown[]): Fault {
  const answers = given.map((id) => changed({ id }));
  return answering(`a profile with an id that is ${name}`, answers, { profile: nobody });
}

/** Any of these is no access token. */
function accessTokens(name: string, given: readonly unknown[]): Fault {
  const answers = given.map((token) => changed({ access_token: token }));
  return answering(`an access_token that is ${name}`, answers, noToken);
}

/** The right answer, its bytes given to the parser in these pieces. */
function inPieces(cut: (bytes: Buffer) => Buffer[]): Answer {
  return (asked) => {
    const pieces = cut(Buffer.from(rightBody(asked))).map((piece) => chunk(piece));
    asked.connection.write(
      Buffer.concat([Buffer.from(CHUNKED), ...pieces, Buffer.from(LAST_CHUNK)]),
    );
  };
}

// Where a character of the body goes on: the bytes 10xxxxxx.
function insides(bytes: Buffer): number[] {
  return [...bytes.keys()].filter((at) => ((bytes[at] ?? 0) & 0xc0) === 0x80);
}

/** How many places there are inside the characters of a right answer: the name's, in each of them. */
const PLACES = insides(Buffer.from('Zoë Núñez-Łukasik 小梅 👩🏽‍🎓')).length;

function cutAt(place: number): Answer {
  return inPieces((bytes) => {
    const at = insides(bytes)[place] ?? 0;
    return [bytes.subarray(0, at), bytes.subarray(at)];
  });
}

function inPackets({ connection, right }: Asked): void {
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

/** The right answer with another member, written as it is. */
function withMember(member: string): Answer {
  return body((asked) => rightBody(asked).replace(/\}$/, `,${member}}`));
}

export const bodies: readonly Fault[] = [
  json('null', 'null'),
  json('[]', '[]'),
  json('{}', '{}'),
  json('"x"', '"x"'),
  json('5', '5'),
  json('true', 'true'),
  answering('an empty body', body(''), {
    ...everywhere(notJSON),
    api: shows(undefined),
  }),
  answering('white space', body(' \r\n\t'), notJSON),
  answering(
    'cut JSON',
    [1, 10, 20].map((less) => body((asked) => rightBody(asked).slice(0, -less))),
    notJSON,
  ),
  answering(
    'JSON with something after it',
    ['}', ' {}', '\0', '<!-- served by proxy -->'].map((rest) =>
      body((asked) => rightBody(asked) + rest),
    ),
    notJSON,
  ),
  answering(
    'JSON in UTF-16',
    body((asked) => Buffer.from(`\ufeff${rightBody(asked)}`, 'utf16le')),
    notJSON,
  ),
  answering(
    'JSON after a byte order mark',
    body((asked) => `\ufeff${rightBody(asked)}`),
    well,
  ),
  answering('a form in place of JSON', body('access_token=a&token_type=Bearer&id=1'), notJSON),
  answering('random bytes', body(Buffer.from('00ff1f8b08fffefa80c0c1f5', 'hex')), notJSON),
  answering('arrays 50,000 deep', body(deep(50_000)), {
    token: unusable,
    refresh: unusable,
    profile: nobody,
  }),
  answering(
    'the right answer, and arrays 50,000 deep in it',
    withMember(`"more":${deep(50_000)}`),
    { ...granted, profile: nobody },
  ),
  answering(
    'the right answer, and 100,000 objects in it',
    withMember(`"more":[${Array.from({ length: 100_000 }, () => '{}').join()}]`),
    { ...granted, profile: well },
  ),
  answering(
    'the right answer, and keys of Object.prototype in it',
    withMember(
      '"__proto__":{"id":1,"access_token":"x","admin":true},"constructor":1,"toString":null',
    ),
    { ...granted, profile: well },
  ),
  answering(
    `UTF-8 cut inside a character, at each of ${PLACES} places`,
    Array.from({ length: PLACES }, (_, place) => cutAt(place)),
    well,
  ),
  answering(
    'UTF-8 cut after every byte, in chunks and in packets',
    [inPieces((bytes) => [...bytes].map((byte) => Buffer.from([byte]))), inPackets],
    well,
  ),
  answering('no access_token', changed({ access_token: undefined }), noToken),
  accessTokens('null, a number, an object, an array, a boolean', [null, 5, {}, ['x'], true]),
  accessTokens('empty, or holds white space or a line break', ['', ' ', 'a b', 'a\r\nX: y']),
  accessTokens('holds letters that no header can carry', ['é', '小', '\0', '\ud800']),
  answering(
    'a refresh_token that is null, a number, empty, or holds a line break',
    [null, 5, '', 'a\nb', {}].map((token) => changed({ refresh_token: token })),
    granted,
  ),
  answering(
    'an expires_in that is no number of seconds',
    [null, 'soon', -1, {}, '1e9', 1e300].map((seconds) => changed({ expires_in: seconds })),
    granted,
  ),
  answering('a profile without id', changed({ id: undefined }), { profile: nobody }),
  ids('null', [null]),
  ids('an object or an array', [{}, [], [3], { id: 3 }]),
  ids('a text that is no number', [
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
