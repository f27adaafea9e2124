// Acts as the browsers of people who sign in to an app with their accounts at the stand-in Ion.

'use strict';

const { readFileSync } = require('node:fs');
const http = require('node:http');
const https = require('node:https');
const { URL } = require('node:url');

const { CERTIFICATE } = require('./certificate.js');

const toApp = new http.Agent({ keepAlive: true });
const toIon = new https.Agent({ keepAlive: true, ca: readFileSync(CERTIFICATE) });

/** Begins a sign-in but doesn't go on to Ion. Returns the URL that the app redirected the browser to. */
async function beginOnly(app) {
  return redirectIn(await send(`${app}/login`));
}

/**
 * Begins a sign-in and goes through Ion, but doesn't follow Ion's redirect back to the app. `door` is the URL at
 * which browsers reach Ion.
 */
async function beginSignIn(app, door, person) {
  const begun = await send(`${app}/login`);
  const { pathname, search } = new URL(redirectIn(begun));
  const headers = person === undefined ? {} : { cookie: `person=${person}` };
  const back = await send(`${door}${pathname}${search}`, { headers });
  return { callback: redirectIn(back), cookie: cookieIn(begun) };
}

/** Finishes a sign-in. Returns how many milliseconds the callback took, and the session cookie. */
async function finishSignIn({ callback, cookie }) {
  const start = performance.now();
  const response = await send(callback, { headers: cookie ? { cookie } : {} });
  const milliseconds = performance.now() - start;
  if (redirectIn(response) !== '/')
    throw new Error(`The callback leads to ${redirectIn(response)}`);
  return { milliseconds, cookie: cookieIn(response) ?? cookie };
}

async function signIn(app, door, person) {
  return finishSignIn(await beginSignIn(app, door, person));
}

/** Signs in, and checks that the app knows who signed in. */
async function checkSignIn(app, door, person = 1234) {
  const { cookie } = await signIn(app, door, person);
  const { body } = await send(`${app}/whoami`, { headers: { cookie } });
  if (JSON.parse(body)?.id !== String(person)) throw new Error(`The app signed in ${body}`);
}

/**
 * Calls `action` `count` times, `atOnce` calls at a time, and passes each call its number, counted from 0.
 */
async function many(count, atOnce, action) {
  let next = 0;
  const one = async () => {
    while (next < count) await action(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, one));
}

function send(url, { method = 'GET', headers = {}, body: sentBody } = {}) {
  const [{ request }, agent] = url.startsWith('https:') ? [https, toIon] : [http, toApp];
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, agent, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => (body += chunk));
      response.on('end', () => resolve({ url, response, body }));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(sentBody);
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

module.exports = {
  beginOnly,
  beginSignIn,
  checkSignIn,
  finishSignIn,
  many,
  redirectIn,
  send,
  signIn,
};
