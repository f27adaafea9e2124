// Defines the tests of the matrix, which try each fault in each kind of request.

import { TestBed } from './test-bed.js';
import { catalog } from './catalog/index.js';
import type { Scheme } from './faulty-ion-connection.js';
import type { Fault } from './fault.js';
import type { RequestKind } from './faulty-ion.js';
import { OffLimitsServer } from './off-limits-server.js';
import { runCase } from './run-case.js';
import type { CaseResult } from './run-case.js';

/** The name of each kind of request in test titles. */
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
    const offLimits = new OffLimitsServer();
    let testBed: TestBed;

    beforeAll(async () => {
      await offLimits.start();
      testBed = await TestBed.start(scheme);
    });

    afterAll(async () => {
      await testBed.stop();
      await offLimits.stop();
    });

    for (const [heading, faults] of catalog(offLimits)) {
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
          expect(offLimits.connections).toBe(0);
        });
      });
    }
  });
}
