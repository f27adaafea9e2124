// Adapts node-oauth's OAuth2 client to use our own HTTP exchange and our own checks of Ion's responses.

import type { Buffer } from 'node:buffer';
import type { OutgoingHttpHeaders } from 'node:http';
import { URL, URLSearchParams } from 'node:url';

import oauth = require('oauth');

import { callBack } from '../call-app-code.js';
import { connectAhead, decodeText, exchange } from './exchange.js';
import type { IonHttpResponse, Transport } from './exchange.js';
import { readTokenResponse, requireOAuthSuccess, statusError } from './responses.js';
import type { TokenRequest, TokenResponse } from './responses.js';

/** The fields of a form. Fields that are `undefined` are not sent. */
export type Form = Readonly<Record<string, string | undefined>>;

/**
 * node-oauth's client as IonStrategy uses it: every exchange has a deadline and a size limit, every
 * response is checked, and no token goes into a URL. Apps may use it to call `setAgent`, and it also serves
 * packages that work with any strategy based on passport-oauth2, such as passport-oauth2-refresh.
 */
export class IonOAuth2 extends oauth.OAuth2 {
  /** The time limit for one exchange with Ion, in milliseconds: the strategy's option `timeout`. */
  timeout = 10_000;

  #clientSecret: string;

  // Keeps the secret out of logs of the strategy, even with util.inspect's option showHidden. The secret
  // can still be read as `_clientSecret`, which passport-oauth2-refresh does.
  static {
    Object.defineProperty(this.prototype, '_clientSecret', {
      get(this: IonOAuth2) {
        return this.#clientSecret;
      },
      set(this: IonOAuth2, secret: string) {
        // node-oauth's constructor sets this property before this class's fields exist, so that first value
        // is ignored here, and our constructor stores it.
        if (#clientSecret in this) this.#clientSecret = secret;
      },
    });
  }

  constructor(...parameters: ConstructorParameters<typeof oauth.OAuth2>) {
    super(...parameters);
    this.#clientSecret = parameters[1];
  }

  /**
   * How requests are sent: the time limit, the agent passed to `setAgent` (if any), and the custom headers.
   *
   * @internal
   */
  get transport(): Transport {
    // According to node-oauth's declarations, `_agent` can also be a boolean, which is of no use here.
    const agent = typeof this._agent === 'object' ? this._agent : undefined;
    return { timeout: this.timeout, agent, customHeaders: this._customHeaders };
  }

  /**
   * Opens a connection ahead of time, for the token request of a sign-in that is just beginning.
   *
   * @internal
   */
  expectTokenRequest(): void {
    connectAhead(new URL(this._getAccessTokenUrl()), this.transport);
  }

  // Sends a form, with the client's id and, if it has one, its secret.
  private post(label: string, url: URL, form: Form): Promise<IonHttpResponse> {
    const client_secret = this._clientSecret || undefined;
    const fields: Form = { ...form, client_id: this._clientId, client_secret };
    const body = new URLSearchParams();
    for (const [name, value] of Object.entries(fields)) {
      if (value !== undefined) body.append(name, value);
    }
    const headers = {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
    };
    return exchange(
      { label, method: 'POST', url, headers, body: body.toString(), repeatable: true },
      this.transport,
    );
  }

  /**
   * Requests tokens for a code, or for a refresh token if `params.grant_type` is `refresh_token`. As in
   * node-oauth, the callback's last argument is the token response without the refresh token.
   */
  override getOAuthAccessToken(
    code: string,
    params: unknown,
    callback?: oauth.oauth2tokenCallback,
  ): void {
    // Both casts are needed because node-oauth declares `params` as `any`, and allows null or no `params` at
    // all.
    const done = (callback ?? params) as oauth.oauth2tokenCallback;
    const form = ((callback && params) ?? {}) as Form;
    const name = 'The callback of getOAuthAccessToken';
    this.requestTokens(code, form).then(
      ({ accessToken, refreshToken, rest }) => {
        callBack(name, done, null, accessToken, refreshToken, rest);
      },
      (error: unknown) => {
        callBack(name, done, error);
      },
    );
  }

  /** Revokes a token (RFC 7009). If it is a refresh token, Ion revokes its access token too. */
  async revoke(url: string, token: string, hint: 'access_token' | 'refresh_token'): Promise<void> {
    const label = 'the revocation request';
    const response = await this.post(label, new URL(url), { token, token_type_hint: hint });
    // RFC 7009, section 2.2: only the status counts. Ion's body is empty.
    requireOAuthSuccess(response, { label, secrets: [token, this._clientSecret] });
  }

  private async requestTokens(code: string, params: Form): Promise<TokenResponse> {
    const isRefresh = params['grant_type'] === 'refresh_token';
    const form = { ...params, [isRefresh ? 'refresh_token' : 'code']: code };
    const request: TokenRequest = {
      label: isRefresh ? 'the refresh request' : 'the token request',
      secrets: [code, params['code_verifier'] ?? '', this._clientSecret],
    };
    const response = await this.post(request.label, new URL(this._getAccessTokenUrl()), form);
    return readTokenResponse(response, request);
  }

  // node-oauth's other requests (`get`, `getProtectedResource`) all go through this method.
  protected override _request(
    method: string,
    url: string,
    headers: OutgoingHttpHeaders | null,
    postBody: string | Buffer | null,
    accessToken: string | null,
    callback: oauth.dataCallback,
  ): void {
    const target = new URL(url);
    const label = `the request to ${target.pathname}`;
    // The token goes in a header: node-oauth would put it into the URL, and Ion logs the URLs that it
    // receives.
    const authorization = accessToken ? { authorization: this.buildAuthHeader(accessToken) } : {};
    const request = {
      label,
      method,
      url: target,
      headers: { accept: 'application/json', ...lowerCaseNames(headers), ...authorization },
      ...(postBody ? { body: postBody } : {}),
      repeatable: method === 'GET',
    };
    const end = (...results: unknown[]): void => {
      callBack(`The callback of ${label}`, callback, ...results);
    };
    exchange(request, this.transport).then((response) => {
      const { status, body, message } = response;
      if (status >= 200 && status <= 299) end(null, decodeText(body), message);
      else end(statusError(response, label, 'authorization' in request.headers));
    }, end);
  }
}

function lowerCaseNames(headers: OutgoingHttpHeaders | null): OutgoingHttpHeaders {
  return Object.fromEntries(
    Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  );
}
