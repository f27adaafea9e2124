// Ion's API, in the order in which Django REST framework judges a request.

import type { OutgoingHttpHeaders } from 'node:http';

import { HTML_RENDERER, JSON_RENDERER, negotiate, PICTURE_RENDERER } from './negotiation.js';
import type { Renderer } from './negotiation.js';
import { NOT_PERMITTED } from './view.js';
import type { Asker, Result, View } from './view.js';
import { accessTokenIn, personKnown } from '../oauth/bearer.js';
import type { Endpoint, IonState } from '../data/state.js';
import { valueOf } from '../server/response.js';
import type { LocalResponse, LocalRequest } from '../server/response.js';
import { markup, page } from '../server/pages.js';

const NOT_AUTHENTICATED: Result = {
  status: 403,
  data: { detail: 'Authentication credentials were not provided.' },
};

const PARSES = ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data'];

/** The endpoint that serves a view. */
export function apiEndpoint(view: View): Endpoint {
  return (ion, request) => {
    const renderers = view.isPicture ? [PICTURE_RENDERER] : [JSON_RENDERER, HTML_RENDERER];
    const [first = JSON_RENDERER] = renderers;
    const format = valueOf(request.query, 'format');
    const chosen = negotiate(renderers, format, request.headers.accept);
    const asker = askerOf(ion, request);
    const result =
      chosen === 404
        ? { status: 404, data: { detail: 'Not found.' } }
        : chosen === 406
          ? { status: 406, data: { detail: 'Could not satisfy the request Accept header.' } }
          : judge(ion, request, view, asker);
    const answer = render(typeof chosen === 'number' ? first : chosen, view, request, result);
    return withHeaders(answer, view, renderers.length > 1);
  };
}

/** Whom the request comes from: a login at Ion counts before a token. */
function askerOf(ion: IonState, request: LocalRequest): Asker {
  const known = personKnown(ion, request);
  const token = known ? undefined : accessTokenIn(ion, request);
  return { person: known ?? token?.person, token };
}

function judge(ion: IonState, request: LocalRequest, view: View, asker: Asker): Result {
  const { method } = request;
  if (!view.permits(asker, method)) {
    const isKnown = asker.person !== undefined || asker.token !== undefined;
    return isKnown ? NOT_PERMITTED : NOT_AUTHENTICATED;
  }
  if (!view.methods.includes(method)) {
    return { status: 405, data: { detail: `Method "${method}" not allowed.` } };
  }
  if (method === 'POST' && view.post) return view.post(ion, request, asker);
  if (method !== 'OPTIONS') return view.get(ion, request, asker);
  const renders = view.isPicture
    ? [PICTURE_RENDERER.mediaType]
    : [JSON_RENDERER.mediaType, HTML_RENDERER.mediaType];
  const { name, description } = view;
  return { data: { name, description, renders, parses: PARSES } };
}

function render(
  renderer: Renderer,
  view: View,
  request: LocalRequest,
  result: Result,
): LocalResponse {
  const { status = 200, data } = result;
  if (renderer === PICTURE_RENDERER) return renderPicture(status, data);
  const json = toJSON(data);
  if (renderer === HTML_RENDERER) return browsablePage(status, view, request, data);
  return { status, headers: { 'Content-Type': JSON_RENDERER.mediaType }, body: json };
}

// Trap of Ion's: an error is no picture, and of its object only the key gets through.
function renderPicture(status: number, data: unknown): LocalResponse {
  const isPicture = Buffer.isBuffer(data);
  const type = isPicture ? 'image/jpeg' : PICTURE_RENDERER.mediaType;
  const body = isPicture ? data : Object.keys(data ?? {}).join('');
  return { status, headers: { 'Content-Type': type }, body };
}

// As Django REST framework: compact, and safe inside JavaScript.
function toJSON(data: unknown): string {
  return JSON.stringify(data).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}

function browsablePage(
  status: number,
  view: View,
  request: LocalRequest,
  data: unknown,
): LocalResponse {
  return page({
    status,
    title: view.name,
    content: markup`<p>${view.description} Ion shows its browsable API here, for the Accept header of a browser; this is its stand-in. Programs send <code>Accept: application/json</code>.</p>
<p><b>${request.method} ${request.path}</b>: ${status}</p>
<pre>${JSON.stringify(data, null, 4)}</pre>`,
  });
}

function withHeaders(
  answer: LocalResponse,
  { methods }: View,
  isNegotiated: boolean,
): LocalResponse {
  const headers: OutgoingHttpHeaders = { ...answer.headers, Allow: methods.join(', ') };
  if (isNegotiated) headers['Vary'] = 'Accept, origin, Authorization, Cookie';
  return { ...answer, headers };
}
