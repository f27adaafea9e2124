// One case of the matrix: a fault in one kind of request, and all that has to hold then.

import { isDeepStrictEqual } from 'node:util';

import type { Page } from '../../support/user-agent.js';
import { spellingsOf } from '../../support/log-text.js';
import { NoAnswer, answered } from './bench.js';
import type { App, Bench, Visitor } from './bench.js';
import { nameFor } from './fault.js';
import type { Behaviour, Fault, Outcome } from './fault.js';
import { NAME, SCOPE } from './faulty-ion.js';
import type { Leg } from './faulty-ion.js';

/** What may go wrong, as RESULTS.md calls it. */
export const KINDS = [
  'the browser got no answer',
  'the process died',
  'the browser got another answer, or another error, than it should',
  'somebody was signed in who should not be',
  'Ion was asked more or less often than it should',
  'a secret was in an error, on a page, in what was printed, or in a URL',
  'memory grew by 32 MB or more',
  'the next sign-in failed',
] as const;
export type Kind = (typeof KINDS)[number];

/** One thing that went wrong. */
export interface Failing {
  readonly kind: Kind;
  readonly detail: string;
}

/** What came of a case. */
export interface Trial {
  /** What the browser got, without repetition. */
  readonly got: ReadonlySet<string>;
  readonly failings: readonly Failing[];
}

const MOST_GROWTH = 32 * 1024 * 1024;

/** Tries it. */
export async function tryOut(bench: Bench, leg: Leg, fault: Fault): Promise<Trial> {
  const outcome = fault.outcomes[leg];
  if (!outcome) throw new Error('This fault cannot happen to this request');
  const app = await bench.app();
  const attempt = new Attempt(bench, app, leg, fault, outcome);
  try {
    await attempt.make();
  } catch (error) {
    // That the process died says more than what else came of it.
    if (app.process.end !== undefined) attempt.failed('the process died', app.process.end);
    else if (error instanceof NoAnswer) attempt.failed('the browser got no answer', error.message);
    else throw error;
    await app.process.stop();
  }
  return attempt;
}

class Attempt implements Trial {
  readonly got = new Set<string>();
  readonly failings: Failing[] = [];
  readonly #pages: string[] = [];

  constructor(
    private readonly bench: Bench,
    private readonly app: App,
    private readonly leg: Leg,
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
    for (const behaviour of this.fault.behaviours) await this.#visit(behaviour);
    this.app.visitor = await this.bench.signIn(this.app.process);
    const { page, id } = this.app.visitor;
    if (!isDeepStrictEqual(shownBy(page), { status: 200, ...whoSignedIn(id) })) {
      this.failed('the next sign-in failed', shownBy(page));
    }
    await this.#lookForTraces();
  }

  async #visit(behaviour: Behaviour): Promise<void> {
    const { bench, app, leg } = this;
    let visitor: Visitor;
    const { outcome } = this;
    if (outcome.kind === 'error' && outcome.code === 'ERR_ION_TIMEOUT') await bench.hurry(app);
    await bench.misbehave(app, leg, behaviour);
    try {
      visitor = await bench.act(app, leg);
    } finally {
      await bench.mend(app, behaviour);
    }
    const { page, browser } = visitor;
    this.#pages.push(page.text);
    const [shown, expected] = [shownBy(page), this.#expected(visitor)];
    this.got.add(page.status === 200 ? 'as usual' : `${page.status} ${String(shown['code'])}`);
    if (!isDeepStrictEqual(shown, expected)) {
      this.failed('the browser got another answer, or another error, than it should', shown);
    }
    this.#countRequests();
    if (outcome.kind === 'well' || leg === 'refresh' || leg === 'api') return;
    const { text } = await answered(browser.get(`${app.process.url}/whoami`));
    if (text !== 'null') this.failed('somebody was signed in who should not be', text);
  }

  #expected({ id }: Visitor): object {
    const { outcome, leg } = this;
    if (outcome.kind === 'error') {
      const { status, code } = outcome;
      return { status, code, name: nameFor(code) };
    }
    if (leg === 'refresh') return { status: 200, scope: SCOPE.split(' ') };
    if (leg !== 'api') return { status: 200, ...whoSignedIn(id) };
    if (!('shown' in outcome)) return { status: 200, answer: { name: NAME } };
    return { status: 200, ...(outcome.shown === undefined ? {} : { answer: outcome.shown }) };
  }

  #countRequests(): void {
    const asked = this.bench.ion.asked(this.leg);
    const again = asked.filter(({ kept }) => kept).length + 1;
    // A connection that was opened ahead is as good as kept, which Ion cannot see.
    const ahead = this.bench.ion.scheme === 'https' ? 2 : again;
    const { requests } = this.fault;
    const expected = requests === 'again' ? [again, ahead] : [requests];
    if (!expected.includes(asked.length)) {
      this.failed('Ion was asked more or less often than it should', asked.length);
    }
  }

  async #lookForTraces(): Promise<void> {
    const { shown, printed, kept, peak } = await this.app.process.report();
    const visible = [...shown, printed, ...this.#pages, ...this.bench.ion.paths].join('\n');
    const secrets = [...this.bench.ion.secrets].filter((secret) =>
      spellingsOf(secret).some((spelling) => visible.includes(spelling)),
    );
    if (secrets.length > 0) {
      const kind = 'a secret was in an error, on a page, in what was printed, or in a URL';
      this.failed(kind, `${secrets.join()} in\n${visible}`);
    }
    const most = Math.max(kept, peak);
    if (most >= MOST_GROWTH) this.failed('memory grew by 32 MB or more', most);
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
