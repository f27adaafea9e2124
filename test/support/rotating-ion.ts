// Serves Ion's API and token endpoint on a real socket, with one person's tokens, which rotate as Ion's do:
// each refresh replaces both. It is for tests about connections or several processes; other tests use nock.

import { once } from 'node:events';
import http = require('node:http');
import type { AddressInfo } from 'node:net';

import type { IonTokens } from '../../lib/tokens.js';

interface ReceivedRequest {
  readonly url: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

/** The status and JSON body of a response, or `'hang up'` to close the connection without a response. */
type Reply = readonly [status: number, body: unknown] | 'hang up';

export class RotatingIon {
  /** Called first for each request. Returns the reply to it, or undefined for the usual reply. */
  before: (request: ReceivedRequest) => Reply | undefined | Promise<Reply | undefined> = () =>
    undefined;
  /** Every request so far. */
  readonly requests: ReceivedRequest[] = [];
  readonly #server = http.createServer((request, response) => {
    void this.#handle(request, response).catch((error: unknown) => {
      response.destroy(error as Error);
    });
  });
  #count = 0;
  #access = '';
  #refresh = '';

  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#rotate();
    return this;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  get origin(): string {
    // The cast is safe because a server that listens on a port has an AddressInfo.
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** The tokens that work now. */
  get tokens(): IonTokens {
    return {
      accessToken: this.#access,
      refreshToken: this.#refresh,
      tokenType: 'Bearer',
      scope: ['read'],
      expiresAt: Date.now() + 36_000_000,
    };
  }

  /** The refresh requests so far. */
  get refreshes(): ReceivedRequest[] {
    return this.requests.filter(({ url }) => url === '/oauth/token/');
  }

  endAccessToken(): void {
    this.#access = 'none';
  }

  endBothTokens(): void {
    this.endAccessToken();
    this.#refresh = 'none';
  }

  /** Refreshes the tokens as another client would, and returns the new ones. */
  rotateElsewhere(): IonTokens {
    this.#rotate();
    return this.tokens;
  }

  #rotate(): void {
    this.#count += 1;
    this.#access = `Access${this.#count}`.padEnd(30, 'x');
    this.#refresh = `Refresh${this.#count}`.padEnd(30, 'x');
  }

  async #handle(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { url = '', headers } = request;
    const received = {
      url,
      authorization: headers.authorization,
      body: Buffer.concat(chunks).toString(),
    };
    this.requests.push(received);
    const reply = (await this.before(received)) ?? this.#reply(received);
    if (reply === 'hang up') {
      request.socket.destroy();
      return;
    }
    const [status, body] = reply;
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  #reply({ url, authorization, body }: ReceivedRequest): Reply {
    if (url !== '/oauth/token/') {
      return authorization === `Bearer ${this.#access}`
        ? [200, { ok: true }]
        : [403, { detail: 'Authentication credentials were not provided.' }];
    }
    if (new URLSearchParams(body).get('refresh_token') !== this.#refresh) {
      return [400, { error: 'invalid_grant' }];
    }
    this.#rotate();
    return [
      200,
      {
        access_token: this.#access,
        expires_in: 36000,
        token_type: 'Bearer',
        scope: 'read',
        refresh_token: this.#refresh,
      },
    ];
  }
}
