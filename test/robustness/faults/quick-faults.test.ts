// The part of the matrix that is quick. `npm run test:faults` runs the rest: slow faults, the refresh, the API,
// and https.

import { describeMatrix } from './matrix.js';

const MAX_BEHAVIORS = 4;

describeMatrix({
  scheme: 'http',
  requestKinds: ['token', 'profile'],
  choose: (fault) =>
    fault.heavy ? undefined : { ...fault, behaviors: fault.behaviors.slice(0, MAX_BEHAVIORS) },
});
