// A stand-in for Ion on raw sockets. It responds correctly, except to requests that a test has set a fault for.

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import net = require('node:net');

import { FaultyIonConnection } from './faulty-ion-connection.js';
import type { Certificate } from './faulty-ion-certificates.js';
import type { Request, Scheme } from './faulty-ion-connection.js';
import { rawResponse } from '../../support/raw-server.js';

/** The kinds of request that an app sends to Ion. */
export const REQUEST_KINDS = ['token', 'profile', 'refresh', 'api'] as const;
export type RequestKind = (typeof REQUEST_KINDS)[number];

/** A request that the faulty Ion received, and the JSON that a real Ion would respond with. */
export interface ReceivedRequest extends Request {
  readonly requestKind: RequestKind;
  readonly right: Readonly<Record<string, unknown>>;
}

/** A function that sends a response to a request, in place of the correct one. */
export type ResponseWriter = (received: ReceivedRequest) => void;

/**
 * How a connection starts: it is refused, Ion presents this certificate, or this function handles the socket.
 */
export type Reception = 'refused' | Certificate | ((raw: net.Socket) => void);

/** Text with characters of one, two, three, and four bytes in UTF-8. */
export const NAME = 'Zoë Núñez-Łukasik 小梅 👩🏽‍🎓';
export const SCOPE = `read ${NAME}`;

/** A stand-in for Ion. Its client secret has the same form as a real one from Ion. */
export class FaultyIon {
  readonly clientSecret = word(128);
  /** Every secret that was sent or received. */
  readonly secrets = new Set([this.clientSecret]);
  readonly #received: ReceivedRequest[] = [];
  readonly #connections = new Set<FaultyIonConnection>();
  readonly #people = new Map<string, number>();
  readonly #server = net.createServer((raw) => {
    this.#receive(raw);
  });
  #port = 0;
  #wrong: { requestKind: RequestKind; respond: ResponseWriter } | undefined;
  #reception: { requestKind: RequestKind; reception: Reception } | undefined;
  #receiving: Reception = 'good';

  constructor(readonly scheme: Scheme) {}

  async start(): Promise<this> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    // The cast is safe because the server listens on a port.
    this.#port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#drop();
    await closed;
  }

  get origin(): string {
    return `${this.scheme}://localhost:${this.#port}`;
  }

  /** Returns a new authorization code for this person. */
  codeFor(id: number): string {
    const code = this.#secret();
    this.#people.set(code, id);
    return code;
  }

  /** The paths of all requests since the last fault was set. */
  get paths(): string[] {
    return this.#received.map(({ path }) => path);
  }

  /** Returns the requests of this kind since the last fault was set. */
  received(requestKind: RequestKind): ReceivedRequest[] {
    return this.#received.filter((received) => received.requestKind === requestKind);
  }

  /** Sets the response to requests of this kind. */
  respondWith(requestKind: RequestKind, respond: ResponseWriter): void {
    this.#received.splice(0);
    this.#wrong = { requestKind, respond };
  }

  /** Sets how the connection for the next request of this kind will start. */
  async receiveWith(requestKind: RequestKind, reception: Reception): Promise<void> {
    this.#received.splice(0);
    // The profile request would reuse the token request's connection, so the token response must close
    // that connection.
    if (requestKind === 'profile') this.#reception = { requestKind, reception };
    else {
      this.#drop();
      await this.#begin(reception);
    }
  }

  /** Removes the fault. */
  async mend(): Promise<void> {
    this.#wrong = undefined;
    this.#reception = undefined;
    if (this.#receiving === 'good') return;
    this.#drop();
    if (this.#receiving === 'refused') await this.start();
    this.#receiving = 'good';
  }

  async #begin(reception: Reception): Promise<void> {
    this.#receiving = reception;
    if (reception !== 'refused') return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }

  #drop(): void {
    for (const connection of this.#connections) connection.raw.destroy();
  }

  #receive(raw: net.Socket): void {
    if (typeof this.#receiving === 'function') {
      raw.on('error', () => undefined);
      const connection = new FaultyIonConnection(raw, 'http');
      this.#keep(connection);
      this.#receiving(raw);
      return;
    }
    const certificate = this.#receiving === 'refused' ? 'good' : this.#receiving;
    const connection = new FaultyIonConnection(raw, this.scheme, certificate);
    this.#keep(connection);
    connection.onRequest((request) => {
      this.#serve(request);
    });
  }

  #keep(connection: FaultyIonConnection): void {
    this.#connections.add(connection);
    connection.raw.on('close', () => this.#connections.delete(connection));
  }

  #serve(request: Request): void {
    const form = new URLSearchParams(request.body);
    const requestKind = kindOf(request, form);
    for (const name of ['code', 'code_verifier', 'client_secret', 'refresh_token']) {
      const value = form.get(name);
      if (value) this.secrets.add(value);
    }
    const received = {
      ...request,
      requestKind,
      right: this.#rightResponse(requestKind, request, form),
    };
    this.#received.push(received);
    if (this.#wrong?.requestKind === requestKind) this.#wrong.respond(received);
    else if (requestKind === 'token' && this.#reception)
      void this.#closeWithResponse(received, this.#reception);
    else request.connection.write(rawResponse(JSON.stringify(received.right)));
  }

  // Responds, and closes every connection, so that the next request needs a new one.
  async #closeWithResponse(
    { connection, right }: ReceivedRequest,
    { reception }: { reception: Reception },
  ) {
    for (const other of this.#connections) if (other !== connection) other.raw.destroy();
    const bytes = rawResponse(JSON.stringify(right), { headers: { Connection: 'close' } });
    const ready = this.#begin(reception);
    connection.end(bytes);
    await ready;
  }

  #rightResponse(
    requestKind: RequestKind,
    { headers }: Request,
    form: URLSearchParams,
  ): Record<string, unknown> {
    if (requestKind === 'api') return { name: NAME };
    if (requestKind === 'profile') {
      const id = this.#people.get(headers['authorization']?.replace('Bearer ', '') ?? '');
      return { id: id ?? null, ion_username: '2028znunez', display_name: NAME };
    }
    const [accessToken, refreshToken] = [this.#secret(), this.#secret()];
    const id = this.#people.get(form.get('code') ?? form.get('refresh_token') ?? '');
    for (const token of id ? [accessToken, refreshToken] : []) this.#people.set(token, id ?? 0);
    return {
      access_token: accessToken,
      expires_in: 36000,
      token_type: 'Bearer',
      scope: SCOPE,
      refresh_token: refreshToken,
    };
  }

  #secret(): string {
    const secret = word(30);
    this.secrets.add(secret);
    return secret;
  }
}

function kindOf({ path }: Request, form: URLSearchParams): RequestKind {
  if (path === '/oauth/token/') {
    return form.get('grant_type') === 'refresh_token' ? 'refresh' : 'token';
  }
  return path === '/api/profile' ? 'profile' : 'api';
}

/** Returns random letters and digits. */
function word(length: number): string {
  let letters = '';
  while (letters.length < length) {
    letters += randomBytes(length)
      .toString('base64')
      .replace(/[^A-Za-z0-9]/g, '');
  }
  return letters.slice(0, length);
}
