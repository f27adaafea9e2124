// Defines faults in which an error response repeats the request, including its secrets.

import { responding, error, refused } from '../fault.js';
import type { Fault } from '../fault.js';
import type { ResponseWriter, ReceivedRequest } from '../faulty-ion.js';
import { body } from '../response-writers.js';

const spellings: readonly ((text: string) => string)[] = [
  (text) => text,
  encodeURIComponent,
  (text) => Buffer.from(text).toString('base64'),
  (text) => Buffer.from(text).toString('base64url'),
  (text) => Buffer.from(`the-application:${text}`).toString('base64'),
  (text) => Buffer.from(text).toString('hex'),
  (text) => text.toLowerCase(),
  (text) => `no_${text}`,
  (text) => `You sent ${text}, which I do not know.`,
];

/** A request has at most three secrets: a code, its verifier, and the client secret. */
const MAX_SECRETS = 3;

function secretsIn({ body: form, headers }: ReceivedRequest): string[] {
  const sent = new URLSearchParams(form);
  const names = ['code', 'code_verifier', 'refresh_token', 'client_secret'];
  const token = headers['authorization']?.replace('Bearer ', '');
  return [...names.map((name) => sent.get(name)), token].filter(
    (secret) => typeof secret === 'string',
  );
}

/** Responds with what `content` returns. The headers and the reason phrase repeat the request, too. */
function echoing(
  status: number,
  content: (request: ReceivedRequest) => object | string,
): ResponseWriter {
  return (request) => {
    const echo = content(request);
    // A header cannot contain a line break.
    const line = request.text.replace(/\s+/g, ' ');
    const headers = {
      'X-Request': line,
      'WWW-Authenticate': `Bearer error="${line}"`,
      Location: `/?${line}`,
    };
    const text = typeof echo === 'string' ? echo : JSON.stringify(echo);
    body(text, { status: `${status} ${line}`, headers })(request);
  };
}

/** Makes one response for each spelling of each secret in the request. */
function each(status: number, content: (echo: string) => object): ResponseWriter[] {
  const places = Array.from({ length: MAX_SECRETS }, (_, place) => place);
  return places.flatMap((place) =>
    spellings.map((spelled) =>
      echoing(status, (request) => {
        const secrets = secretsIn(request);
        return content(spelled(secrets[place % secrets.length] ?? ''));
      }),
    ),
  );
}

/**
 * Returns everything that a response might repeat: each secret in each spelling, the whole request, and the
 * request's body alone.
 */
function all(request: ReceivedRequest): string[] {
  const secrets = secretsIn(request).flatMap((secret) =>
    spellings.map((spelled) => spelled(secret)),
  );
  return [...secrets, request.text, request.body];
}

const described = (echo: string): object => ({
  error: 'invalid_grant',
  error_description: echo,
  error_uri: echo,
});

function echoesWith(status: number): readonly Fault[] {
  const other = refused(status);
  const grant = error(401, 'invalid_grant');
  return [
    responding(
      `${status} that repeats the request as text, or under names of its own`,
      [
        echoing(status, ({ text }) => text),
        echoing(status, (request) => request.body),
        echoing(status, ({ text, body: form }) => ({ request: text, form })),
      ],
      other,
    ),
    responding(
      `${status} that repeats it as detail, as details, as names of fields`,
      [
        echoing(status, (request) => ({ detail: all(request), details: all(request) })),
        echoing(status, (request) =>
          Object.fromEntries(all(request).map((echo) => [echo, ['Unknown.']])),
        ),
        ...each(status, (echo) => ({ detail: echo })).slice(0, spellings.length),
        ...each(status, (echo) => ({ [echo]: 'Unknown.' })).slice(0, spellings.length),
      ],
      other,
    ),
    responding(
      `${status} that repeats it as error_description`,
      [echoing(status, ({ text }) => described(text)), ...each(status, described)],
      { ...other, token: grant, refresh: grant },
    ),
  ];
}

export const echoedSecrets: readonly Fault[] = [
  ...[400, 401, 500].flatMap((status) => echoesWith(status)),
  responding(
    '400 that repeats it as error',
    each(400, (echo) => ({ error: echo })),
    refused(400),
  ),
];
