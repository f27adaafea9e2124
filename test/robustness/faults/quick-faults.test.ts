// Tests the part of the matrix that is quick. `npm run test:faults` also tests slow faults, refreshes, the API,
// and https.

import { describeMatrix } from './describe-matrix.js';

const MAX_BEHAVIORS = 4;

describeMatrix({
  scheme: 'http',
  requestKinds: ['token', 'profile'],
  choose: (fault) =>
    fault.heavy ? undefined : { ...fault, behaviors: fault.behaviors.slice(0, MAX_BEHAVIORS) },
});
