// Every fault in every kind of request, over http and over https; writes RESULTS.md.

import { LEGS } from './faulty-ion.js';
import { describeMatrix } from './matrix.js';
import { Results } from './results.js';

const results = new Results();

afterAll(() => {
  results.write();
});

for (const scheme of ['http', 'https'] as const) {
  describeMatrix({
    scheme,
    legs: LEGS,
    record: (row, leg, trial) => {
      results.record(scheme, row, leg, trial);
    },
  });
}
