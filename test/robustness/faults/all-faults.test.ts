// Tests every fault in every kind of request, over http and https, and writes RESULTS.md.

import { REQUEST_KINDS } from './faulty-ion.js';
import { describeMatrix } from './describe-matrix.js';
import { Results } from './results.js';

const results = new Results();

afterAll(() => {
  results.write();
});

for (const scheme of ['http', 'https'] as const) {
  describeMatrix({
    scheme,
    requestKinds: REQUEST_KINDS,
    record: (row, requestKind, result) => {
      results.record(scheme, row, requestKind, result);
    },
  });
}
