// Negotiates the format of an API response (JSON, a page for browsers, or a picture), and renders it.

import type { Result, View } from './view.js';
import type { LocalRequest } from '../server/request.js';
import type { LocalResponse } from '../server/response.js';
import { markup, page } from '../server/pages.js';

/** A response format. */
interface Renderer {
  readonly mediaType: string;
  /** The name of the format in `?format=`. */
  readonly format: string;
}

/** JSON, the default format. */
const JSON_RENDERER: Renderer = { mediaType: 'application/json', format: 'json' };
/** An HTML page that shows the data, for browsers. */
const HTML_RENDERER: Renderer = { mediaType: 'text/html', format: 'api' };
/** The format of pictures. Quirk of Ion: clients must accept `image/jpg`, but they get `image/jpeg`. */
const PICTURE_RENDERER: Renderer = { mediaType: 'image/jpg', format: 'jpg' };

/** The format of a response. `indent` is the indentation of JSON, as in `application/json; indent=4`. */
interface Format {
  readonly renderer: Renderer;
  readonly indent: number;
}

const MAX_INDENT_SPACES = 8;

/** Returns the formats that a view supports, with the default first. */
export function renderersOf({ isPicture }: View): readonly [Renderer, ...Renderer[]] {
  return isPicture ? [PICTURE_RENDERER] : [JSON_RENDERER, HTML_RENDERER];
}

/** Chooses the format. Returns 404 for an unknown `format`, or 406 if Accept allows none of the formats. */
export function negotiate(
  renderers: readonly Renderer[],
  format: string | undefined,
  accept: string | undefined,
): Format | 404 | 406 {
  const offered = format ? renderers.filter((each) => each.format === format) : renderers;
  if (offered.length === 0) return 404;
  const wanted = (accept ?? '*/*').toLowerCase().split(',').map(parseRange);
  for (const specificity of [3, 2, 1, 0]) {
    const ranges = wanted.filter((each) => each.specificity === specificity);
    for (const renderer of offered) {
      const accepted = ranges.find(({ range }) => covers(range, renderer.mediaType));
      if (accepted) return { renderer, indent: accepted.indent };
    }
  }
  return 406;
}

// Parses one media range of an Accept header. Like REST framework, it ignores the quality value q. Any other
// parameter makes a `type/subtype` rank higher, but does not change the rank of `*/*` or `type/*`.
function parseRange(part: string): { range: string; specificity: number; indent: number } {
  const [range = '', ...parameters] = part.split(';').map((each) => each.trim());
  const sizes = parameters.map((each) => Number(/^indent\s*=\s*(\d+)$/.exec(each)?.[1] ?? 0));
  const indent = Math.min(Math.max(0, ...sizes), MAX_INDENT_SPACES);
  if (range.startsWith('*')) return { range, specificity: 0, indent };
  if (range.endsWith('/*')) return { range, specificity: 1, indent };
  const hasParameter = parameters.some((each) => !/^(q\s*=|$)/.test(each));
  return { range, specificity: hasParameter ? 3 : 2, indent };
}

function covers(range: string, mediaType: string): boolean {
  if (range === '*/*') return true;
  return range.endsWith('/*') ? mediaType.startsWith(range.slice(0, -1)) : range === mediaType;
}

/** Renders a result in this format. */
export function render(
  { renderer, indent }: Format,
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

// Quirk of Ion: when a picture request fails, the response body is just the keys of the error object.
function renderPicture(status: number, data: unknown): LocalResponse {
  const isPicture = Buffer.isBuffer(data);
  const type = isPicture ? 'image/jpeg' : PICTURE_RENDERER.mediaType;
  // The cast is safe because the data is always an error object if it is not a picture.
  const body = isPicture ? data : Object.keys(data as object).join('');
  return { status, headers: { 'Content-Type': type }, body };
}

// Like Django REST framework, escapes U+2028 and U+2029, which old versions of JavaScript treat as
// line breaks.
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
    content: markup`<p>${view.description} Ion shows its browsable API here, because the Accept header is a browser’s. This page is its stand-in. Programs should send <code>Accept: application/json</code>.</p>
<p><b>${request.method} ${request.path}</b>: ${status}</p>
<pre>${JSON.stringify(data, null, 4)}</pre>`,
  });
}
