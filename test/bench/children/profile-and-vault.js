// Measures the package's work that needs no network: making a profile, and sealing and opening tokens.

'use strict';

const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const { TokenVault, toIonTokens } = require('passport-ion');

const { internals } = require('../internals.js');
const { serve } = require('../child-processes.js');

const TIMES = 20_000;

const { toIonProfile, endpointsOf } = internals('profile.js', 'endpoints.js');

const body = JSON.stringify(JSON.parse(readFileSync(join(__dirname, '../profile.json'), 'utf8')));
const endpoints = endpointsOf('https://ion.tjhsst.edu');
const vault = new TokenVault('a secret of thirty-two characters or more');
const params = { expires_in: 36000, scope: 'read', token_type: 'Bearer' };
const tokens = toIonTokens('a'.repeat(30), 'r'.repeat(30), params);
const sealed = vault.seal(tokens);

const work = {
  'JSON.parse of the profile, for comparison': () => JSON.parse(body),
  'the profile, from Ion’s text to Passport’s form': () => toIonProfile(body, endpoints),
  'TokenVault: seal': () => vault.seal(tokens),
  'TokenVault: open': () => vault.open(sealed),
};

serve({
  /** Takes one sample of each kind of work: the processor time of one call, in microseconds. */
  measure() {
    const figures = {};
    for (const [what, once] of Object.entries(work)) {
      const before = process.cpuUsage();
      for (let count = 0; count < TIMES; count += 1) once();
      const { user, system } = process.cpuUsage(before);
      figures[what] = (user + system) / TIMES;
    }
    return figures;
  },
});
