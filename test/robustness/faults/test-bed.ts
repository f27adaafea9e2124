// Runs a faulty Ion, an app that signs people in with it, and those people's browsers.

import { rmSync } from 'node:fs';

import { Browser } from '../../support/browser.js';
import type { Page } from '../../support/browser.js';
import { withDeadline } from '../../support/with-deadline.js';
import { AppProcess } from './app-process.js';
import { writeTrustedCertificates } from './faulty-ion-certificates.js';
import { MODULES, compile } from './compile-app.js';
import type { Compiled } from './compile-app.js';
import type { Scheme } from './faulty-ion-connection.js';
import type { Behavior } from './fault.js';
import { FaultyIon } from './faulty-ion.js';
import type { RequestKind } from './faulty-ion.js';
import { SHORT_TIMEOUT_MS, LONG_TIMEOUT_MS } from './timeouts.js';

/** How long a browser waits for a response: far longer than any of the app's deadlines. */
const DEADLINE_MS = 30_000;

/** A person who signed in, or tried to. */
export interface Visitor {
  readonly browser: Browser;
  readonly id: number;
  /** The app's response to the callback. */
  readonly page: Page;
}

/** An app, and the last person who signed in to it. */
export interface App {
  readonly process: AppProcess;
  visitor: Visitor;
}

export class TestBed {
  readonly #compiled: Compiled;
  #app: App | undefined;
  #people = 0;

  private constructor(
    readonly ion: FaultyIon,
    compiled: Compiled,
  ) {
    this.#compiled = compiled;
  }

  static async start(scheme: Scheme): Promise<TestBed> {
    return new TestBed(await new FaultyIon(scheme).start(), compile());
  }

  async stop(): Promise<void> {
    await this.#app?.process.stop();
    await this.ion.stop();
    rmSync(this.#compiled.folder, { recursive: true });
  }

  /** Returns a running app with someone signed in. Starts a new one if the last one died. */
  async app(): Promise<App> {
    if (this.#app && this.#app.process.end === undefined) return this.#app;
    const { program, folder } = this.#compiled;
    const process = await AppProcess.start({
      program,
      trusted: writeTrustedCertificates(folder),
      baseURL: this.ion.origin,
      clientSecret: this.ion.clientSecret,
      modules: MODULES,
    });
    this.#app = { process, visitor: await this.signIn(process) };
    return this.#app;
  }

  /** Signs a new person in. */
  async signIn(app: AppProcess): Promise<Visitor> {
    this.#people += 1;
    const [id, browser] = [this.#people, new Browser()];
    const { location = '' } = await inTime(browser.get(`${app.url}/login`));
    const callback = new URL('/complete/ion/', app.url);
    callback.searchParams.set('code', this.ion.codeFor(id));
    callback.searchParams.set('state', new URL(location).searchParams.get('state') ?? '');
    return { browser, id, page: await inTime(browser.get(callback.href)) };
  }

  /** Makes the app send this kind of request: for a new sign-in, or for the person who is signed in. */
  async act(app: App, requestKind: RequestKind): Promise<Visitor> {
    if (requestKind === 'token' || requestKind === 'profile') return this.signIn(app.process);
    const { browser, id } = app.visitor;
    return { browser, id, page: await inTime(browser.get(`${app.process.url}/${requestKind}`)) };
  }

  /** Sets a fault for requests of this kind. */
  async misbehave(app: App, requestKind: RequestKind, behavior: Behavior): Promise<void> {
    switch (behavior.kind) {
      case 'response':
        this.ion.respondWith(requestKind, behavior.respond);
        return;
      case 'reception':
        await this.ion.receiveWith(requestKind, behavior.reception);
        return;
      case 'lookup': {
        this.ion.respondWith(requestKind, () => undefined);
        // The agent doesn't keep connections open, so each request needs a DNS lookup.
        const from = requestKind === 'profile' ? 2 : 1;
        await app.process.tell({ do: 'lookup', how: behavior.how, from });
      }
    }
  }

  /** Gives the app a short timeout until the fault is removed. */
  async hurry(app: App): Promise<void> {
    await app.process.tell({ do: 'timeout', timeout: SHORT_TIMEOUT_MS });
  }

  /** Removes the fault. */
  async mend(app: App, behavior: Behavior): Promise<void> {
    await this.ion.mend();
    await app.process.tell({ do: 'timeout', timeout: LONG_TIMEOUT_MS });
    if (behavior.kind === 'lookup') await app.process.tell({ do: 'usual lookup' });
  }
}

/** Thrown if the browser got no response. */
export class NoResponse extends Error {}

/** Returns the page, or fails with {@link NoResponse} if it doesn't arrive in time. */
export function inTime(page: Promise<Page>): Promise<Page> {
  const late = new NoResponse(`There was none within ${DEADLINE_MS} ms`);
  return withDeadline(page, DEADLINE_MS, late);
}
