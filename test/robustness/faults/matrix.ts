// The matrix as tests: each fault in each kind of request.

import { once } from 'node:events';
import net = require('node:net');
import type { AddressInfo } from 'node:net';

import { Bench } from './bench.js';
import { catalog } from './catalog/index.js';
import type { Scheme } from './connection.js';
import type { Fault } from './fault.js';
import type { Leg } from './faulty-ion.js';
import { tryOut } from './trial.js';
import type { Trial } from './trial.js';

/** What the requests are called. */
export const NAMES: Readonly<Record<Leg, string>> = {
  token: 'the token request',
  profile: 'the profile',
  refresh: 'a refresh',
  api: 'an API call',
};

/** Which part of the matrix, and what to do with what comes of it. */
export interface Part {
  readonly scheme: Scheme;
  readonly legs: readonly Leg[];
  /** The fault as it is tried; undefined for one that is not. */
  readonly choose?: (fault: Fault) => Fault | undefined;
  readonly record?: (row: string, leg: Leg, trial: Trial) => void;
}

/** Declares the tests of a part. */
export function describeMatrix({ scheme, legs, choose = (fault) => fault, record }: Part): void {
  describe(`over ${scheme}`, () => {
    const elsewhere = new Elsewhere();
    let bench: Bench;

    beforeAll(async () => {
      await elsewhere.start();
      bench = await Bench.start(scheme);
    });

    afterAll(async () => {
      await bench.stop();
      await elsewhere.stop();
    });

    for (const [heading, faults] of catalog(elsewhere)) {
      const here = faults.filter((fault) => fault.scheme === undefined || fault.scheme === scheme);
      const chosen = here.map(choose).filter((fault) => fault !== undefined);
      const cases = chosen.flatMap((fault) =>
        legs
          .filter((leg) => leg in fault.outcomes)
          .map((leg) => [fault.name, NAMES[leg], leg, fault] as const),
      );
      describe(heading, () => {
        it.each(cases)('%s: %s', async (name, _request, leg, fault) => {
          const trial = await tryOut(bench, leg, fault);
          record?.(name, leg, trial);
          expect(trial.failings).toEqual([]);
          expect(elsewhere.connections).toBe(0);
        });
      });
    }
  });
}

/** A server beside Ion that must hear of nothing. */
class Elsewhere {
  connections = 0;
  readonly #server = net.createServer((socket) => {
    this.connections += 1;
    socket.destroy();
  });

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  get authority(): string {
    // The cast: a server on a port has such an address.
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }
}
