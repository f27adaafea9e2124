// Declares the tests of the matrix: each fault in each kind of request.

import { once } from 'node:events';
import net = require('node:net');
import type { AddressInfo } from 'node:net';

import { TestBed } from './test-bed.js';
import { catalog } from './catalog/index.js';
import type { Scheme } from './faulty-ion-connection.js';
import type { Fault } from './fault.js';
import type { RequestKind } from './faulty-ion.js';
import { runCase } from './run-case.js';
import type { CaseResult } from './run-case.js';

/** What test titles call each kind of request. */
export const NAMES: Readonly<Record<RequestKind, string>> = {
  token: 'the token request',
  profile: 'the profile',
  refresh: 'a refresh',
  api: 'an API call',
};

/** A part of the matrix, and what to do with its results. */
export interface Part {
  readonly scheme: Scheme;
  readonly requestKinds: readonly RequestKind[];
  /** Returns the fault to test, or undefined to skip it. */
  readonly choose?: (fault: Fault) => Fault | undefined;
  readonly record?: (row: string, requestKind: RequestKind, result: CaseResult) => void;
}

export function describeMatrix({
  scheme,
  requestKinds,
  choose = (fault) => fault,
  record,
}: Part): void {
  describe(`over ${scheme}`, () => {
    const elsewhere = new Elsewhere();
    let testBed: TestBed;

    beforeAll(async () => {
      await elsewhere.start();
      testBed = await TestBed.start(scheme);
    });

    afterAll(async () => {
      await testBed.stop();
      await elsewhere.stop();
    });

    for (const [heading, faults] of catalog(elsewhere)) {
      const here = faults.filter((fault) => fault.scheme === undefined || fault.scheme === scheme);
      const chosen = here.map(choose).filter((fault) => fault !== undefined);
      const cases = chosen.flatMap((fault) =>
        requestKinds
          .filter((requestKind) => requestKind in fault.outcomes)
          .map((requestKind) => [fault.name, NAMES[requestKind], requestKind, fault] as const),
      );
      describe(heading, () => {
        it.each(cases)('%s: %s', async (name, _request, requestKind, fault) => {
          const result = await runCase(testBed, requestKind, fault);
          record?.(name, requestKind, result);
          expect(result.failings).toEqual([]);
          expect(elsewhere.connections).toBe(0);
        });
      });
    }
  });
}

/** A server that must not get any connections. */
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
    // The cast is safe because the server listens on a port.
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }
}
