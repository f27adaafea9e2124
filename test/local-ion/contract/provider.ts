// What the contract needs of a provider, and what every provider in it is started with.

import type { Page, UserAgent } from '../../support/user-agent.js';

/** A provider that runs: the local Ion, or the real software. */
export interface Provider {
  readonly baseURL: string;
  /** Logs somebody in on the login page that `browser` has come to, and gives the page after it. */
  logIn(browser: UserAgent, loginPage: Page, username: string): Promise<Page>;
  /** Moves its clock on. */
  advance(milliseconds: number): Promise<void>;
  stop(): Promise<void>;
}

/** An application as somebody registered it. */
export interface Application {
  readonly name: string;
  readonly clientID: string;
  /** Where there is none, the application is public. */
  readonly clientSecret?: string;
  readonly redirectURIs: readonly string[];
  /** No consent page. */
  readonly sanctioned?: boolean;
  /** Default `authorization-code`. */
  readonly grantType?: 'authorization-code' | 'client-credentials';
}

/** When the clock of every provider starts: a day of the school year 2026/27, so of known grades. */
export const START: number = Date.parse('2026-11-24T17:00:00Z');

export const SECOND = 1000;
export const DAY: number = 24 * 60 * 60 * SECOND;

const redirectURI = 'https://app.example/complete/ion/';

export const confidential = {
  name: 'Confidential',
  clientID: 'confidential'.padEnd(40, 'x'),
  clientSecret: 'confidential-secret'.padEnd(128, 'x'),
  redirectURIs: [redirectURI],
} satisfies Application;

export const another = {
  name: 'Another',
  clientID: 'another'.padEnd(40, 'x'),
  clientSecret: 'another-secret'.padEnd(128, 'x'),
  redirectURIs: [redirectURI],
} satisfies Application;

export const publicApplication = {
  name: 'Public',
  clientID: 'public'.padEnd(40, 'x'),
  redirectURIs: [redirectURI],
} satisfies Application;

export const several = {
  name: 'Several redirect URIs',
  clientID: 'several'.padEnd(40, 'x'),
  clientSecret: 'several-secret'.padEnd(128, 'x'),
  redirectURIs: [
    redirectURI,
    'http://127.0.0.1/cb',
    'http://[::1]/cb',
    'http://localhost/cb',
    'http://127.0.0.1:8000/fixed',
  ],
} satisfies Application;

export const sanctioned = {
  name: 'Sanctioned',
  clientID: 'sanctioned'.padEnd(40, 'x'),
  clientSecret: 'sanctioned-secret'.padEnd(128, 'x'),
  redirectURIs: [redirectURI],
  sanctioned: true,
} satisfies Application;

export const unattended = {
  name: 'Unattended',
  clientID: 'unattended'.padEnd(40, 'x'),
  clientSecret: 'unattended-secret'.padEnd(128, 'x'),
  redirectURIs: [redirectURI],
  grantType: 'client-credentials',
} satisfies Application;

export const applications: readonly Application[] = [
  confidential,
  another,
  publicApplication,
  several,
  sanctioned,
  unattended,
];
