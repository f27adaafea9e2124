// Ion answers with an error that repeats the request, secrets and all.

import { answering, error, refused } from '../fault.js';
import type { Fault, Outcome } from '../fault.js';
import type { Asked, Leg } from '../faulty-ion.js';
import { body } from '../writing.js';

/** How the request comes back: whole, or one secret of it, in a spelling. */
const spellings: readonly ((text: string) => string)[] = [
  (text) => text,
  encodeURIComponent,
  (text) => Buffer.from(text).toString('base64'),
  (text) => Buffer.from(text).toString('base64url'),
  (text) => Buffer.from(`the-application:${text}`).toString('base64'),
  (text) => Buffer.from(text).toString('hex'),
  (text) => text.toLowerCase(),
  (text) => `You sent ${text}, which I do not know.`,
  (text) => `no_${text}`,
];

/** What may come back of a request. */
function parts({ text, body: form, headers }: Asked): string[] {
  const secrets = [...new URLSearchParams(form).values(), headers['authorization'] ?? ''];
  return [text, form, ...secrets].filter(Boolean);
}

/** Every part in every spelling, one answer each. */
function echoes(status: number, content: (echo: string) => object | string): Fault['behaviours'] {
  return Array.from({ length: 9 * spellings.length }, (_, index) => ({
    kind: 'answer' as const,
    answer: (asked: Asked): void => {
      const all = parts(asked);
      const part = all[Math.floor(index / spellings.length) % all.length] ?? '';
      const written = content(spellings[index % spellings.length]?.(part) ?? part);
      const echoed = typeof written === 'string' ? written : JSON.stringify(written);
      // Headers can carry no line break.
      const line = part.replace(/[\r\n]+/g, ' ');
      const headers = { 'X-Request': line, 'WWW-Authenticate': `Bearer error="${line}"`, Location: `/?${line}` };
      body(echoed, { status: `${status} ${line}`, headers })(asked);
    },
  }));
}

function echoing(
  name: string,
  status: number,
  content: (echo: string) => object | string,
  outcomes: Readonly<Record<Leg, Outcome>>,
): Fault {
  return {
    name: `${status} that repeats the request ${name}`,
    behaviours: echoes(status, content),
    outcomes,
    requests: 1,
    heavy: false,
  };
}

function refusing(status: number): readonly Fault[] {
  const other = refused(status);
  const grant = error(status, 'invalid_grant');
  return [
    echoing('as error', status, (echo) => ({ error: echo }), other),
    echoing(
      'as error_description',
      status,
      (echo) => ({ error: 'invalid_grant', error_description: echo, error_uri: echo }),
      { ...other, token: grant, refresh: grant },
    ),
    echoing('as detail and details', status, (echo) => ({ detail: echo, details: [echo, echo] }), other),
    echoing('as the name of a field', status, (echo) => ({ [echo]: ['This field is required.'] }), other),
    echoing('as text', status, (echo) => echo, other),
  ];
}

export const refusals: readonly Fault[] = [400, 401, 500].flatMap((status) => refusing(status));
