// Tests the library in unusual runtimes: bundled, without Node's globals, and as in Deno.

import { execFile, execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import vm = require('node:vm');

import { startLocalIon } from 'passport-ion/local-ion';

import type * as PassportIon from 'passport-ion';

import { startApp } from './support/app.js';
import { bundle } from './support/bundle.js';
import { temporaryFolder } from './support/temporary-folder.js';
import { Browser } from './support/browser.js';

const ROOT = join(__dirname, '..');

describe('passport-ion, bundled with its dependencies', () => {
  it('loads and makes a strategy without using anything that Node deprecates', async () => {
    const file = join(await temporaryFolder('bundled'), 'app.js');
    const code = `
      const { IonStrategy } = require('./lib/index.ts');
      const options = { clientID: 'an-id', clientSecret: 'a-secret', callbackURL: '/complete/ion/' };
      new IonStrategy(options, ({ profile }) => ({ id: profile.id }));
      console.log('made');`;
    writeFileSync(file, bundle(code, 'inside'));
    const flags = ['--pending-deprecation', '--throw-deprecation'];
    expect(execFileSync(process.execPath, [...flags, file], { encoding: 'utf8' })).toBe('made\n');
  });
});

describe("passport-ion, without Node's globals, some of which jest's jsdom lacks", () => {
  // A new context has only JavaScript's globals, and none of Node's.
  const load = (): typeof PassportIon => {
    const module = { exports: {} };
    const code = bundle("module.exports = require('./lib/index.ts')", 'required');
    // The cast is safe because the compiled function has these parameters.
    const run = vm.compileFunction(code, ['module', 'exports', 'require'], {
      parsingContext: vm.createContext({}),
    }) as (...parameters: unknown[]) => void;
    run(module, module.exports, createRequire(join(ROOT, 'package.json')));
    // The cast is safe because the bundle exports what the entry point does.
    return module.exports as typeof PassportIon;
  };

  it('signs in, sends requests to the API, refreshes, seals and revokes', async () => {
    const { IonStrategy, TokenVault } = load();
    const ion = await startLocalIon();
    const granted: PassportIon.IonTokens[] = [];
    const { clientID, clientSecret, baseURL } = ion;
    const app = await startApp({
      strategy: { clientID, clientSecret, baseURL, callbackURL: '/complete/ion/' },
      makeStrategy: (options) =>
        new IonStrategy(options, ({ profile, tokens }) => {
          granted.push(tokens);
          return { id: profile.id };
        }),
    });
    try {
      const browser = new Browser();
      const { location = '' } = await browser.get(`${app.url}/login`);
      const page = await browser.get(await ion.approve(new URL(location), { as: '2027jdoe' }));
      expect(page.status).toBe(200);
      const vault = new TokenVault('qwertyuiopasdfghjklzxcvbnm0123456789');
      const [tokens] = granted.map((each) => vault.open(vault.seal(each)));
      if (!tokens) throw new Error('verify was not called');
      const api = app.strategy.api(tokens);
      expect(await api.profile()).toMatchObject({ username: '2027jdoe' });
      await api.get('/schedule', { query: { page: 1 } });
      await app.strategy.revoke(await app.strategy.refresh(tokens));
    } finally {
      await app.stop();
      await ion.stop();
    }
  });
});

describe('passport-ion, without Object.prototype.__proto__, as in Deno', () => {
  it("throws Errors that are instances of passport-oauth2's classes", async () => {
    const file = join(await temporaryFolder('without-proto'), 'app.js');
    const code = `
      const { IonStrategy } = require('./lib/index.ts');
      const { TokenError, AuthorizationError, InternalOAuthError } = require('passport-oauth2');
      const errors = require('./lib/errors.ts');
      const all = [
        [new errors.IonTokenError('invalid_grant', 'No.', 400), TokenError],
        [new errors.IonAuthorizationError('invalid_scope', 'No.'), AuthorizationError],
        [new errors.IonConnectionError('ERR_ION_TIMEOUT', 'No.'), InternalOAuthError],
        [new errors.IonResponseError('ERR_ION_RESPONSE', 'No.', 500), InternalOAuthError],
        [new errors.IonAppError('No.'), Error],
      ];
      for (const [error, parent] of all) {
        console.log(error.name, error instanceof Error && error instanceof parent, String(error));
      }
      const options = { clientID: 'an-id', clientSecret: 'a-secret', callbackURL: '/complete/ion/' };
      const strategy = new IonStrategy({ ...options, baseURL: 'http://127.0.0.1:1' }, ({ profile }) => profile);
      const tokens = { accessToken: 'A1', refreshToken: 'R1', tokenType: 'Bearer', scope: [] };
      strategy.refresh(tokens).catch((error) => console.log(error.name, error.code));`;
    writeFileSync(file, bundle(code, 'inside'));
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--disable-proto=delete',
      file,
    ]);
    expect(stdout.trim().split('\n')).toEqual([
      'IonTokenError true IonTokenError: No.',
      'IonAuthorizationError true IonAuthorizationError: No.',
      'IonConnectionError true IonConnectionError: No.',
      'IonResponseError true IonResponseError: No.',
      'IonAppError true IonAppError: No.',
      'IonConnectionError ERR_ION_UNREACHABLE',
    ]);
  });
});
