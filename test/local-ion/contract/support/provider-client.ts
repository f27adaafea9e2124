// A client for a provider, and the people who sign in there.

import { expectToMatchType } from '../../../support/response-types.js';
import { Browser } from '../../../support/browser.js';
import type { Page } from '../../../support/browser.js';
import { formsOf } from './html-form.js';
import type { HTMLForm } from './html-form.js';
import { confidential } from './applications.js';
import type { Application } from './applications.js';
import type { Provider } from './provider.js';
import { send } from './send.js';
import type { HTTPResponse, RequestOptions } from './send.js';

/** Parameters to send. Those that are undefined are left out. */
export type Parameters = Readonly<Record<string, string | undefined>>;

export interface TokenResponse {
  readonly access_token: string;
  readonly expires_in: number;
  readonly token_type: string;
  readonly scope: string;
  readonly refresh_token: string;
}

/** Which person signs in, and to which application. */
export interface SignIn {
  readonly as?: string;
  readonly to?: Application;
  /** Parameters that override those of the usual authorization request. */
  readonly request?: Parameters;
}

export class Ion {
  private readonly people = new Map<string, Person>();

  constructor(readonly provider: Provider) {}

  /**
   * Sends a request. Whatever the test asserts, every API response is also checked against the type that the
   * library declares for the path.
   */
  async send(path: string, sent?: RequestOptions): Promise<HTTPResponse> {
    const response = await send(`${this.provider.baseURL}${path}`, sent);
    checkType(sent?.method ?? 'GET', path, response);
    return response;
  }

  /** Sends a form by POST. */
  post(
    path: string,
    form: Parameters,
    headers: RequestOptions['headers'] = {},
  ): Promise<HTTPResponse> {
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    return this.send(path, { method: 'POST', headers: { ...type, ...headers }, body: query(form) });
  }

  /** Sends a token request as this application, with its credentials in the body. */
  token(form: Parameters, application: Application = confidential): Promise<HTTPResponse> {
    return this.post('/oauth/token/', { ...clientOf(application), ...form });
  }

  /** Exchanges a code for tokens, with the application's first redirect URI. */
  exchange(
    code: string,
    more: Parameters = {},
    application: Application = confidential,
  ): Promise<HTTPResponse> {
    const [redirect_uri] = application.redirectURIs;
    return this.token(
      { grant_type: 'authorization_code', code, redirect_uri, ...more },
      application,
    );
  }

  refresh(
    token: string,
    more: Parameters = {},
    application: Application = confidential,
  ): Promise<HTTPResponse> {
    return this.token({ grant_type: 'refresh_token', refresh_token: token, ...more }, application);
  }

  revoke(
    token: string,
    more: Parameters = {},
    application: Application = confidential,
  ): Promise<HTTPResponse> {
    return this.post('/oauth/revoke_token/', { ...clientOf(application), token, ...more });
  }

  introspect(
    token: string,
    more: Parameters = {},
    application = confidential,
  ): Promise<HTTPResponse> {
    return this.post('/oauth/introspect/', { ...clientOf(application), token, ...more });
  }

  /** Sends a request to `path` with an access token in the header. */
  api(token: string, path = '/api/profile', sent: RequestOptions = {}): Promise<HTTPResponse> {
    return this.send(path, {
      ...sent,
      headers: { authorization: `Bearer ${token}`, ...sent.headers },
    });
  }

  /** Returns the person with this username. Each call with that username returns the same object and browser. */
  person(username = '2028znunez'): Person {
    const known = this.people.get(username) ?? new Person(this.provider, username);
    this.people.set(username, known);
    return known;
  }

  /** Begins a sign-in, and returns the authorization code. */
  async code({ as, to, request }: SignIn = {}): Promise<string> {
    const { location = '' } = await this.person(as).authorize(authorizationOf(to, request));
    const code = new URL(location).searchParams.get('code');
    if (code === null) throw new Error(`Ion redirected without a code: ${location}`);
    return code;
  }

  /** Signs in, and returns the tokens. */
  async signIn(how: SignIn = {}): Promise<TokenResponse> {
    const redirect_uri = how.request?.['redirect_uri'];
    const given = redirect_uri === undefined ? {} : { redirect_uri };
    return tokensIn(await this.exchange(await this.code(how), given, how.to));
  }
}

/** A person with a browser. */
export class Person {
  readonly browser = new Browser();

  constructor(
    private readonly provider: Provider,
    readonly username: string,
  ) {}

  /** Opens an authorization request, and logs in if Ion asks. Returns a page, or a redirect to the app. */
  async open(request: Parameters | string): Promise<Page> {
    const parameters = typeof request === 'string' ? request : query(request);
    const url = `${this.provider.baseURL}/oauth/authorize/?${parameters}`;
    const page = await this.browser.get(url);
    if (!this.isLogin(page.location)) return page;
    const login = await this.browser.follow(url);
    const after = await this.provider.logIn(this.browser, login, this.username);
    return this.browser.get(after.location ?? '');
  }

  /** Opens an authorization request and presses a button. */
  async authorize(
    request: Parameters,
    choice: 'Authorize' | 'Cancel' = 'Authorize',
  ): Promise<Page> {
    const page = await this.open(request);
    return page.location === undefined ? this.choose(page, choice) : page;
  }

  /** Presses a button on the consent page. */
  choose(page: Page, choice: 'Authorize' | 'Cancel'): Promise<Page> {
    const form = consentForm(page);
    return form.submit(
      this.browser,
      form.buttons.find(({ label }) => label === choice),
    );
  }

  private isLogin(location: string | undefined): boolean {
    return location?.startsWith(`${this.provider.baseURL}/login`) ?? false;
  }
}

/** Finds the consent page's form. */
export function consentForm(page: Page): HTMLForm {
  const form = formsOf(page).find(({ buttons }) => buttons.some(({ name }) => name === 'allow'));
  if (!form)
    throw new Error(`This is not the consent page: ${page.status}: ${page.text.slice(0, 500)}`);
  return form;
}

/** Returns the parameters of an application's authorization request. `more` overrides some of them. */
export function authorizationOf(
  { clientID, redirectURIs }: Application = confidential,
  more: Parameters = {},
): Parameters {
  return {
    response_type: 'code',
    client_id: clientID,
    redirect_uri: redirectURIs[0],
    scope: 'read',
    state: 'a-state',
    ...more,
  };
}

export function query(parameters: Parameters): string {
  const sent = Object.entries(parameters).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return new URLSearchParams(sent).toString();
}

export function basic(id: string, secret: string, scheme = 'Basic'): { authorization: string } {
  return { authorization: `${scheme} ${Buffer.from(`${id}:${secret}`).toString('base64')}` };
}

function checkType(method: string, path: string, { status, headers, text }: HTTPResponse): void {
  const isTyped = ['GET', 'POST', 'PUT', 'PATCH'].includes(method) && /^\/api(\/|\?|$)/.test(path);
  const isJSON = headers['content-type']?.startsWith('application/json') === true;
  if (isTyped && isJSON && status >= 200 && status <= 299) {
    expectToMatchType(method, path, JSON.parse(text));
  }
}

/** Reads the tokens from a token response. */
export function tokensIn({ status, text }: HTTPResponse): TokenResponse {
  if (status !== 200) throw new Error(`This is not a token response: ${status}: ${text}`);
  // The cast is safe because the contract tests check what a token response contains.
  return JSON.parse(text) as TokenResponse;
}

function clientOf({ clientID, clientSecret }: Application): Parameters {
  return { client_id: clientID, client_secret: clientSecret };
}
