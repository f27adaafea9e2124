// The people in the local Ion's directory in the load tests.

'use strict';

const people = Array.from({ length: 500 }, (_, index) => ({
  id: 1000 + index,
  ion_username: `2027n${index}`,
  first_name: `First${index}`,
  last_name: `Last${index}`,
  graduation_year: 2027,
}));

module.exports = { people };
