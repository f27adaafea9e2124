// Measures what unfinished sign-ins leave behind in the app.

'use strict';

const { beginOnly, many } = require('../browser.js');
const { start } = require('../child-processes.js');

const BEFORE = 2_000;
const AT_ONCE = 8;
const APPS = [
  { name: 'passport-ion, CookieStateStore', contestant: 'passport-ion-cookies', count: 100_000 },
  { name: 'passport-ion, in the session', contestant: 'passport-ion', count: 10_000 },
  { name: 'passport-oauth2, in the session', contestant: 'passport-oauth2', count: 10_000 },
];

/** Returns, by app, how many sign-ins began, and the bytes and sessions that each one left behind. */
async function measureUnfinished(ion) {
  const { url: ionURL } = await ion.ask('open', 0);
  const apps = {};
  for (const { name, contestant, count } of APPS) {
    const app = start('app.js', [contestant, ionURL], ['--expose-gc']);
    try {
      const url = await app.ask('url');
      const begin = () => beginOnly(url);
      await many(BEFORE, AT_ONCE, begin);
      const before = { heap: await app.ask('heap'), sessions: await app.ask('sessions') };
      await many(count, AT_ONCE, begin);
      apps[name] = {
        count,
        bytes: ((await app.ask('heap')) - before.heap) / count,
        sessions: ((await app.ask('sessions')) - before.sessions) / count,
      };
    } finally {
      await app.stop();
    }
  }
  return { apps };
}

module.exports = { measureUnfinished };
