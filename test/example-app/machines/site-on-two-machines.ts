// Runs the example app on two machines (processes) behind one address, with one Redis and one Ion for both.

import { once, EventEmitter } from 'node:events';

import { startLocalIon } from 'passport-ion/local-ion';
import type { LocalIon } from 'passport-ion/local-ion';

import { BuiltApp } from '../app-in-own-process.js';
import type { AppProgram } from '../app-in-own-process.js';
import { Browser } from '../../support/browser.js';
import type { Page } from '../../support/browser.js';
import { Proxy, TRIED } from './nginx.js';
import { RedisServer } from './redis-server.js';

export const SESSION_SECRET = 'a-secret-that-both-machines-know';

/** A clock for Ion, which tests can set ahead. */
class Clock {
  /** How far ahead the clock is, in milliseconds. */
  ahead = 0;
  readonly #looks = new EventEmitter();

  readonly now = (): number => {
    this.#looks.emit('look');
    return Date.now() + this.ahead;
  };

  /** Resolves when Ion next reads the clock, as it does for every request. */
  async nextLook(): Promise<void> {
    await once(this.#looks, 'look');
  }
}

/** A person with a browser, who opens the site at its only address. */
export interface Visitor {
  readonly browser: Browser;
  readonly username: string;
}

export function newVisitor(username: string): Visitor {
  return { browser: new Browser(), username };
}

interface Parts {
  readonly basePath: string;
  readonly stripsPath: boolean;
  readonly clock: Clock;
  readonly redis: RedisServer;
  readonly ion: LocalIon;
  /** The requests that Ion received, one line for each. */
  readonly ionLog: readonly string[];
  readonly app: BuiltApp;
}

const ions: LocalIon[] = [];

afterAll(async () => {
  for (const ion of ions.splice(0)) await ion.stop();
});

/** The app on two machines, with everything it needs. It is stopped after the tests in a file. */
export class Site {
  /** Every process of the app that was started, including those that have exited. */
  readonly #programs: AppProgram[] = [];
  /** The ports of the two machines. */
  readonly #ports: number[] = [];
  #proxy: Proxy | undefined;

  private constructor(private readonly parts: Parts) {}

  static async start({ basePath = '', stripsPath = false } = {}): Promise<Site> {
    const clock = new Clock();
    const redis = await RedisServer.prepare();
    await redis.start();
    const ionLog: string[] = [];
    const ion = await startLocalIon({ now: clock.now, log: (line) => ionLog.push(line) });
    ions.push(ion);
    const app = await BuiltApp.copy();
    const site = new Site({ basePath, stripsPath, clock, redis, ion, ionLog, app });
    for (let count = 0; count < 2; count += 1) await site.#startMachine();
    await site.renewProxy();
    return site;
  }

  get clock(): Clock {
    return this.parts.clock;
  }

  get redis(): RedisServer {
    return this.parts.redis;
  }

  get ion(): LocalIon {
    return this.parts.ion;
  }

  get ionLog(): readonly string[] {
    return this.parts.ionLog;
  }

  /** The site's only address. */
  get url(): string {
    return `${this.#proxy?.url ?? ''}${this.parts.basePath}`;
  }

  /** The addresses of the machines themselves. */
  get machines(): string[] {
    return this.#ports.map((port) => `http://127.0.0.1:${port}${this.parts.basePath}`);
  }

  /** Everything that the app has printed on both machines. */
  get printed(): string {
    return this.#programs.map(({ printed }) => printed).join('');
  }

  /** Returns what this machine's process has printed. */
  printedOn(machine: number): string {
    return this.#on(machine)?.printed ?? '';
  }

  /** Returns the machines that the proxy tried for this page: more than one if the first didn't respond. */
  machinesOf({ headers }: Page): number[] {
    const tried = headers.get(TRIED)?.split(', ') ?? [];
    return tried.map((each) => this.#ports.indexOf(Number(each.split(':')[1])));
  }

  /** Returns the machine that did not serve this page. */
  otherThan(page: Page): number {
    return this.machinesOf(page).at(-1) === 0 ? 1 : 0;
  }

  async kill(machine: number): Promise<void> {
    await this.#on(machine)?.stop();
  }

  /** Whether this machine's process is still running. */
  isRunning(machine: number): boolean {
    return this.#on(machine)?.running === true;
  }

  async startAgain(machine: number): Promise<void> {
    await this.#startMachine(this.#ports[machine]);
  }

  /** Starts a new proxy. The new proxy has not seen a machine fail, so it sends requests to both in turn. */
  async renewProxy(): Promise<void> {
    await this.#proxy?.stop();
    const { basePath, stripsPath } = this.parts;
    this.#proxy = await Proxy.start(this.#ports, stripsPath ? basePath : '');
  }

  /** Presses the sign-in button. Returns the authorization request, and the response that redirected to it. */
  async press({ browser }: Visitor, query = ''): Promise<{ request: string; page: Page }> {
    const page = await browser.get(`${this.url}/login/ion${query}`);
    expect(page.status).toBe(302);
    return { request: page.location ?? '', page };
  }

  async signIn(username: string): Promise<Visitor> {
    const visitor = newVisitor(username);
    const { request } = await this.press(visitor);
    const page = await visitor.browser.follow(await this.ion.approve(request, { as: username }));
    expect(page.status).toBe(200);
    return visitor;
  }

  /** Sends a request to both machines at the same time, with the cookies from this person's browser. */
  async askBoth({ browser }: Visitor, path: string): Promise<Response[]> {
    const cookie = [...browser.cookiesFor(this.url)].map((pair) => pair.join('=')).join('; ');
    return Promise.all(
      this.machines.map((machine) => fetch(machine + path, { headers: { cookie } })),
    );
  }

  /** Waits until both machines have noticed that Redis is there (200), or that it is gone (503). */
  async bothRespond(status: 200 | 503): Promise<void> {
    const browser = new Browser();
    for (const machine of this.machines) {
      while ((await browser.get(`${machine}/`)).status !== status);
    }
  }

  #on(machine: number): AppProgram | undefined {
    const port = String(this.#ports[machine]);
    return this.#programs.findLast(({ home }) => new URL(home).port === port);
  }

  async #startMachine(port = 0): Promise<void> {
    const { app, basePath, ion, redis } = this.parts;
    const program = await app.start({
      HOST: '127.0.0.1',
      PORT: String(port),
      BASE_PATH: basePath,
      TRUST_PROXY: '1',
      ION_CLIENT_ID: ion.clientID,
      ION_CLIENT_SECRET: ion.clientSecret ?? '',
      ION_BASE_URL: ion.baseURL,
      SESSION_SECRET,
      REDIS_URL: redis.url,
    });
    await program.until('Ctrl-C');
    this.#programs.push(program);
    if (port === 0) this.#ports.push(Number(new URL(program.home).port));
  }
}
