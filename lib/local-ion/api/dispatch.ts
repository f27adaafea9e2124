// One request to the API, judged and rendered in the order of Django REST framework.

import type { OutgoingHttpHeaders } from 'node:http';

import { NOT_PERMITTED } from './view.js';
import type { Asker, Result, View } from './view.js';
import { findAccessToken, identifyPerson } from '../oauth/bearer.js';
import type { Endpoint, IonState } from '../data/state.js';
import { lastValue } from '../server/response.js';
import type { LocalResponse, LocalRequest } from '../server/response.js';
import { markup, page } from '../server/pages.js';

/** A format for responses. */
interface Renderer {
  readonly mediaType: string;
  /** What `?format=` calls it. */
  readonly format: string;
}

/** The data alone. */
const JSON_RENDERER: Renderer = { mediaType: 'application/json', format: 'json' };
/** A page for a browser. */
const HTML_RENDERER: Renderer = { mediaType: 'text/html', format: 'api' };
/** A picture. Quirk of Ion: it negotiates this type, and then sends `image/jpeg`. */
const PICTURE_RENDERER: Renderer = { mediaType: 'image/jpg', format: 'jpg' };

/** How a response is rendered; `indent` is for JSON, as in `Accept: application/json; indent=4`. */
interface Form {
  readonly renderer: Renderer;
  readonly indent: number;
}

const MAX_INDENT = 8;

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
    const format = lastValue(request.query, 'format');
    const chosen = negotiate(renderers, format, request.headers.accept);
    const asker = askerOf(ion, request);
    const result =
      chosen === 404
        ? { status: 404, data: { detail: 'Not found.' } }
        : chosen === 406
          ? { status: 406, data: { detail: 'Could not satisfy the request Accept header.' } }
          : judge(ion, request, view, asker);
    const form = typeof chosen === 'number' ? { renderer: first, indent: 0 } : chosen;
    return withHeaders(render(form, view, request, result), view);
  };
}

/** Who makes the request. Being logged in at Ion counts before a token. */
function askerOf(ion: IonState, request: LocalRequest): Asker {
  const known = identifyPerson(ion, request);
  const token = known ? undefined : findAccessToken(ion, request);
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
  { renderer, indent }: Form,
  view: View,
  request: LocalRequest,
  result: Result,
): LocalResponse {
  const { status = 200, data } = result;
  if (renderer === PICTURE_RENDERER) return renderPicture(status, data);
  if (renderer === HTML_RENDERER) return browsablePage(status, view, request, data);
  const headers = { 'Content-Type': JSON_RENDERER.mediaType };
  return { status, headers, body: toJSON(data, indent) };
}

// Quirk of Ion: an error has no picture to render, so only the keys of its object are sent.
function renderPicture(status: number, data: unknown): LocalResponse {
  const isPicture = Buffer.isBuffer(data);
  const type = isPicture ? 'image/jpeg' : PICTURE_RENDERER.mediaType;
  const body = isPicture ? data : Object.keys(data ?? {}).join('');
  return { status, headers: { 'Content-Type': type }, body };
}

// Like Django REST framework: compact unless asked otherwise, and safe inside JavaScript.
function toJSON(data: unknown, indent: number): string {
  return JSON.stringify(data, null, indent)
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
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

function withHeaders(response: LocalResponse, { methods, isPicture }: View): LocalResponse {
  const headers: OutgoingHttpHeaders = { ...response.headers, Allow: methods.join(', ') };
  // A picture has only one format to negotiate.
  if (!isPicture) headers['Vary'] = 'Accept, origin, Authorization, Cookie';
  return { ...response, headers };
}

/** Chooses the form; or the status of the refusal, 404 for `format`, 406 for Accept. */
function negotiate(
  renderers: readonly Renderer[],
  format: string | undefined,
  accept: string | undefined,
): Form | 404 | 406 {
  const offered = format ? renderers.filter((each) => each.format === format) : renderers;
  if (offered.length === 0) return 404;
  const wanted = (accept ?? '*/*').toLowerCase().split(',').map(rangeIn);
  for (const narrowness of [3, 2, 1, 0]) {
    const ranges = wanted.filter((each) => each.narrowness === narrowness);
    for (const renderer of offered) {
      const accepted = ranges.find(({ range }) => covers(range, renderer.mediaType));
      if (accepted) return { renderer, indent: accepted.indent };
    }
  }
  return 406;
}

// Like REST framework: any parameter but q makes a range more specific, and q is ignored.
function rangeIn(part: string): { range: string; narrowness: number; indent: number } {
  const [range = '', ...parameters] = part.split(';').map((each) => each.trim());
  const sizes = parameters.map((each) => Number(/^indent\s*=\s*(\d+)$/.exec(each)?.[1] ?? 0));
  const indent = Math.min(Math.max(0, ...sizes), MAX_INDENT);
  if (range.startsWith('*')) return { range, narrowness: 0, indent };
  if (range.endsWith('/*')) return { range, narrowness: 1, indent };
  const isNarrowed = parameters.some((each) => !/^(q\s*=|$)/.test(each));
  return { range, narrowness: isNarrowed ? 3 : 2, indent };
}

function covers(range: string, mediaType: string): boolean {
  if (range === '*/*') return true;
  return range.endsWith('/*') ? mediaType.startsWith(range.slice(0, -1)) : range === mediaType;
}
