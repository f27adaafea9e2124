// Starts the Django site, which runs the real django-oauth-toolkit, as a provider for the contract.

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';

import type { Person } from 'passport-ion/local-ion';

import { formsOf } from '../local-ion/contract/support/html-form.js';
import { people } from '../local-ion/contract/support/people.js';
import { START } from '../local-ion/contract/support/provider.js';
import type { Application } from '../local-ion/contract/support/applications.js';
import type { Provider } from '../local-ion/contract/support/provider.js';
import { send } from '../local-ion/contract/support/send.js';

/** A running site, with actions that only tests can perform on it. */
export interface DjangoProvider extends Provider {
  /** Locks an account, or unlocks it. */
  lock(username: string, locked: boolean): Promise<void>;
  /** Runs django-oauth-toolkit's command cleartokens. */
  clearTokens(): Promise<void>;
  deleteAccessToken(token: string): Promise<void>;
  /** Returns the number of refresh tokens that the site has issued since it started. */
  countRefreshTokens(): Promise<unknown>;
  /** Runs these functions at the same time. None of them writes to the database before all have read from it. */
  overlapping<Outcome>(acts: readonly (() => Promise<Outcome>)[]): Promise<Outcome[]>;
}

/** An application. `openid` registers it for OpenID Connect, which only this provider supports. */
export interface DjangoApplication extends Application {
  readonly openid?: boolean;
}

/**
 * A person. `has_api_access` says whether they may use the API; only this provider supports it. Default true.
 */
export interface DjangoPerson extends Person {
  readonly has_api_access?: boolean;
}

export interface DjangoSeeds {
  readonly applications: readonly DjangoApplication[];
  readonly people?: readonly DjangoPerson[];
}

/** The Python environments that set-up.js creates, each with a different release of oauthlib. */
export type Environment = '.venv' | '.venv-oauthlib-4';

export async function startDjangoProvider(
  seeds: DjangoSeeds,
  environment: Environment = '.venv',
): Promise<DjangoProvider> {
  const python = join(__dirname, environment, 'bin/python');
  const site = spawn(python, ['-m', 'django_site.serve'], { cwd: __dirname });
  site.stdin.write(`${JSON.stringify(seedsFor(seeds))}\n`);
  const { baseURL } = JSON.parse(await firstLine(site)) as { baseURL: string };
  const control = async (act: string, parameters: object = {}): Promise<unknown> => {
    const body = JSON.stringify(parameters);
    const response = await send(`${baseURL}/__control/${act}`, { method: 'POST', body });
    if (response.status !== 200) throw new Error(`The site did not ${act}: ${response.text}`);
    return (JSON.parse(response.text) as { outcome: unknown }).outcome;
  };
  return {
    baseURL,
    logIn: (browser, page, username) => {
      const [form] = formsOf(page);
      if (!form) throw new Error(`No login page but ${page.status}: ${page.text}`);
      return form.submit(browser, form.buttons[0], { username });
    },
    advance: async (milliseconds) => {
      await control('clock', { milliseconds });
    },
    lock: async (username, locked) => {
      await control('lock', { username, locked });
    },
    clearTokens: async () => {
      await control('cleartokens');
    },
    deleteAccessToken: async (token) => {
      await control('delete-access-token', { token });
    },
    countRefreshTokens: () => control('count-refresh-tokens'),
    overlapping: async (acts) => {
      await control('shut-gate');
      const outcomes = Promise.all(acts.map((act) => act()));
      await control('open-gate', { waiting: acts.length });
      return outcomes;
    },
    stop: async () => {
      if (site.exitCode !== null || site.signalCode !== null) return;
      const exited = once(site, 'exit');
      site.stdin.end();
      await exited;
    },
  };
}

function seedsFor({ applications, people: given = people }: DjangoSeeds): object {
  const ids = new Map(given.map((person, index) => [person.ion_username, person.id ?? index + 1]));
  const idOf = (username?: string | null): number | null => ids.get(username ?? '') ?? null;
  return {
    start: START,
    people: given.map(({ ion_username, tj_email, photo = true, ...person }) => ({
      user_type: 'student',
      ...person,
      id: idOf(ion_username),
      username: ion_username,
      has_photo: photo,
      emails: tj_email === undefined ? [] : [tj_email],
      counselor: idOf(person.counselor),
      administrator: idOf(person.administrator),
    })),
    applications: applications.map((application) => ({
      name: application.name,
      client_id: application.clientID,
      // Like Ion, gives even a public application a secret, but never shows it.
      client_secret: application.clientSecret ?? randomBytes(64).toString('hex'),
      client_type: application.clientSecret === undefined ? 'public' : 'confidential',
      authorization_grant_type: application.grantType ?? 'authorization-code',
      redirect_uris: application.redirectURIs.join(' '),
      skip_authorization: application.sanctioned ?? false,
      algorithm: application.openid ? 'RS256' : '',
    })),
  };
}

// Returns the first line that the site prints. If the site exits before that, throws an error that contains what the
// site wrote to its standard error.
async function firstLine(site: ChildProcess): Promise<string> {
  let printed = '';
  let complaint = '';
  site.stderr?.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-5000);
  });
  return new Promise((resolve, reject) => {
    site.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      const end = printed.indexOf('\n');
      if (end >= 0) resolve(printed.slice(0, end));
    });
    site.once('error', reject);
    site.once('exit', () => {
      reject(new Error(`The site did not start:\n${complaint}`));
    });
  });
}
