// The public exports of the local Ion.

/**
 * A local stand-in for Ion: develop and test your app without an account or a network. It responds as Ion does,
 * and refuses what Ion refuses; {@link differences} lists the exceptions.
 *
 * ```ts
 * import { startLocalIon } from 'passport-ion/local-ion';
 *
 * const ion = await startLocalIon();
 * const { baseURL, clientID, clientSecret } = ion; // for the app's IonStrategy
 *
 * const redirect = await fetch('http://localhost:3000/login/ion', { redirect: 'manual' });
 * const callback = await ion.approve(redirect.headers.get('location') ?? '', { as: '2027jdoe' });
 * console.log(callback); // the app's callback URL, with a code
 *
 * await ion.stop();
 * ```
 *
 * @module passport-ion/local-ion
 */

import type { LocalIonOptions } from './options.js';
import type { LocalIon } from './local-ion.js';

export { differences } from './differences.js';
export type { Difference } from './differences.js';
export { LocalIonError } from './errors.js';
export type { LocalIonErrorCode } from './errors.js';
export { people } from './data/people.js';
export type { Person, PersonType } from './data/people.js';
export { startLocalIon } from './local-ion.js';
export type { Application } from './oauth/applications.js';
export { maintenance } from './failures.js';
export type { Failure } from './failures.js';
export type { EndpointName } from './server/routes.js';
export type { LocalIon, LocalIonOptions };
