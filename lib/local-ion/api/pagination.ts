// Splits lists into pages, as Django REST framework does.

import type { Result } from './view.js';
import { formEncodePairs } from '../server/form-encoding.js';
import { lastValue } from '../server/request.js';
import type { LocalRequest } from '../server/request.js';

/** Returns the page of `items` that the query parameter `page` asks for. */
export function paginate(
  items: readonly unknown[],
  pageSize: number,
  request: LocalRequest,
): Result {
  const last = Math.max(1, Math.ceil(items.length / pageSize));
  const page = readPage(lastValue(request.query, 'page') ?? '', last);
  if (page < 1 || page > last) return { status: 404, data: { detail: 'Invalid page.' } };
  return {
    data: {
      count: items.length,
      next: page < last ? linkTo(page + 1, request) : null,
      previous: page > 1 ? linkTo(page - 1, request) : null,
      results: items.slice((page - 1) * pageSize, page * pageSize),
    },
  };
}

/** Reads the page size from the query parameter `page_size`. */
export function readPageSize(
  { query }: LocalRequest,
  { usual, max }: { readonly usual: number; readonly max: number },
): number {
  const asked = Number(lastValue(query, 'page_size'));
  return Number.isInteger(asked) && asked > 0 ? Math.min(asked, max) : usual;
}

function readPage(asked: string, last: number): number {
  if (asked === '') return 1;
  if (asked === 'last') return last;
  return /^\s*\d+\s*$/.test(asked) ? Number(asked) : 0;
}

// Like Django REST framework, leaves out `page` in links to the first page, and sorts the parameters.
function linkTo(page: number, { origin, path, query }: LocalRequest): string {
  const others = query.filter(([name]) => name !== 'page');
  const pairs = page === 1 ? others : [...others, ['page', String(page)] as const];
  const sorted = [...pairs].sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0));
  const search = formEncodePairs(sorted);
  return `${origin}${path}${search === '' ? '' : `?${search}`}`;
}
