// Collects all the faults. Each fault is a row of the matrix, and each kind of request is a column.

import type { Fault } from '../fault.js';
import type { OffLimitsServer } from '../off-limits-server.js';
import { bodies } from './bodies.js';
import { connectionFailures } from './connection-failures.js';
import { echoedSecrets } from './echoed-secrets.js';
import { malformedHTTP } from './malformed-http.js';
import { silence } from './silence.js';
import { sizes } from './sizes.js';
import { statuses } from './statuses.js';

/** All faults, grouped under headings. Redirects lead to `offLimits`. */
export function catalog(
  offLimits: Pick<OffLimitsServer, 'authority'>,
): ReadonlyMap<string, readonly Fault[]> {
  return new Map([
    ['Ion stops responding', silence],
    ['The connection fails', connectionFailures],
    ['Too much data', sizes],
    ['Other statuses, and HTML pages', statuses(offLimits)],
    ['Other bodies', bodies],
    ['Errors that repeat the request', echoedSecrets],
    ['Not HTTP, or not valid HTTP', malformedHTTP],
  ]);
}
