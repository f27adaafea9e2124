// Tests IonAPI in several processes that share only the token store and Ion.

import { writeFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { RotatingIon } from '../support/rotating-ion.js';
import { sendRequests, startAPIProcess } from '../support/start-api-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

let directory: string;
let ion: RotatingIon;

beforeAll(async () => {
  directory = await temporaryFolder('stores');
});
beforeEach(async () => {
  ion = await new RotatingIon().start();
});
afterEach(() => ion.stop());

// Makes Ion hold a process's refresh until the other process sends one too, so that one of the two fails.
function holdUntilBothRefresh(): void {
  let release = (): void => undefined;
  let waiting: Promise<undefined> | undefined;
  ion.before = ({ url }) => {
    if (url !== '/oauth/token/') return undefined;
    if (waiting) {
      waiting = undefined;
      release();
      return undefined;
    }
    waiting = new Promise((resolve) => {
      release = (): void => {
        resolve(undefined);
      };
    });
    return waiting;
  };
}

describe('IonAPI.get in two processes that share a store', () => {
  it('succeeds in both, round after round, though both refresh at the same time', async () => {
    const store = join(directory, 'tokens.json');
    writeFileSync(store, JSON.stringify(ion.tokens));
    const both = await Promise.all([
      startAPIProcess(ion.origin, store),
      startAPIProcess(ion.origin, store),
    ]);
    holdUntilBothRefresh();
    for (let round = 1; round <= 15; round += 1) {
      ion.endAccessToken();
      const outcomes = await Promise.all(both.map((child) => sendRequests(child, 5)));

      expect(outcomes).toStrictEqual([Array(5).fill('ok'), Array(5).fill('ok')]);
      expect(JSON.parse(readFileSync(store, 'utf8'))).toMatchObject({
        accessToken: ion.tokens.accessToken,
        refreshToken: ion.tokens.refreshToken,
      });
    }
    expect(ion.refreshes).toHaveLength(30);
  });

  it('asks for a sign-in in both if the tokens are dead, and works again after it', async () => {
    const store = join(directory, 'dead-tokens.json');
    writeFileSync(store, JSON.stringify(ion.tokens));
    ion.endBothTokens();
    const both = await Promise.all([
      startAPIProcess(ion.origin, store),
      startAPIProcess(ion.origin, store),
    ]);
    const outcomes = await Promise.all(both.map((child) => sendRequests(child, 5)));

    const message: unknown = expect.stringMatching(
      /^IonSignInRequiredError: .+ must sign in again$/,
    );
    expect(outcomes).toStrictEqual([Array(5).fill(message), Array(5).fill(message)]);
    expect(both.map(({ exitCode }) => exitCode)).toStrictEqual([null, null]);
    writeFileSync(store, JSON.stringify(ion.rotateElsewhere()));
    await expect(Promise.all(both.map((child) => sendRequests(child, 1)))).resolves.toStrictEqual([
      ['ok'],
      ['ok'],
    ]);
  });
});
