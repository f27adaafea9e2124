/**
 * A local stand-in for Ion, to develop an app with and to test it against, without an account and
 * without a network. It answers as Ion does, and refuses what Ion refuses; {@link differences} says
 * where it does not.
 *
 * ```ts
 * const ion = await startLocalIon();
 * const { baseURL, clientID, clientSecret } = ion;
// … give these to the app under test, and open its login; it redirects to authorizationURL
 * const callback = await ion.approve(authorizationURL, { as: '2027jdoe' });
 * await ion.stop();
 * ```
 *
 * @packageDocumentation
 */

import type { LocalIonOptions } from './options.js';
import type { LocalIon } from './start.js';

export { differences } from './differences.js';
export type { Difference } from './differences.js';
export { LocalIonError } from './errors.js';
export type { LocalIonErrorCode } from './errors.js';
export { people } from './people.js';
export type { Person, PersonType } from './people.js';
export { startLocalIon } from './start.js';
export type { Application } from './applications.js';
export type { Failure } from './failures.js';
export type { EndpointName } from './routes.js';
export type { LocalIon, LocalIonOptions };
