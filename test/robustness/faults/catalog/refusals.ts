// Ion answers with an error that repeats the request, secrets and all.

import { answering, error, refused } from '../fault.js';
import type { Fault } from '../fault.js';
import type { Answer, Asked } from '../faulty-ion.js';
import { body } from '../writing.js';

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

/** No request holds more secrets: a code, its verifier and the client secret. */
const MOST_SECRETS = 3;

function secretsIn({ body: form, headers }: Asked): string[] {
  const sent = new URLSearchParams(form);
  const names = ['code', 'code_verifier', 'refresh_token', 'client_secret'];
  const token = headers['authorization']?.replace('Bearer ', '');
  return [...names.map((name) => sent.get(name)), token].filter(
    (secret) => typeof secret === 'string',
  );
}

/** Answers with what `content` makes of the request; the headers and the reason phrase repeat it too. */
function echoing(status: number, content: (asked: Asked) => object | string): Answer {
  return (asked) => {
    const echo = content(asked);
    // No header can carry a line break.
    const line = asked.text.replace(/\s+/g, ' ');
    const headers = {
      'X-Request': line,
      'WWW-Authenticate': `Bearer error="${line}"`,
      Location: `/?${line}`,
    };
    const text = typeof echo === 'string' ? echo : JSON.stringify(echo);
    body(text, { status: `${status} ${line}`, headers })(asked);
  };
}

/** An answer for each spelling of each secret of the request. */
function each(status: number, content: (echo: string) => object): Answer[] {
  const places = Array.from({ length: MOST_SECRETS }, (_, place) => place);
  return places.flatMap((place) =>
    spellings.map((spelled) =>
      echoing(status, (asked) => {
        const secrets = secretsIn(asked);
        return content(spelled(secrets[place % secrets.length] ?? ''));
      }),
    ),
  );
}

/** Every spelling of every secret, and the request, whole and without its head. */
function all(asked: Asked): string[] {
  const secrets = secretsIn(asked).flatMap((secret) => spellings.map((spelled) => spelled(secret)));
  return [...secrets, asked.text, asked.body];
}

const described = (echo: string): object => ({
  error: 'invalid_grant',
  error_description: echo,
  error_uri: echo,
});

function refusalsWith(status: number): readonly Fault[] {
  const other = refused(status);
  const grant = error(401, 'invalid_grant');
  return [
    answering(
      `${status} that repeats the request as text, or under names of its own`,
      [
        echoing(status, ({ text }) => text),
        echoing(status, (asked) => asked.body),
        echoing(status, ({ text, body: form }) => ({ request: text, form })),
      ],
      other,
    ),
    answering(
      `${status} that repeats it as detail, as details, as names of fields`,
      [
        echoing(status, (asked) => ({ detail: all(asked), details: all(asked) })),
        echoing(status, (asked) =>
          Object.fromEntries(all(asked).map((echo) => [echo, ['Unknown.']])),
        ),
        ...each(status, (echo) => ({ detail: echo })).slice(0, spellings.length),
        ...each(status, (echo) => ({ [echo]: 'Unknown.' })).slice(0, spellings.length),
      ],
      other,
    ),
    answering(
      `${status} that repeats it as error_description`,
      [echoing(status, ({ text }) => described(text)), ...each(status, described)],
      { ...other, token: grant, refresh: grant },
    ),
  ];
}

export const refusals: readonly Fault[] = [
  ...[400, 401, 500].flatMap((status) => refusalsWith(status)),
  answering(
    '400 that repeats it as error',
    each(400, (echo) => ({ error: echo })),
    refused(400),
  ),
];
