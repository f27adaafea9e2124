// One case of the matrix: a fault in one kind of request, and all that has to hold then.

import { spellingsOf } from '../what-a-log-shows.js';
import { answered } from './bench.js';
import type { App, Bench, Visitor } from './bench.js';
import { nameFor } from './fault.js';
import type { Behaviour, Fault, Outcome } from './fault.js';
import { NAME, SCOPE } from './faulty-ion.js';
import type { Leg } from './faulty-ion.js';

const MOST_GROWTH = 32 * 1024 * 1024;

/** Tries it, and fails the test where anything is not as it has to be. */
export async function tryOut(bench: Bench, leg: Leg, fault: Fault): Promise<void> {
  const outcome = fault.outcomes[leg];
  if (!outcome) throw new Error('This fault cannot happen to this request');
  const timesOut = outcome.kind === 'error' && outcome.code === 'ERR_ION_TIMEOUT';
  const app = await bench.app(timesOut ? 'hasty' : 'patient');
  await app.process.tell({ do: 'begin' });
  const pages: string[] = [];
  try {
    for (const behaviour of fault.behaviours) {
      pages.push(await visit(bench, app, { leg, fault, behaviour, outcome }));
    }
    app.visitor = await bench.signIn(app.process);
    expectSignedIn(app.visitor);
  } catch (error) {
    // That it died says more than that a browser got no answer.
    throw app.process.end === undefined ? error : new Error(app.process.end);
  }
  await expectNoTrace(bench, app, pages);
}

interface Visit {
  readonly leg: Leg;
  readonly fault: Fault;
  readonly behaviour: Behaviour;
  readonly outcome: Outcome;
}

async function visit(bench: Bench, app: App, { leg, fault, behaviour, outcome }: Visit): Promise<string> {
  let visitor: Visitor;
  await bench.misbehave(app, leg, behaviour);
  try {
    visitor = await bench.act(app, leg);
  } finally {
    await bench.mend(app, behaviour);
  }
  const asked = bench.ion.asked(leg);
  expect(asked).toHaveLength(fault.requests);
  if (outcome.kind === 'well') expectWell(visitor, leg, outcome);
  else await expectError(app, visitor, leg, outcome);
  return visitor.page.text;
}

function expectWell({ page, id }: Visitor, leg: Leg, outcome: Outcome): void {
  expect(page).toMatchObject({ status: 200 });
  const shown: unknown = JSON.parse(page.text);
  if (leg === 'refresh') expect(shown).toEqual({ scope: SCOPE.split(' ') });
  else if (leg !== 'api') expect(shown).toEqual(whoSignedIn(id));
  else if ('shown' in outcome) expect(shown).toEqual(outcome.shown === undefined ? {} : { answer: outcome.shown });
  else expect(shown).toEqual({ answer: { name: NAME } });
}

async function expectError(
  app: App,
  { page, browser }: Visitor,
  leg: Leg,
  { status, code }: Extract<Outcome, { kind: 'error' }>,
): Promise<void> {
  expect({ status: page.status, ...(JSON.parse(page.text) as object) }).toEqual({
    status,
    code,
    name: nameFor(code),
  });
  if (leg === 'refresh' || leg === 'api') return;
  const { text } = await answered(browser.get(`${app.process.url}/whoami`));
  expect(text).toBe('null');
}

function expectSignedIn({ page, id }: Visitor): void {
  expect({ status: page.status, ...(JSON.parse(page.text) as object) }).toEqual({
    status: 200,
    ...whoSignedIn(id),
  });
}

function whoSignedIn(id: number): object {
  return { id: String(id), name: NAME, scope: SCOPE.split(' ') };
}

async function expectNoTrace({ ion }: Bench, app: App, pages: readonly string[]): Promise<void> {
  const { shown, printed, kept, peak } = await app.process.report();
  const visible = [...shown, printed, ...pages].join('\n');
  const secrets = [...ion.secrets];
  expect(secrets.filter((secret) => spellingsOf(secret).some((s) => visible.includes(s)))).toEqual([]);
  expect(printed).not.toMatch(/warning/i);
  expect(Math.max(kept, peak)).toBeLessThan(MOST_GROWTH);
  expect(app.process.end).toBeUndefined();
}
