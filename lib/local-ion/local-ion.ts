// Starting a local Ion, and what one can do with it.

import type { Server } from 'node:http';

import { EighthPeriod } from './data/sign-ups.js';
import { wrongOption } from './errors.js';
import { Failures } from './failures.js';
import type { Failure } from './failures.js';
import { TokenStore } from './oauth/tokens.js';
import type { IonState } from './data/state.js';
import { checkOptions } from './options.js';
import type { LocalIonOptions } from './options.js';
import { completeAuthorization } from './approve.js';
import type { EndpointName } from './server/routes.js';
import { close, listen, requestListener } from './server/server.js';
import { Sessions } from './oauth/sessions.js';

/** A local Ion that runs. */
export interface LocalIon {
  /** Where it is, such as `http://127.0.0.1:8080`: the `baseURL` of an `IonStrategy`. */
  readonly baseURL: string;
  /** The client id of the first application. */
  readonly clientID: string;
  /** The client secret of the first application; undefined where that is public. */
  readonly clientSecret: string | undefined;

  /**
   * Plays a person who opens the authorization URL in a browser of their own, logs in and presses
   * Authorize.
   *
   * @param authorizationURL - Where the app sent the browser.
   * @param choice - Who it is.
   * @param choice.as - Their username or id.
   * @returns the callback URL that Ion sends them to; it holds an error where Ion refuses the request
   * in that way.
   * @throws {@link LocalIonError} with the code `ERR_LOCAL_ION_SIGN_IN` where Ion shows an error page,
   * with its text; with `ERR_LOCAL_ION_OPTION` where there is no such person, or the URL leads
   * elsewhere.
   */
  approve(authorizationURL: string | URL, choice: { readonly as: string }): Promise<string>;

  /**
   * As {@link LocalIon.approve}, but presses Cancel.
   *
   * @throws {@link LocalIonError} as `approve`; and with `ERR_LOCAL_ION_SIGN_IN` where nobody is asked.
   */
  deny(authorizationURL: string | URL, choice: { readonly as: string }): Promise<string>;

  /**
   * Makes the next answer of an endpoint go wrong, once. Several calls queue up.
   *
   * @throws {@link LocalIonError} with the code `ERR_LOCAL_ION_OPTION` where endpoint or failure
   * cannot be.
   */
  failNext(endpoint: EndpointName, failure: Failure): void;

  /**
   * Switches maintenance mode on or off. While it is on, every path answers with {@link maintenance}: a
   * 503 page with `Retry-After: 3600`, as Ion does during an update. Nothing is forgotten meanwhile.
   * For a single request, use `failNext('token', maintenance)`.
   *
   * @throws {@link LocalIonError} with the code `ERR_LOCAL_ION_OPTION` if `on` is not a boolean.
   */
  setMaintenance(on: boolean): void;

  /**
   * Revokes every token of a person, in every application, as a logout by OpenID Connect does on Ion.
   * With `only: 'access'`, the access tokens alone, as a person does who deletes them on Ion's page:
   * then a refresh still works, and gives the scope `""`.
   *
   * @throws {@link LocalIonError} with the code `ERR_LOCAL_ION_OPTION` where there is no such person.
   */
  revokeTokens(usernameOrID: string, options?: { readonly only?: 'access' }): void;

  /** Ends it at once, with all connections; may be called again. */
  stop(): Promise<void>;
}

/**
 * Starts a local Ion. It listens on loopback only, unless `host` says otherwise: it has no passwords, so
 * anyone who can reach it can sign in as anyone.
 *
 * @throws {@link LocalIonError} with the code `ERR_LOCAL_ION_OPTION` if an option is wrong,
 * `ERR_LOCAL_ION_LISTEN` if it cannot listen on the port, most often because the port is taken.
 */
export async function startLocalIon(options: LocalIonOptions = {}): Promise<LocalIon> {
  const { port, host, allowHosts, directory, applications, now, log } = checkOptions(options);
  const ion: IonState = {
    directory,
    applications,
    tokens: new TokenStore(now),
    sessions: new Sessions(now),
    eighthPeriod: new EighthPeriod(now),
    now,
  };
  const failures = new Failures();
  const listener = requestListener({ ion, failures, allowHosts, log });
  const { server, baseURL } = await listen(listener, host, port);
  return handleOf(ion, failures, server, baseURL);
}

function handleOf(ion: IonState, failures: Failures, server: Server, baseURL: string): LocalIon {
  const [first] = ion.applications.values();
  let stopped: Promise<void> | undefined;
  const answer =
    (button: 'Authorize' | 'Cancel') =>
    async (authorizationURL: string | URL, choice: { readonly as: string }): Promise<string> => {
      // The cast: JavaScript may leave it out.
      const person = ion.directory.named((choice as typeof choice | undefined)?.as);
      return completeAuthorization(baseURL, authorizationURL, person, button);
    };
  return {
    baseURL,
    clientID: first?.clientID ?? '',
    clientSecret: first?.clientSecret,
    approve: answer('Authorize'),
    deny: answer('Cancel'),
    failNext: (endpoint, failure) => {
      failures.add(endpoint, failure);
    },
    setMaintenance: (on: unknown) => {
      if (typeof on !== 'boolean') {
        throw wrongOption('the argument of setMaintenance', 'must be true or false', on);
      }
      failures.inMaintenance = on;
    },
    revokeTokens: (usernameOrID, { only }: { readonly only?: unknown } = {}) => {
      if (only !== undefined && only !== 'access') {
        throw wrongOption('only', "must be 'access', or be left out", only);
      }
      ion.tokens.revokeAllOf(ion.directory.named(usernameOrID), only ?? 'all');
    },
    stop: () => (stopped ??= close(server)),
  };
}
