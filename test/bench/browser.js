// The browsers: people who sign in, at an app and at the stand-in Ion.

'use strict';

const { readFileSync } = require('node:fs');
const http = require('node:http');
const https = require('node:https');
const { URL } = require('node:url');

const { certificate } = require('./processes.js');

const toApp = new http.Agent({ keepAlive: true });
const toIon = new https.Agent({ keepAlive: true, ca: readFileSync(certificate) });

/** Begins a login: as far as Ion's redirect back. `door` is where browsers reach this Ion. */
async function beginLogin(app, door) {
  const toLogin = await get(`${app}/login`);
  const atIon = redirectIn(toLogin);
  const { pathname, search } = new URL(atIon);
  const back = await get(`${door}${pathname}${search}`);
  return { callback: redirectIn(back), cookie: cookieIn(toLogin) };
}

/** Finishes it. How long the callback took, in milliseconds, and the cookie of who is signed in. */
async function finishLogin({ callback, cookie }) {
  const start = performance.now();
  const answer = await get(callback, cookie);
  const milliseconds = performance.now() - start;
  if (redirectIn(answer) !== '/') throw new Error(`The callback leads to ${redirectIn(answer)}`);
  return { milliseconds, cookie: cookieIn(answer) ?? cookie };
}

async function login(app, door) {
  return finishLogin(await beginLogin(app, door));
}

/** A login of which it is checked whom it signed in. */
async function checkLogin(app, door) {
  const { cookie } = await login(app, door);
  const { body } = await get(`${app}/whoami`, cookie);
  if (JSON.parse(body)?.id !== '1234') throw new Error(`The login signed in ${body}`);
}

/** `count` logins, a few at a time. */
async function logins(app, door, count, atOnce) {
  let left = count;
  const person = async () => {
    while (left-- > 0) await login(app, door);
  };
  await Promise.all(Array.from({ length: atOnce }, person));
}

function get(url, cookie) {
  const [{ request }, agent] = url.startsWith('https:') ? [https, toIon] : [http, toApp];
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, headers: cookie ? { cookie } : {} }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => (body += chunk));
      response.on('end', () => resolve({ url, response, body }));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end();
  });
}

function redirectIn({ url, response, body }) {
  const { statusCode, headers } = response;
  if (statusCode === 302) return headers.location;
  throw new Error(`${new URL(url).pathname} answered ${statusCode}: ${body}`);
}

function cookieIn({ response }) {
  return response.headers['set-cookie']?.[0].split(';')[0];
}

module.exports = { beginLogin, checkLogin, finishLogin, login, logins };
