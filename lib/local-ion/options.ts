// Defines and checks the options of startLocalIon.

import { registerApplications } from './oauth/applications.js';
import type { Application, Applications } from './oauth/applications.js';
import { Directory } from './data/directory.js';
import { wrongOption } from './errors.js';
import { people as defaultPeople } from './data/people.js';
import type { Person } from './data/people.js';

/** The options of {@link startLocalIon}. All are optional. */
export interface LocalIonOptions {
  /** The port to listen on. Default 0: any free port. */
  readonly port?: number;
  /** The address to listen on. Default `127.0.0.1`, which only this machine can reach. */
  readonly host?: string;
  /**
   * Host names, without a port, that the local Ion accepts requests for, such as the name of its container. It
   * always accepts `localhost`, IP addresses and `host`. A request with any other `Host` gets a 421, so that web
   * pages cannot use DNS rebinding to read from the local Ion. Default: none.
   */
  readonly allowHosts?: readonly string[];
  /** The people to sign in as. Default: {@link defaultPeople | people}. */
  readonly people?: readonly Person[];
  /**
   * The registered applications. Default: one confidential application that accepts any redirect URI
   * on a loopback host. Its id and secret change with every start.
   */
  readonly applications?: readonly Application[];
  /**
   * Returns the current time in milliseconds since the epoch. It decides when codes, tokens and logins expire,
   * and what day it is in the school's calendar. Default `Date.now`.
   */
  readonly now?: () => number;
  /**
   * Called with one line for each request: method, path, status and duration, but no query and no secrets.
   * Default: nothing is logged.
   */
  readonly log?: (line: string) => void;
}

/** The options, checked and complete. */
export interface CheckedOptions {
  readonly port: number;
  readonly host: string;
  /** In lowercase. Includes `host`. */
  readonly allowHosts: ReadonlySet<string>;
  readonly directory: Directory;
  readonly applications: Applications;
  readonly now: () => number;
  readonly log: (line: string) => void;
}

const KEYS: Readonly<Record<keyof LocalIonOptions, true>> = {
  port: true,
  host: true,
  allowHosts: true,
  people: true,
  applications: true,
  now: true,
  log: true,
};

/** Checks the options and fills in the defaults. */
export function checkOptions(options: LocalIonOptions): CheckedOptions {
  const unknown = Object.keys(options).find((key) => !Object.hasOwn(KEYS, key));
  if (unknown !== undefined) {
    throw wrongOption(unknown, `is unknown; the options are ${Object.keys(KEYS).join(', ')}`);
  }
  const { port = 0, host = '127.0.0.1', people, applications } = options;
  const { now = Date.now, log = () => undefined } = options;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw wrongOption('port', 'must be a whole number from 0 (any free port) to 65535', port);
  }
  if (typeof host !== 'string' || !/^[\w.:%-]+$/.test(host)) {
    throw wrongOption('host', "must be an address or host name, such as '127.0.0.1'", host);
  }
  if (typeof now !== 'function') {
    throw wrongOption('now', 'must be a function that returns milliseconds since the epoch', now);
  }
  if (typeof log !== 'function') {
    throw wrongOption('log', 'must be a function that takes a line of text', log);
  }
  return {
    port,
    host,
    allowHosts: checkAllowHosts(options.allowHosts ?? [], host),
    now,
    log,
    directory: people === undefined ? defaultDirectory() : new Directory(people),
    applications: registerApplications(applications),
  };
}

// A directory never changes, so all local Ions with the default people share this one.
let sharedDirectory: Directory | undefined;

function defaultDirectory(): Directory {
  return (sharedDirectory ??= new Directory(defaultPeople));
}

function checkAllowHosts(allowHosts: unknown, host: string): ReadonlySet<string> {
  if (!Array.isArray(allowHosts)) {
    throw wrongOption('allowHosts', 'must be an array of host names', allowHosts);
  }
  const names = allowHosts.map((name: unknown, index) => {
    if (typeof name !== 'string' || !/^[\w.-]+$/.test(name)) {
      const must = "must be a host name without scheme and port, such as 'ion'";
      throw wrongOption(`allowHosts[${index}]`, must, name);
    }
    return name.toLowerCase();
  });
  return new Set([...names, host.toLowerCase()]);
}
