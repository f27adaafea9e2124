// Which form an answer of the API takes: Django REST framework's content negotiation.

/** A form that an answer can take. */
export interface Renderer {
  readonly mediaType: string;
  /** What `?format=` calls it. */
  readonly format: string;
}

/** The data itself. */
export const JSON_RENDERER: Renderer = { mediaType: 'application/json', format: 'json' };
/** A page for people with a browser. */
export const HTML_RENDERER: Renderer = { mediaType: 'text/html', format: 'api' };
/** A picture. Trap of Ion's: the type is called so here, and `image/jpeg` on the answer. */
export const PICTURE_RENDERER: Renderer = { mediaType: 'image/jpg', format: 'jpg' };

/** The renderer to use, or the status of the refusal: 404 for the format, 406 for Accept. */
export function negotiate(
  renderers: readonly Renderer[],
  format: string | undefined,
  accept: string | undefined,
): Renderer | 404 | 406 {
  const offered = format ? renderers.filter((each) => each.format === format) : renderers;
  if (offered.length === 0) return 404;
  const wanted = (accept ?? '*/*').toLowerCase().split(',').map(rangeIn);
  for (const narrowness of [3, 2, 1, 0]) {
    const ranges = wanted.filter((each) => each.narrowness === narrowness);
    const found = offered.find(({ mediaType }) =>
      ranges.some(({ range }) => covers(range, mediaType)),
    );
    if (found) return found;
  }
  return 406;
}

// How much a parameter narrows it down is not looked at, and of q not even whether it is there.
function rangeIn(part: string): { range: string; narrowness: number } {
  const [range = '', ...parameters] = part.split(';').map((each) => each.trim());
  if (range.startsWith('*')) return { range, narrowness: 0 };
  if (range.endsWith('/*')) return { range, narrowness: 1 };
  const isNarrowed = parameters.some((each) => !/^(q\s*=|$)/.test(each));
  return { range, narrowness: isNarrowed ? 3 : 2 };
}

function covers(range: string, mediaType: string): boolean {
  if (range === '*/*') return true;
  return range.endsWith('/*') ? mediaType.startsWith(range.slice(0, -1)) : range === mediaType;
}
