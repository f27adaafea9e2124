// Handles API requests: checks permissions, runs the view, and sends the result in the format that was asked for.

import type { OutgoingHttpHeaders } from 'node:http';

import { negotiate, render, renderersOf } from './formats.js';
import { NOT_PERMITTED } from './view.js';
import type { Requester, Result, View } from './view.js';
import { findAccessToken, identifyPerson } from '../oauth/bearer.js';
import type { Endpoint, IonState } from '../ion-state.js';
import { lastValue } from '../server/request.js';
import type { LocalRequest } from '../server/request.js';
import type { LocalResponse } from '../server/response.js';

const NOT_AUTHENTICATED: Result = {
  status: 403,
  data: { detail: 'Authentication credentials were not provided.' },
};

const PARSES = ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data'];

/** Turns an API view into a server endpoint. */
export function apiEndpoint(view: View): Endpoint {
  return (ion, request) => {
    const renderers = renderersOf(view);
    const format = lastValue(request.query, 'format');
    const chosen = negotiate(renderers, format, request.headers.accept);
    const requester = requesterOf(ion, request);
    const result =
      chosen === 404
        ? { status: 404, data: { detail: 'Not found.' } }
        : chosen === 406
          ? { status: 406, data: { detail: 'Could not satisfy the request Accept header.' } }
          : runView(ion, request, view, requester);
    const rendering = typeof chosen === 'number' ? { renderer: renderers[0], indent: 0 } : chosen;
    return withHeaders(render(rendering, view, request, result), view);
  };
}

/** Finds out who sent the request. A login at Ion takes precedence over a token. */
function requesterOf(ion: IonState, request: LocalRequest): Requester {
  const known = identifyPerson(ion, request);
  const token = known ? undefined : findAccessToken(ion, request);
  return { person: known ?? token?.person, token };
}

function runView(ion: IonState, request: LocalRequest, view: View, requester: Requester): Result {
  const { method } = request;
  if (!view.permits(requester, method)) {
    const isKnown = requester.person !== undefined || requester.token !== undefined;
    return isKnown ? NOT_PERMITTED : NOT_AUTHENTICATED;
  }
  if (!view.methods.includes(method)) {
    return { status: 405, data: { detail: `Method "${method}" not allowed.` } };
  }
  if (method === 'POST' && view.post) return view.post(ion, request, requester);
  if (method !== 'OPTIONS') return view.get(ion, request, requester);
  const renders = renderersOf(view).map(({ mediaType }) => mediaType);
  const { name, description } = view;
  return { data: { name, description, renders, parses: PARSES } };
}

function withHeaders(response: LocalResponse, { methods, isPicture }: View): LocalResponse {
  const headers: OutgoingHttpHeaders = { ...response.headers, Allow: methods.join(', ') };
  // The response for a picture does not vary by Accept, because pictures have only one format.
  if (!isPicture) headers['Vary'] = 'Accept, origin, Authorization, Cookie';
  return { ...response, headers };
}
