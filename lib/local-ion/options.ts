// What startLocalIon takes, and its checks.

import { applicationsFrom } from './oauth/applications.js';
import type { Application, Applications } from './oauth/applications.js';
import { Directory } from './data/directory.js';
import { wrongOption } from './errors.js';
import { people as usualPeople } from './data/people.js';
import type { Person } from './data/people.js';

/** The options of {@link startLocalIon}; all may be left out. */
export interface LocalIonOptions {
  /** The port to listen on. Default 0: any that is free. */
  readonly port?: number;
  /** The address to listen on. Default `127.0.0.1`: nobody outside of this machine gets in. */
  readonly host?: string;
  /** Who there is to log in as. Default: {@link usualPeople | people}. */
  readonly people?: readonly Person[];
  /**
   * The applications that are registered. Default: one, confidential, whose id and secret are made
   * anew at each start and which accepts every redirect URI on a loopback host.
   */
  readonly applications?: readonly Application[];
  /**
   * The time in milliseconds since the epoch, by which codes, tokens and logins end, and school years
   * begin. Default `Date.now`.
   */
  readonly now?: () => number;
  /** Takes one line for each request: method, path, status, time. No query and no secret. Default: silent. */
  readonly log?: (line: string) => void;
}

/** Options that have been checked. */
export interface CheckedOptions {
  readonly port: number;
  readonly host: string;
  readonly directory: Directory;
  readonly applications: Applications;
  readonly now: () => number;
  readonly log: (line: string) => void;
}

const KEYS: Readonly<Record<keyof LocalIonOptions, true>> = {
  port: true,
  host: true,
  people: true,
  applications: true,
  now: true,
  log: true,
};

/** Checks the options and fills the defaults in. */
export function checkOptions(options: LocalIonOptions): CheckedOptions {
  const unknown = Object.keys(options).find((key) => !Object.hasOwn(KEYS, key));
  if (unknown !== undefined) {
    throw wrongOption(unknown, `is unknown; known are ${Object.keys(KEYS).join(', ')}`);
  }
  const { port = 0, host = '127.0.0.1', people = usualPeople, applications } = options;
  const { now = Date.now, log = () => undefined } = options;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw wrongOption('port', 'must be a whole number from 0, for any free port, to 65535', port);
  }
  if (typeof host !== 'string' || !/^[\w.:%-]+$/.test(host)) {
    throw wrongOption('host', "must be an address or host name, such as '127.0.0.1'", host);
  }
  if (typeof now !== 'function') {
    throw wrongOption('now', 'must be a function that gives milliseconds since the epoch', now);
  }
  if (typeof log !== 'function') {
    throw wrongOption('log', 'must be a function that takes a line of text', log);
  }
  return {
    port,
    host,
    now,
    log,
    directory: new Directory(people),
    applications: applicationsFrom(applications),
  };
}
