// One Ion and the apps that sign people in with it, as the tests use them.

import { rmSync } from 'node:fs';

import { UserAgent } from '../../support/user-agent.js';
import type { Page } from '../../support/user-agent.js';
import { AppProcess } from './app-process.js';
import { MODULES, compile } from './compiled.js';
import type { Compiled } from './compiled.js';
import type { Scheme } from './connection.js';
import type { Behaviour } from './fault.js';
import { FaultyIon } from './faulty-ion.js';
import type { Leg } from './faulty-ion.js';
import { HASTY, PATIENT } from './timeouts.js';

/** For a person who waits, in milliseconds: far beyond every deadline of the apps. */
const GUARD = 30_000;

/** One who signed in, or tried to. */
export interface Visitor {
  readonly browser: UserAgent;
  readonly id: number;
  /** What the app answered to the callback. */
  readonly page: Page;
}

/** An app, and the last one who is signed in there. */
export interface App {
  readonly process: AppProcess;
  visitor: Visitor;
}

export class Bench {
  readonly #compiled: Compiled;
  #app: App | undefined;
  #people = 0;

  private constructor(
    readonly ion: FaultyIon,
    compiled: Compiled,
  ) {
    this.#compiled = compiled;
  }

  static async start(scheme: Scheme): Promise<Bench> {
    return new Bench(await new FaultyIon(scheme).start(), compile());
  }

  async stop(): Promise<void> {
    await this.#app?.process.stop();
    await this.ion.stop();
    rmSync(this.#compiled.folder, { recursive: true });
  }

  /** A running app with somebody signed in: a new one where the last has died. */
  async app(): Promise<App> {
    if (this.#app && this.#app.process.end === undefined) return this.#app;
    const { program, trusted } = this.#compiled;
    const process = await AppProcess.start({
      program,
      trusted,
      baseURL: this.ion.origin,
      clientSecret: this.ion.clientSecret,
      modules: MODULES,
    });
    this.#app = { process, visitor: await this.signIn(process) };
    return this.#app;
  }

  /** Sends somebody new through a login. */
  async signIn(app: AppProcess): Promise<Visitor> {
    this.#people += 1;
    const [id, browser] = [this.#people, new UserAgent()];
    const { location = '' } = await answered(browser.get(`${app.url}/login`));
    const callback = new URL('/complete/ion/', app.url);
    callback.searchParams.set('code', this.ion.codeFor(id));
    callback.searchParams.set('state', new URL(location).searchParams.get('state') ?? '');
    return { browser, id, page: await answered(browser.get(callback.href)) };
  }

  /** Has the app make a request of this kind: by a login, or for who is signed in. */
  async act(app: App, leg: Leg): Promise<Visitor> {
    if (leg === 'token' || leg === 'profile') return this.signIn(app.process);
    const { browser, id } = app.visitor;
    return { browser, id, page: await answered(browser.get(`${app.process.url}/${leg}`)) };
  }

  /** Sets a fault for requests of this kind. */
  async misbehave(app: App, leg: Leg, behaviour: Behaviour): Promise<void> {
    switch (behaviour.kind) {
      case 'answer':
        this.ion.answerWith(leg, behaviour.answer);
        return;
      case 'reception':
        await this.ion.receiveWith(leg, behaviour.reception);
        return;
      case 'lookup': {
        this.ion.answerWith(leg, () => undefined);
        // The agent keeps no connection, so that each request looks the name up.
        const from = leg === 'profile' ? 2 : 1;
        await app.process.tell({ do: 'lookup', how: behaviour.how, from });
      }
    }
  }

  /** Has the app give up soon, until the fault ends. */
  async hurry(app: App): Promise<void> {
    await app.process.tell({ do: 'timeout', timeout: HASTY });
  }

  /** Ends the fault. */
  async mend(app: App, behaviour: Behaviour): Promise<void> {
    await this.ion.mend();
    await app.process.tell({ do: 'timeout', timeout: PATIENT });
    if (behaviour.kind === 'lookup') await app.process.tell({ do: 'usual lookup' });
  }
}

/** The browser waited in vain. */
export class NoAnswer extends Error {}

/** What a person gets who does not wait for ever. */
export async function answered(page: Promise<Page>): Promise<Page> {
  let guard: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    guard = setTimeout(() => {
      reject(new NoAnswer(`There was none within ${GUARD} ms`));
    }, GUARD);
  });
  try {
    return await Promise.race([page, late]);
  } finally {
    clearTimeout(guard);
  }
}
