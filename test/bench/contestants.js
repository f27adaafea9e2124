// The packages that are compared, in the order of the tables. Each contestant's module requires its package
// only when it is called, so that loading the package can be measured.

'use strict';

/** The package that the ratios in the tables compare the others to. */
const BASELINE = 'passport-oauth2';
const OURS = 'passport-ion';
const FLOOR = 'floor';

const NAMES = [
  OURS,
  BASELINE,
  'passport-github2',
  'passport-google-oauth20',
  'openid-client',
  'simple-oauth2',
  FLOOR,
];

const contestant = (name) => require(`./contestants/${name}.js`);

module.exports = { BASELINE, FLOOR, NAMES, OURS, contestant };
