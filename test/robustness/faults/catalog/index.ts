// All the faults: the rows of the matrix of faults and kinds of request.

import type { Fault } from '../fault.js';
import { bodies } from './bodies.js';
import { echoedSecrets } from './echoed-secrets.js';
import { endings } from './endings.js';
import { malformed } from './malformed.js';
import { silence } from './silence.js';
import { sizes } from './sizes.js';
import { statuses } from './statuses.js';
import type { Elsewhere } from './statuses.js';

/** All faults, grouped under headings. Redirects lead to `elsewhere`. */
export function catalog(elsewhere: Elsewhere): ReadonlyMap<string, readonly Fault[]> {
  return new Map([
    ['Ion stops responding', silence],
    ['The connection fails', endings],
    ['Too much data', sizes],
    ['Other statuses, and HTML pages', statuses(elsewhere)],
    ['Other bodies', bodies],
    ['Errors that repeat the request', echoedSecrets],
    ['Not HTTP, or not valid HTTP', malformed],
  ]);
}
