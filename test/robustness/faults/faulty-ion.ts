// A server in Ion's place, over raw sockets: it answers well, except where a fault is set.

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import net = require('node:net');
import type { AddressInfo } from 'node:net';

import { Connection } from './connection.js';
import type { Certificate, Request, Scheme } from './connection.js';
import { rawResponse } from '../../support/raw-server.js';

/** The requests that a login, and an app after it, make of Ion. */
export const LEGS = ['token', 'profile', 'refresh', 'api'] as const;
export type Leg = (typeof LEGS)[number];

/** A request, and what Ion would answer. */
export interface Asked extends Request {
  readonly leg: Leg;
  readonly right: Readonly<Record<string, unknown>>;
}

/** What is done with a request in place of the right answer. */
export type Answer = (asked: Asked) => void;

/** What is done with the connection that the request would come by. */
export type Reception = 'refused' | Certificate | ((raw: net.Socket) => void);

/** Text with letters of one, two, three and four bytes. */
export const NAME = 'Zoë Núñez-Łukasik 小梅 👩🏽‍🎓';
export const SCOPE = `read ${NAME}`;

/** One Ion. Its client secret is of the length and the letters that Ion's have. */
export class FaultyIon {
  readonly clientSecret = word(128);
  /** Every secret that was sent either way. */
  readonly secrets = new Set([this.clientSecret]);
  readonly #asked: Asked[] = [];
  readonly #connections = new Set<Connection>();
  readonly #people = new Map<string, number>();
  readonly #server = net.createServer((raw) => {
    this.#receive(raw);
  });
  #port = 0;
  #answer: { leg: Leg; answer: Answer } | undefined;
  #reception: { leg: Leg; reception: Reception } | undefined;
  #receiving: Reception = 'good';

  constructor(readonly scheme: Scheme) {}

  async start(): Promise<this> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    // The cast: a server on a port has such an address.
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

  /** A code for a person that nobody else has. */
  codeFor(id: number): string {
    const code = this.#secret();
    this.#people.set(code, id);
    return code;
  }

  /** The paths of all requests since the last fault was set. */
  get paths(): string[] {
    return this.#asked.map(({ path }) => path);
  }

  /** The requests of a kind since the last fault was set. */
  asked(leg: Leg): Asked[] {
    return this.#asked.filter((asked) => asked.leg === leg);
  }

  /** From now on answers requests of this kind so. */
  answerWith(leg: Leg, answer: Answer): void {
    this.#asked.splice(0);
    this.#answer = { leg, answer };
  }

  /** Receives the connection for the next request of this kind so. */
  async receiveWith(leg: Leg, reception: Reception): Promise<void> {
    this.#asked.splice(0);
    // A profile is asked for on the connection that the tokens came by.
    if (leg === 'profile') this.#reception = { leg, reception };
    else {
      this.#drop();
      await this.#begin(reception);
    }
  }

  /** Ends the fault. */
  async mend(): Promise<void> {
    this.#answer = undefined;
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
      const connection = new Connection(raw, 'http');
      this.#keep(connection);
      this.#receiving(raw);
      return;
    }
    const certificate = this.#receiving === 'refused' ? 'good' : this.#receiving;
    const connection = new Connection(raw, this.scheme, certificate);
    this.#keep(connection);
    connection.onRequest((request) => {
      this.#serve(request);
    });
  }

  #keep(connection: Connection): void {
    this.#connections.add(connection);
    connection.raw.on('close', () => this.#connections.delete(connection));
  }

  #serve(request: Request): void {
    const form = new URLSearchParams(request.body);
    const leg = legOf(request, form);
    for (const name of ['code', 'code_verifier', 'client_secret', 'refresh_token']) {
      const value = form.get(name);
      if (value) this.secrets.add(value);
    }
    const asked = { ...request, leg, right: this.#rightAnswer(leg, request, form) };
    this.#asked.push(asked);
    if (this.#answer?.leg === leg) this.#answer.answer(asked);
    else if (leg === 'token' && this.#reception) void this.#partWith(asked, this.#reception);
    else request.connection.write(rawResponse(JSON.stringify(asked.right)));
  }

  // The next request has to come by a connection of its own, which is then received so.
  async #partWith({ connection, right }: Asked, { reception }: { reception: Reception }) {
    for (const other of this.#connections) if (other !== connection) other.raw.destroy();
    const bytes = rawResponse(JSON.stringify(right), { headers: { Connection: 'close' } });
    const ready = this.#begin(reception);
    connection.end(bytes);
    await ready;
  }

  #rightAnswer(leg: Leg, { headers }: Request, form: URLSearchParams): Record<string, unknown> {
    if (leg === 'api') return { name: NAME };
    if (leg === 'profile') {
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

function legOf({ path }: Request, form: URLSearchParams): Leg {
  if (path === '/oauth/token/') {
    return form.get('grant_type') === 'refresh_token' ? 'refresh' : 'token';
  }
  return path === '/api/profile' ? 'profile' : 'api';
}

/** Random letters and digits. */
function word(length: number): string {
  let letters = '';
  while (letters.length < length) {
    letters += randomBytes(length)
      .toString('base64')
      .replace(/[^A-Za-z0-9]/g, '');
  }
  return letters.slice(0, length);
}
