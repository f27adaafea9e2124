// Responses that many tests expect, as arguments for toMatchObject.

import type { HTTPResponse } from './send.js';

const notCached = { 'cache-control': 'no-store', pragma: 'no-cache' };

/** Returns an OAuth error response, in JSON with spaces where Python puts them. */
export function oauthError(status: number, error: string, description?: string): object {
  const more =
    description === undefined ? '' : `, "error_description": ${JSON.stringify(description)}`;
  return {
    status,
    headers: { 'content-type': 'application/json', ...notCached },
    text: `{"error": ${JSON.stringify(error)}${more}}`,
  };
}

/** The error for an unknown client or a wrong secret. */
export const invalidClient: object = {
  status: 401,
  headers: {
    'content-type': 'application/json',
    'www-authenticate': 'Bearer error="invalid_client"',
    ...notCached,
  },
  text: '{"error": "invalid_client"}',
};

export const invalidGrant: object = oauthError(400, 'invalid_grant');

/** Returns an API error in the form that Django REST framework gives it. */
export function detail(status: number, text: string): object {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    text: JSON.stringify({ detail: text }),
  };
}

/** The API's response to every invalid token. */
export const notAuthenticated: object = detail(
  403,
  'Authentication credentials were not provided.',
);

export const noPermission: object = detail(
  403,
  'You do not have permission to perform this action.',
);

/** The API's error for an unknown id or username. */
export const noSuchPerson: object = {
  status: 404,
  headers: { 'content-type': 'application/json' },
  text: '{"details":["Object does not exist (in database)."]}',
};

/** Returns the methods in the Allow header, sorted, because the order of some changes each time Ion starts. */
export function allowed({ headers }: HTTPResponse): readonly string[] {
  return (headers.allow ?? '').split(', ').sort();
}

/** An id that no one has. 999999 would not do, because it belongs to a special account on Ion. */
export const NOBODY = '88888888';

/** Ion's response if one of its API views fails. */
export const unknownError: object = {
  status: 500,
  headers: { 'content-type': 'application/json' },
  text: '{"details":["Unknown error occurred."]}',
};
