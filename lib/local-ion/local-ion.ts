// Starting a local Ion, and what one can do with it.

import type { Server } from 'node:http';

import type express = require('express');

import { EighthPeriod } from './data/sign-ups.js';
import { codeOf, LocalIonError, wrongOption } from './errors.js';
import { Failures } from './failures.js';
import type { Failure } from './failures.js';
import { TokenStore } from './oauth/tokens.js';
import type { IonState } from './data/state.js';
import { checkOptions } from './options.js';
import type { LocalIonOptions } from './options.js';
import { answerConsent } from './approve.js';
import type { EndpointName } from './server/routes.js';
import { appOf, close, listen } from './server/server.js';
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
 * Starts a local Ion. It listens on loopback alone, unless told otherwise: it has no passwords, and
 * whoever reaches it can log in as anybody.
 *
 * @throws {@link LocalIonError} with the code `ERR_LOCAL_ION_OPTION` where an option cannot work,
 * `ERR_LOCAL_ION_LISTEN` where the port is taken, `ERR_LOCAL_ION_EXPRESS` where Express is not
 * installed.
 */
export async function startLocalIon(options: LocalIonOptions = {}): Promise<LocalIon> {
  const { port, host, directory, applications, now, log } = checkOptions(options);
  const ion: IonState = {
    directory,
    applications,
    tokens: new TokenStore(now),
    sessions: new Sessions(now),
    eighthPeriod: new EighthPeriod(now),
    now,
  };
  const failures = new Failures();
  const { server, baseURL } = await listen(appOf(loadExpress(), ion, failures, log), host, port);
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
      return answerConsent(baseURL, authorizationURL, person, button);
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
    revokeTokens: (usernameOrID, { only }: { readonly only?: unknown } = {}) => {
      if (only !== undefined && only !== 'access') {
        throw wrongOption('only', "must be 'access', or be left out", only);
      }
      ion.tokens.revokeAllOf(ion.directory.named(usernameOrID), only ?? 'all');
    },
    stop: () => (stopped ??= close(server)),
  };
}

// Express is an optional peer of the package, so it is loaded when it is needed and not before.
function loadExpress(): typeof express {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would load it at once
    return require('express') as typeof express;
  } catch (cause) {
    if (codeOf(cause) === 'MODULE_NOT_FOUND') {
      throw new LocalIonError(
        'ERR_LOCAL_ION_EXPRESS',
        'local Ion: it runs on Express, which is not installed; install it with: npm install express',
        { cause },
      );
    }
    throw cause;
  }
}
