// The rows of the matrix.

import type { Fault } from '../fault.js';
import { bodies } from './bodies.js';
import { refusals } from './refusals.js';
import { endings } from './endings.js';
import { malformed } from './malformed.js';
import { silence } from './silence.js';
import { sizes } from './sizes.js';
import { statuses } from './statuses.js';
import type { Elsewhere } from './statuses.js';

/** All of them, under headings; `elsewhere` is where redirects lead. */
export function catalog(elsewhere: Elsewhere): ReadonlyMap<string, readonly Fault[]> {
  return new Map([
    ['Ion falls silent', silence],
    ['The connection fails', endings],
    ['Too much', sizes],
    ['Other statuses, and pages', statuses(elsewhere)],
    ['Other bodies', bodies],
    ['Errors that repeat the request', refusals],
    ['No HTTP, or not quite', malformed],
  ]);
}
