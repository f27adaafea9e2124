// Starts child processes and calls functions in them. The stand-in Ion and each app run in their own process.

'use strict';

const { fork } = require('node:child_process');
const { join } = require('node:path');

const { CERTIFICATE } = require('./certificate.js');

/** Starts a file from `children/` in its own process. `ask(name, …)` calls a function that the file serves. */
function start(file, parameters = [], execArgv = []) {
  const child = fork(join(__dirname, 'children', file), parameters, {
    execArgv,
    env: { PATH: process.env.PATH, NODE_EXTRA_CA_CERTS: CERTIFICATE },
  });
  const pending = new Map();
  child.on('message', ({ id, result, problem }) => {
    const { resolve, reject } = pending.get(id);
    pending.delete(id);
    if (problem === undefined) resolve(result);
    else reject(new Error(`${file} ${parameters.join(' ')}: ${problem}`));
  });
  const ended = new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      for (const { reject } of pending.values()) {
        reject(new Error(`${file} ${parameters.join(' ')} ended with ${code ?? signal}`));
      }
      resolve();
    });
  });
  let questions = 0;
  return {
    ask: (name, ...given) =>
      new Promise((resolve, reject) => {
        const id = ++questions;
        pending.set(id, { resolve, reject });
        child.send({ id, name, given }, (error) => {
          if (error) reject(error);
        });
      }),
    stop: () => {
      if (child.connected) child.disconnect();
      return ended;
    },
  };
}

/** Call this in a child process. It lets the parent call these functions until the parent disconnects. */
function serve(functions) {
  process.on('message', async ({ id, name, given }) => {
    try {
      process.send({ id, result: await functions[name](...given) });
    } catch (error) {
      process.send({ id, problem: String(error?.stack ?? error) });
    }
  });
  process.once('disconnect', () => process.exit());
}

module.exports = { serve, start };
