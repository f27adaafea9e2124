// Who is compared, in the order of the tables. Each module requires what it measures only when it is
// called, so that loading it can be measured.

'use strict';

/** What the ratios are of. */
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
