// Starts a local Ion with a whole school in its directory, so that measure/growth.js can sign people in with it.

'use strict';

const { URL, URLSearchParams } = require('node:url');

const { many, redirectIn, send } = require('./browser.js');
const { start } = require('./child-processes.js');

const SCHOOL = 2_000;
// There must be fewer browsers than 1,000, because the local Ion keeps only the newest 1,000 logins.
const BROWSERS = 500;
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const CLIENT = { client_id: 'an-id', redirect_uri: 'http://localhost/callback' };

async function openLocalIon() {
  const process = start('local-ion.js', [String(SCHOOL)], ['--expose-gc']);
  let url;
  let browsers = [];
  return {
    process,
    /** Sends Ion all the requests that the app and the browser send during one sign-in. Each call uses the next browser. */
    async signIn(number) {
      const { id, cookie } = browsers[number % BROWSERS];
      await signInAt(url, cookie, id);
    },
    /** Restarts the local Ion, and logs someone in to it in each browser. */
    async empty() {
      url = await process.ask('restart');
      browsers = [];
      await many(BROWSERS, 4, async (number) => {
        // Pick people from all parts of the directory.
        const id = number * (SCHOOL / BROWSERS) + 1;
        browsers[number] = { id, cookie: await logIn(url, `2027n${id}`) };
      });
    },
    stop: () => process.stop(),
  };
}

async function logIn(url, username) {
  const token = 'a'.repeat(32);
  const loggedIn = await send(`${url}/login`, {
    method: 'POST',
    headers: { ...FORM, cookie: `local_ion_csrf=${token}` },
    body: String(new URLSearchParams({ csrfmiddlewaretoken: token, username })),
  });
  redirectIn(loggedIn);
  const cookies = loggedIn.response.headers['set-cookie'].map((cookie) => cookie.split(';')[0]);
  return cookies.join('; ');
}

async function signInAt(url, cookie, id) {
  const query = new URLSearchParams({ ...CLIENT, response_type: 'code', scope: 'read' });
  const sentBack = await send(`${url}/oauth/authorize/?${query}`, { headers: { cookie } });
  const code = new URL(redirectIn(sentBack)).searchParams.get('code');
  const grant = { ...CLIENT, grant_type: 'authorization_code', client_secret: 'a-secret', code };
  const { body: tokens } = await send(`${url}/oauth/token/`, {
    method: 'POST',
    headers: FORM,
    body: String(new URLSearchParams(grant)),
  });
  const authorization = `Bearer ${JSON.parse(tokens).access_token}`;
  const { body: profile } = await send(`${url}/api/profile`, { headers: { authorization } });
  if (JSON.parse(profile).id !== id) throw new Error(`The local Ion answered ${profile}`);
}

module.exports = { openLocalIon };
