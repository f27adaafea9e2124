// Starts a local Ion behind a proxy that records the secrets that the app and Ion send each other. The
// browser must never get any of them.

import { once } from 'node:events';
import http = require('node:http');
import type { AddressInfo } from 'node:net';

import { startLocalIon } from 'passport-ion/local-ion';
import type { LocalIon, LocalIonOptions } from 'passport-ion/local-ion';

/** The tokens in one token response. */
export interface OverheardTokens {
  readonly access_token: string;
  readonly refresh_token: string;
}

export class OverheardIon {
  /** The secrets that only the app and Ion may know, each with a description. */
  readonly secrets = new Map<string, string>();
  /** The tokens from each sign-in and refresh, newest last. */
  readonly tokens: OverheardTokens[] = [];
  /** The tokens that the app asked Ion to revoke. */
  readonly revoked: string[] = [];
  #server: http.Server | undefined;
  #port = 0;

  private constructor(readonly ion: LocalIon) {
    this.secrets.set(ion.clientSecret ?? '', 'the client secret');
  }

  static async start(options: LocalIonOptions = {}): Promise<OverheardIon> {
    const overheard = new OverheardIon(await startLocalIon(options));
    await overheard.comeBack();
    return overheard;
  }

  get baseURL(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** The app settings that make the app use this Ion. */
  get settings(): Readonly<Record<string, string>> {
    const { clientID, clientSecret = '' } = this.ion;
    return {
      ION_BASE_URL: this.baseURL,
      ION_CLIENT_ID: clientID,
      ION_CLIENT_SECRET: clientSecret,
    };
  }

  /** Authorizes as this person, without a browser. Returns the callback URL. */
  async approve(authorizationURL: string, as: string): Promise<string> {
    return this.ion.approve(authorizationURL.replace(this.baseURL, this.ion.baseURL), { as });
  }

  /** Stops accepting connections. */
  async goDown(): Promise<void> {
    if (!this.#server) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    this.#server = undefined;
    await closed;
  }

  /** Accepts connections again, at the same address. */
  async comeBack(): Promise<void> {
    const server = http.createServer((request, response) => {
      this.#pass(request, response).catch(() => response.destroy());
    });
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#server = server;
    // The cast is safe because the server listens on a port.
    this.#port = (server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    await this.goDown();
    await this.ion.stop();
  }

  async #pass(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const { method, url = '', headers } = request;
    const sent = await bytesOf(request);
    const onward = http.request(`${this.ion.baseURL}${url}`, { method, headers, agent: false });
    response.once('close', () => onward.destroy());
    onward.end(sent);
    const [fromIon] = (await once(onward, 'response')) as [http.IncomingMessage];
    const received = await bytesOf(fromIon);
    this.#listen(url, sent.toString(), received.toString());
    response.writeHead(fromIon.statusCode ?? 0, fromIon.headers);
    response.end(received);
  }

  #listen(url: string, sent: string, received: string): void {
    const form = new URLSearchParams(sent);
    if (url.startsWith('/oauth/revoke_token')) this.revoked.push(form.get('token') ?? '');
    if (!url.startsWith('/oauth/token')) return;
    const verifier = form.get('code_verifier');
    if (verifier !== null) this.secrets.set(verifier, 'a code verifier');
    if (!received.includes('access_token')) return;
    // The cast is safe because the local Ion's own tests check the shape of its responses.
    const tokens = JSON.parse(received) as OverheardTokens;
    this.tokens.push(tokens);
    this.secrets.set(tokens.access_token, 'an access token');
    this.secrets.set(tokens.refresh_token, 'a refresh token');
  }
}

async function bytesOf(message: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
