// Apps of every kind that install the tarball, build where they have to, and sign people in.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { startLocalIon } from 'passport-ion/local-ion';
import type { LocalIon } from 'passport-ion/local-ion';

import { quickStart } from '../support/snippets.js';
import { UserAgent } from '../support/user-agent.js';
import { newApp, run, writeManifest } from './app-folder.js';
import { firstMatch, start } from './program.js';

let ion: LocalIon;

beforeAll(async () => {
  ion = await startLocalIon();
});
afterAll(() => ion.stop());

/** Starts the app, and signs somebody in to it. */
async function signIn(folder: string, program: string, page = '/'): Promise<void> {
  const app = start(folder, process.execPath, [program], {
    PORT: '0',
    ION_BASE_URL: ion.baseURL,
    ION_CLIENT_ID: ion.clientID,
    ION_CLIENT_SECRET: ion.clientSecret,
    SESSION_SECRET: 'not a secret',
  });
  const url = await firstMatch(app, /(http:\/\/[\w.:]+)/);
  const browser = new UserAgent();
  const { location = '' } = await browser.get(`${url}/login/ion`);
  const back = await browser.get(await ion.approve(location, { as: '2028znunez' }));
  expect(back).toMatchObject({ status: 302, location: `${url}${page}` });
  expect((await browser.get(`${url}${page}`)).text).toContain('Zoë Núñez-Łukasik');
}

describe.each(['4', '5'])('an app on Express %s signs people in', (version) => {
  const packages = [`express@${version}`, 'express-session', 'passport'];

  it('from CommonJS, with verify in Passport’s way', async () => {
    await signIn(await newApp('commonjs', packages), 'app.js');
  });

  it('from ESM, with the short verify', async () => {
    await signIn(await newApp('esm', packages), 'app.mjs');
  });

  it('from TypeScript, in CommonJS and in ESM, library checks on', async () => {
    const folder = await newApp('typescript', [
      ...packages,
      'typescript@6.0',
      `@types/express@${version}`,
      '@types/express-session',
      '@types/passport',
      '@types/node@20',
    ]);
    const installed = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as object;
    for (const type of ['commonjs', 'module']) {
      await writeManifest(folder, { ...installed, type });
      await run(folder, join(folder, 'node_modules/.bin/tsc'));
      await signIn(folder, 'out/app.js');
    }
  });
});

it('the quick start of the README signs people in', async () => {
  const folder = await newApp('esm', ['express@5', 'express-session', 'passport']);
  await writeFile(join(folder, 'quick-start.mjs'), quickStart());
  await signIn(folder, 'quick-start.mjs', '/me');
});
