// node-oauth's OAuth2 speaking through http.ts: the only place that knows node-oauth.

import type { OutgoingHttpHeaders } from 'node:http';
import querystring = require('node:querystring');

import oauth = require('oauth');

import { connectAhead, exchange, textOf } from './exchange.js';
import type { Incoming, Transport } from './exchange.js';
import { percentEncoded } from './percent-encoding.js';
import { parsed, readTokenResponse, throwUnlessGranted, unexpected } from './responses.js';
import type { TokenResponse } from './responses.js';
import { noteArrival } from '../tokens.js';

/** The parameters of a form: `undefined` ones are not sent. */
export type Form = Readonly<Record<string, string | undefined>>;

/**
 * node-oauth's client as the strategy uses it: every exchange has a deadline and a bound on its size,
 * every answer is checked, and no token goes into a URL. It is public for `setAgent`, and for what works
 * with any strategy of passport-oauth2, such as passport-oauth2-refresh.
 */
export class IonOAuth2 extends oauth.OAuth2 {
  /** For one exchange with Ion, in milliseconds: the strategy's option `timeout`. */
  timeout = 10_000;

  constructor(...parameters: ConstructorParameters<typeof oauth.OAuth2>) {
    super(...parameters);
    // So that a strategy in a log does not show it.
    Object.defineProperty(this, '_clientSecret', { enumerable: false });
  }

  /**
   * How requests are made: with the agent of `setAgent` where there is one.
   *
   * @internal
   */
  get transport(): Transport {
    // node-oauth's declarations allow a boolean, which names no agent.
    const agent = typeof this._agent === 'object' ? this._agent : undefined;
    return { timeout: this.timeout, agent, customHeaders: this._customHeaders };
  }

  /**
   * Has a connection ready for the token request of a login that begins now.
   *
   * @internal
   */
  expectTokenRequest(): void {
    connectAhead(new URL(this._getAccessTokenUrl()), this.transport);
  }

  // As this client: with its id, and with its secret where it has one.
  private async post(what: string, url: URL, form: Form): Promise<Incoming> {
    const secret = this._clientSecret || undefined;
    const fields: Form = { ...form, client_id: this._clientId, client_secret: secret };
    const sent = Object.entries(fields).filter(([, value]) => value !== undefined);
    const headers = {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
    };
    const encoding = { encodeURIComponent: percentEncoded };
    const body = querystring.stringify(Object.fromEntries(sent), '&', '=', encoding);
    const outgoing = { what, method: 'POST', url, headers, body, repeatable: true };
    return exchange(outgoing, this.transport);
  }

  /**
   * Gets tokens for a code, or for a refresh token where `params.grant_type` says so. The callback
   * receives the token response without the refresh token last, as node-oauth has it.
   */
  override getOAuthAccessToken(
    code: string,
    params: unknown,
    callback?: oauth.oauth2tokenCallback,
  ): void {
    // Both casts: node-oauth declares `params` as any, and lets it be left out or null.
    const done = (callback ?? params) as oauth.oauth2tokenCallback;
    const form = ((callback && params) ?? {}) as Form;
    this.requestTokens(code, form).then(
      // node-oauth calls back with null for "no error", which its declarations forget.
      ({ accessToken, refreshToken, rest }) =>
        void done(null as never, accessToken, refreshToken, rest),
      (error: unknown) => void done(error as Error),
    );
  }

  /** Revokes a token (RFC 7009); with a refresh token, Ion ends the access token too. */
  async revoke(url: string, token: string, hint: 'access_token' | 'refresh_token'): Promise<void> {
    const what = 'the revocation request' as const;
    const incoming = await this.post(what, new URL(url), { token, token_type_hint: hint });
    // RFC 7009, section 2.2: the status alone counts, and Ion's body is empty.
    const secrets = [token, this._clientSecret];
    throwUnlessGranted(incoming.status, parsed(incoming), { what, secrets });
  }

  private async requestTokens(code: string, params: Form): Promise<TokenResponse> {
    const refreshing = params['grant_type'] === 'refresh_token';
    const what = refreshing ? 'the refresh request' : 'the token request';
    const form = { ...params, [refreshing ? 'refresh_token' : 'code']: code };
    const incoming = await this.post(what, new URL(this._getAccessTokenUrl()), form);
    const secrets = [code, params['code_verifier'] ?? '', this._clientSecret];
    const response = readTokenResponse(incoming, { what, secrets });
    noteArrival(response.rest);
    return response;
  }

  // Every other request of node-oauth's (`get`, `getProtectedResource`) ends here.
  protected override _request(
    method: string,
    url: string,
    headers: OutgoingHttpHeaders | null,
    postBody: string | Buffer | null,
    accessToken: string | null,
    callback: oauth.dataCallback,
  ): void {
    const target = new URL(url);
    const what = `the request to ${target.pathname}`;
    // Never in the URL, where node-oauth would put it: Ion writes its paths to a log.
    const authorization = accessToken ? { authorization: this.buildAuthHeader(accessToken) } : {};
    const outgoing = {
      what,
      method,
      url: target,
      headers: { accept: 'application/json', ...lowerCased(headers), ...authorization },
      ...(postBody ? { body: postBody } : {}),
      repeatable: method === 'GET',
    };
    exchange(outgoing, this.transport).then(
      ({ status, body, message }) => {
        if (status >= 200 && status <= 299) callback(null as never, textOf(body), message);
        else callback(unexpected(what, status, 'authorization' in outgoing.headers) as never);
      },
      (error: unknown) => void callback(error as never),
    );
  }
}

function lowerCased(headers: OutgoingHttpHeaders | null): OutgoingHttpHeaders {
  return Object.fromEntries(
    Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  );
}
