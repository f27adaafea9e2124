// Tests the paths of a running local Ion.

import { startLocalIon } from 'passport-ion/local-ion';
import type { LocalIon } from 'passport-ion/local-ion';

import { getAPI, signIn } from '../requests.js';

let ion: LocalIon;
beforeAll(async () => {
  ion = await startLocalIon();
});
afterAll(() => ion.stop());

describe('findRoute', () => {
  let token: string;
  beforeAll(async () => {
    token = (await signIn(ion, '2028znunez')).access_token;
  });

  it.each([
    ['/api/profile', 200],
    ['/api/profile/', 200],
    ['/api/profile//', 200],
    ['/api/profile/4', 200],
    ['/api/profile/4/5', 404],
    ['/api/profile/jteacher/picture', 200],
    ['/api/profile/3/picture/junior', 200],
    ['/api/schedule/2026-11-24', 200],
    ['/api/schedule/a/b', 400],
    ['/api/schedule/%zz', 400],
    ['/api/announcements/1', 200],
    ['/oauth/token', 405],
    ['/oauth/token//', 404],
    ['/nowhere', 404],
    ['/API/profile', 404],
  ])('routes GET %s, which responds with %d', async (path, status) => {
    expect((await getAPI(ion, path, token)).status).toBe(status);
  });

  it('percent-decodes parts of the path: a search for j%61ne', async () => {
    const [plain, encoded] = await Promise.all(
      ['/api/search/jane', '/api/search/j%61ne'].map((path) => getAPI(ion, path, token)),
    );
    expect(JSON.parse(plain?.text ?? '')).toMatchObject({ count: 1 });
    expect(JSON.parse(encoded?.text ?? '')).toMatchObject({ count: 1 });
  });
});
