// The applications that are registered at every provider in the contract tests, one of each kind.

/** A registered application. */
export interface Application {
  readonly name: string;
  readonly clientID: string;
  /** The client secret. Undefined for a public application, which has none. */
  readonly clientSecret?: string;
  readonly redirectURIs: readonly string[];
  /** Whether the provider skips the consent page for this application. */
  readonly sanctioned?: boolean;
  /** Default: `authorization-code`. */
  readonly grantType?: 'authorization-code' | 'client-credentials';
}

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
