import net = require('node:net');
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';

import { Bench } from './bench.js';
import { catalog } from './catalog/index.js';
import { LEGS } from './faulty-ion.js';
import { tryOut } from './trial.js';

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.start('http');
});
afterAll(() => bench.stop());

describe.each([...LEGS])('%s', (leg) => {
  for (const [heading, faults] of catalog(['http://127.0.0.1:9'])) {
    describe(heading, () => {
      const here = faults.filter(({ outcomes, scheme, heavy }) => leg in outcomes && !heavy && scheme !== 'https');
      it.each(here.map((fault) => [fault.name, fault] as const))('%s', async (_name, fault) => {
        await tryOut(bench, leg, fault);
      });
    });
  }
});
