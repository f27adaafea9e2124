// Tests that NODE_DEBUG=passport-ion makes a process print each step of a refresh, and never a secret.

import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { RotatingIon } from './support/rotating-ion.js';
import { sendRequests, startAPIProcess } from './support/start-api-process.js';
import { temporaryFolder } from './support/temporary-folder.js';

let directory: string;
let ion: RotatingIon;

beforeAll(async () => {
  directory = await temporaryFolder('stores');
});
beforeEach(async () => {
  ion = await new RotatingIon().start();
});
afterEach(() => ion.stop());

describe('IonAPI.get in a process with NODE_DEBUG=passport-ion', () => {
  it('prints each step of a refresh, and no secret', async () => {
    const store = join(directory, 'debugged-tokens.json');
    writeFileSync(store, JSON.stringify(ion.tokens));
    ion.endAccessToken();
    const child = await startAPIProcess(ion.origin, store, { NODE_DEBUG: 'passport-ion' });
    let printed = '';
    child.stderr?.on('data', (text: string) => (printed += text));

    expect(await sendRequests(child, 1)).toStrictEqual(['ok']);
    ion.endBothTokens();
    expect(await sendRequests(child, 1)).toStrictEqual([
      expect.stringContaining('must sign in again'),
    ]);
    child.kill();
    await once(child, 'close');

    const steps = printed
      .split('\n')
      .map((line) => /^PASSPORT-ION \d+: (.*)$/.exec(line)?.[1])
      .filter((step) => /^(api|refresh): /.test(step ?? ''));
    expect(steps).toStrictEqual([
      'api: Ion refused the access token',
      'refresh: requesting new tokens from Ion',
      'refresh: Ion issued new tokens',
      'refresh: saved the new tokens',
      'api: Ion refused the access token',
      'refresh: requesting new tokens from Ion',
      'refresh: failed with IonTokenError (invalid_grant)',
    ]);
    expect(printed).not.toMatch(/Access\d|Refresh\d|a-secret/);
  });
});

describe('IonAPI.get in a process without NODE_DEBUG', () => {
  it('prints nothing', async () => {
    const store = join(directory, 'quiet-tokens.json');
    writeFileSync(store, JSON.stringify(ion.tokens));
    ion.endAccessToken();
    const child = await startAPIProcess(ion.origin, store);
    let printed = '';
    child.stderr?.on('data', (text: string) => (printed += text));
    await sendRequests(child, 1);
    child.kill();
    await once(child, 'close');

    expect(printed).toBe('');
  });
});
