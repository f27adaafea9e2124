// The part of the matrix that is quick: what takes long, the refresh, the API and https are for
// `npm run test:faults`.

import { describeMatrix } from './matrix.js';

const MOST_BEHAVIOURS = 4;

describeMatrix({
  scheme: 'http',
  legs: ['token', 'profile'],
  choose: (fault) =>
    fault.heavy ? undefined : { ...fault, behaviours: fault.behaviours.slice(0, MOST_BEHAVIOURS) },
});
