// The answers that come up again and again, for toMatchObject.

import type { HTTPResponse } from './send.js';

const never = { 'cache-control': 'no-store', pragma: 'no-cache' };

/** An answer of the token, revocation or authorization server: JSON as Python writes it. */
export function oauthError(status: number, error: string, description?: string): object {
  const more =
    description === undefined ? '' : `, "error_description": ${JSON.stringify(description)}`;
  return {
    status,
    headers: { 'content-type': 'application/json', ...never },
    text: `{"error": ${JSON.stringify(error)}${more}}`,
  };
}

/** The client is not known, or not by this secret. */
export const invalidClient: object = {
  status: 401,
  headers: {
    'content-type': 'application/json',
    'www-authenticate': 'Bearer error="invalid_client"',
    ...never,
  },
  text: '{"error": "invalid_client"}',
};

export const invalidGrant: object = oauthError(400, 'invalid_grant');

/** An error of the API, by REST framework. */
export function detail(status: number, text: string): object {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    text: JSON.stringify({ detail: text }),
  };
}

/** What every dead token is answered. */
export const notAuthenticated: object = detail(
  403,
  'Authentication credentials were not provided.',
);

export const noPermission: object = detail(
  403,
  'You do not have permission to perform this action.',
);

/** Nobody of that id or username. */
export const noSuchPerson: object = {
  status: 404,
  headers: { 'content-type': 'application/json' },
  text: '{"details":["Object does not exist (in database)."]}',
};

/** The methods of the Allow header. Ion lists some of them in another order after every start. */
export function allowed({ headers }: HTTPResponse): readonly string[] {
  return (headers.allow ?? '').split(', ').sort();
}

/** An id that nobody has. 999999 will not do: on Ion, that is an account of its own. */
export const NOBODY = '88888888';

/** What Ion answers if it fails inside the API. */
export const unknownError: object = {
  status: 500,
  headers: { 'content-type': 'application/json' },
  text: '{"details":["Unknown error occurred."]}',
};
