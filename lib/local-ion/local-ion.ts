// Starts a local Ion, and returns the object that controls it.

import type { Server } from 'node:http';

import { EighthPeriod } from './data/eighth-period.js';
import { wrongOption } from './errors.js';
import { Failures } from './failures.js';
import type { Failure } from './failures.js';
import type { RegisteredApplication } from './oauth/applications.js';
import { IssuedTokens } from './oauth/issued-tokens.js';
import type { IonState } from './ion-state.js';
import { checkOptions } from './options.js';
import type { LocalIonOptions } from './options.js';
import { completeAuthorization } from './complete-authorization.js';
import type { EndpointName } from './server/routes.js';
import { close, listen } from './server/listen.js';
import { requestListener } from './server/request-listener.js';
import { Sessions } from './oauth/sessions.js';

/** A running local Ion. */
export interface LocalIon {
  /** The local Ion's URL, such as `http://127.0.0.1:8080`. Use it as the `baseURL` of your `IonStrategy`. */
  readonly baseURL: string;
  /** The client id of the first application. */
  readonly clientID: string;
  /** The client secret of the first application, or undefined if that application is public. */
  readonly clientSecret: string | undefined;

  /**
   * Acts as a person who opens the authorization URL in a new browser, logs in and presses Authorize.
   *
   * @param authorizationURL - The URL that the app redirected the browser to.
   * @param choice - The person to act as.
   * @param choice.as - Their username or id.
   * @returns the callback URL that Ion sends the browser to, with a code. If Ion refuses the request by
   * redirecting, the URL has an `error` instead of a code.
   * @throws {@link LocalIonError} with the code `ERR_LOCAL_ION_SIGN_IN` if Ion shows an error page (the
   * message includes the text of the page), or with the code `ERR_LOCAL_ION_OPTION` if there is no such person
   * or the URL does not belong to this local Ion.
   */
  approve(authorizationURL: string | URL, choice: { readonly as: string }): Promise<string>;

  /**
   * Like {@link LocalIon.approve}, but presses Cancel.
   *
   * @throws {@link LocalIonError} in the same cases as `approve`, and with the code `ERR_LOCAL_ION_SIGN_IN`
   * if Ion sends a code without showing the consent page.
   */
  deny(authorizationURL: string | URL, choice: { readonly as: string }): Promise<string>;

  /**
   * Makes the next response from an endpoint fail, once. If you call this several times, the failures queue up.
   *
   * @throws {@link LocalIonError} with the code `ERR_LOCAL_ION_OPTION` if the endpoint is unknown or the
   * failure is not valid.
   */
  failNext(endpoint: EndpointName, failure: Failure): void;

  /**
   * Turns maintenance mode on or off. While it is on, every path responds with {@link maintenance}: a
   * 503 page with `Retry-After: 3600`, like Ion's during an update. Tokens and logins stay valid.
   * To make only one request fail like this, use `failNext('token', maintenance)`.
   *
   * @throws {@link LocalIonError} with the code `ERR_LOCAL_ION_OPTION` if `on` is not a boolean.
   */
  setMaintenance(on: boolean): void;

  /**
   * Revokes all of a person's tokens in every application, as Ion does when someone logs out with OpenID
   * Connect. With `only: 'access'`, revokes only the access tokens, as if the person had deleted them on the
   * page where Ion lists their authorized tokens. A refresh still works after that, but returns the scope `""`.
   *
   * @throws {@link LocalIonError} with the code `ERR_LOCAL_ION_OPTION` if there is no such person.
   */
  revokeTokens(usernameOrID: string, options?: { readonly only?: 'access' }): void;

  /** Stops the server and closes all connections immediately. Calling it again is harmless. */
  stop(): Promise<void>;
}

/**
 * Starts a local Ion. Unless you set `host`, only programs on this machine can reach it. It has no passwords,
 * so anyone who can reach it can sign in as anyone.
 *
 * @throws {@link LocalIonError} with the code `ERR_LOCAL_ION_OPTION` if an option is wrong,
 * or `ERR_LOCAL_ION_LISTEN` if it cannot listen on the port, usually because the port is taken.
 */
export async function startLocalIon(options: LocalIonOptions = {}): Promise<LocalIon> {
  const { port, host, allowHosts, directory, applications, now, log } = checkOptions(options);
  const ion: IonState = {
    directory,
    applications,
    tokens: new IssuedTokens(now),
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
  // The cast is safe because registerApplications always registers at least one application.
  const [first] = [...ion.applications.values()] as [RegisteredApplication];
  let stopped: Promise<void> | undefined;
  const press =
    (button: 'Authorize' | 'Cancel') =>
    async (authorizationURL: string | URL, choice: { readonly as: string }): Promise<string> => {
      // Cast because a caller in JavaScript can leave the argument out.
      const as = (choice as typeof choice | undefined)?.as;
      const method = button === 'Authorize' ? 'approve' : 'deny';
      const call = (username: string): string => `${method}(url, { as: '${username}' })`;
      const person = ion.directory.findOrThrow(as, call);
      return completeAuthorization(baseURL, authorizationURL, person, button);
    };
  return {
    baseURL,
    clientID: first.clientID,
    clientSecret: first.clientSecret,
    approve: press('Authorize'),
    deny: press('Cancel'),
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
        throw wrongOption('only', "must be 'access' or left out", only);
      }
      const call = (username: string): string => `revokeTokens('${username}')`;
      ion.tokens.revokeAllOf(ion.directory.findOrThrow(usernameOrID, call), only ?? 'all');
    },
    stop: () => (stopped ??= close(server)),
  };
}
