// Runs one case of the matrix (a fault in one kind of request), and checks what must hold after it.

import { isDeepStrictEqual } from 'node:util';

import type { Page } from '../../support/browser.js';
import { spellingsOf } from '../../support/log-text.js';
import { NoResponse, inTime } from './test-bed.js';
import type { App, TestBed, Visitor } from './test-bed.js';
import { nameFor } from './fault.js';
import type { Behavior, Fault, Outcome } from './fault.js';
import { NAME, SCOPE } from './faulty-ion.js';
import type { RequestKind } from './faulty-ion.js';

/** What can go wrong, in the words of RESULTS.md. */
export const KINDS = [
  'the browser got no response',
  'the process died',
  'the browser got the wrong page or the wrong error',
  'someone was signed in who should not be',
  'Ion got more or fewer requests than it should',
  'a secret was in an error, on a page, in the output, or in a URL',
  'memory grew by 32 MB or more',
  'the next sign-in failed',
] as const;
export type Kind = (typeof KINDS)[number];

export interface Failing {
  readonly kind: Kind;
  readonly detail: string;
}

export interface CaseResult {
  /** The different responses that the browser got. */
  readonly got: ReadonlySet<string>;
  readonly failings: readonly Failing[];
}

const MAX_GROWTH_BYTES = 32 * 1024 * 1024;

export async function runCase(
  testBed: TestBed,
  requestKind: RequestKind,
  fault: Fault,
): Promise<CaseResult> {
  const outcome = fault.outcomes[requestKind];
  if (!outcome) throw new Error('This fault cannot happen to this request');
  const app = await testBed.app();
  const attempt = new Attempt(testBed, app, requestKind, fault, outcome);
  try {
    await attempt.make();
  } catch (error) {
    // If the process died, report that: it explains more than the error.
    if (app.process.end !== undefined) attempt.failed('the process died', app.process.end);
    else if (error instanceof NoResponse)
      attempt.failed('the browser got no response', error.message);
    else throw error;
    await app.process.stop();
  }
  return attempt;
}

class Attempt implements CaseResult {
  readonly got = new Set<string>();
  readonly failings: Failing[] = [];
  readonly #pages: string[] = [];

  constructor(
    private readonly testBed: TestBed,
    private readonly app: App,
    private readonly requestKind: RequestKind,
    private readonly fault: Fault,
    private readonly outcome: Outcome,
  ) {}

  failed(kind: Kind, detail: unknown): void {
    this.failings.push({
      kind,
      detail: typeof detail === 'string' ? detail : JSON.stringify(detail),
    });
  }

  async make(): Promise<void> {
    await this.app.process.tell({ do: 'begin' });
    for (const behavior of this.fault.behaviors) await this.#visit(behavior);
    this.app.visitor = await this.testBed.signIn(this.app.process);
    const { page, id } = this.app.visitor;
    if (!isDeepStrictEqual(shownBy(page), { status: 200, ...whoSignedIn(id) })) {
      this.failed('the next sign-in failed', shownBy(page));
    }
    await this.#lookForTraces();
  }

  async #visit(behavior: Behavior): Promise<void> {
    const { testBed, app, requestKind } = this;
    let visitor: Visitor;
    const { outcome } = this;
    if (outcome.kind === 'error' && outcome.code === 'ERR_ION_TIMEOUT') await testBed.hurry(app);
    await testBed.misbehave(app, requestKind, behavior);
    try {
      visitor = await testBed.act(app, requestKind);
    } finally {
      await testBed.mend(app, behavior);
    }
    const { page, browser } = visitor;
    this.#pages.push(page.text);
    const [shown, expected] = [shownBy(page), this.#expected(visitor)];
    this.got.add(page.status === 200 ? 'as usual' : `${page.status} ${String(shown['code'])}`);
    if (!isDeepStrictEqual(shown, expected)) {
      this.failed('the browser got the wrong page or the wrong error', shown);
    }
    this.#countRequests();
    if (outcome.kind === 'well' || requestKind === 'refresh' || requestKind === 'api') return;
    const { text } = await inTime(browser.get(`${app.process.url}/whoami`));
    if (text !== 'null') this.failed('someone was signed in who should not be', text);
  }

  #expected({ id }: Visitor): object {
    const { outcome, requestKind } = this;
    if (outcome.kind === 'error') {
      const { status, code } = outcome;
      return { status, code, name: nameFor(code) };
    }
    if (requestKind === 'refresh') return { status: 200, scope: SCOPE.split(' ') };
    if (requestKind !== 'api') return { status: 200, ...whoSignedIn(id) };
    if (!('shown' in outcome)) return { status: 200, data: { name: NAME } };
    return { status: 200, ...(outcome.shown === undefined ? {} : { data: outcome.shown }) };
  }

  #countRequests(): void {
    const received = this.testBed.ion.received(this.requestKind);
    const again = received.filter(({ kept }) => kept).length + 1;
    // Over https, two requests are right, too: the app also sends a request again after a failure on a
    // connection that it opened in advance, and Ion cannot tell such a connection from a new one.
    const ahead = this.testBed.ion.scheme === 'https' ? 2 : again;
    const { requests } = this.fault;
    const expected = requests === 'again' ? [again, ahead] : [requests];
    if (!expected.includes(received.length)) {
      this.failed('Ion got more or fewer requests than it should', received.length);
    }
  }

  async #lookForTraces(): Promise<void> {
    const { shown, printed, kept, peak } = await this.app.process.report();
    const visible = [...shown, printed, ...this.#pages, ...this.testBed.ion.paths].join('\n');
    const secrets = [...this.testBed.ion.secrets].filter((secret) =>
      spellingsOf(secret).some((spelling) => visible.includes(spelling)),
    );
    if (secrets.length > 0) {
      const kind = 'a secret was in an error, on a page, in the output, or in a URL';
      this.failed(kind, `${secrets.join()} in\n${visible}`);
    }
    const most = Math.max(kept, peak);
    if (most >= MAX_GROWTH_BYTES) this.failed('memory grew by 32 MB or more', most);
  }
}

function shownBy(page: Page): Record<string, unknown> {
  let shown: unknown;
  try {
    shown = JSON.parse(page.text);
  } catch {
    shown = { text: page.text };
  }
  return { status: page.status, ...(shown as object) };
}

function whoSignedIn(id: number): object {
  return { id: String(id), name: NAME, scope: SCOPE.split(' ') };
}
