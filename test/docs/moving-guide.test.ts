// The apps that the guide on moving begins with: they sign in, as people have them today.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { startLocalIon } from 'passport-ion/local-ion';
import type { LocalIon } from 'passport-ion/local-ion';

import { Program } from '../support/program.js';
import { snippetsIn } from '../support/snippets.js';
import { UserAgent } from '../support/user-agent.js';

let ion: LocalIon;
let folder: string;

beforeAll(async () => {
  ion = await startLocalIon();
  // In the project: what the apps import is installed there.
  folder = await mkdtemp(join(__dirname, '.moving-'));
});
afterAll(async () => {
  await ion.stop();
  await rm(folder, { recursive: true });
});

const before = snippetsIn('docs/guides/moving.md').flatMap(({ file = '', code }) =>
  file.startsWith('before-') ? [[file, code] as const] : [],
);

it('has what people have today', () => {
  expect(before.map(([file]) => file)).toEqual([
    'before-create.cjs',
    'before-class.cjs',
    'before-passport-oauth2.cjs',
  ]);
});

it.each(before)('%s signs in', async (file, code) => {
  const path = join(folder, file);
  // The old dialect needs the old version, which is installed under another name.
  const old = code.includes('oauth2.create(');
  await writeFile(path, old ? code.replace("'simple-oauth2'", "'simple-oauth2-2'") : code);
  const app = await Program.start(process.execPath, {
    arguments: [path],
    env: {
      PORT: '0',
      ION_BASE_URL: ion.baseURL,
      ION_CLIENT_ID: ion.clientID,
      ION_CLIENT_SECRET: ion.clientSecret ?? '',
    },
  });
  await app.until('http://');
  const url = /http:\/\/localhost:\d+/.exec(app.printed)?.[0] ?? '';
  const browser = new UserAgent();
  const { location = '' } = await browser.get(`${url}/login/ion`);
  const callback = await ion.approve(location, { as: '2027jdoe' });
  // The app names the port 3000; it listens on another here.
  await browser.get(callback.replace('http://localhost:3000', url));
  expect((await browser.get(`${url}/me`)).text).toBe('Hello, Jane Doe');
  await app.stop();
});
