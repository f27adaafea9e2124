import { createHash } from 'node:crypto';

import { invalidGrant, oauthError } from './support/expected-responses.js';
import type { Page } from '../../support/browser.js';
import type { Contract } from './contract.js';
import { authorizationOf } from './support/provider-client.js';
import { confidential, publicApplication } from './support/applications.js';
import type { Application } from './support/applications.js';

const verifier = 'a-verifier-of-at-least-43-characters-0123456789';
const s256 = createHash('sha256').update(verifier).digest('base64url');

/** Tests Proof Key for Code Exchange (RFC 7636), which Ion supports but does not require. */
export function pkce(contract: Contract): void {
  const codeFor = (
    code_challenge: string,
    code_challenge_method?: string,
    to: Application = confidential,
  ): Promise<string> =>
    contract.ion.code({ to, request: { code_challenge, code_challenge_method } });

  describe.each([
    ['a confidential application', confidential],
    ['a public application', publicApplication],
  ])('PKCE for %s', (_kind, to) => {
    it.each([
      ['S256', s256],
      ['plain', verifier],
      [undefined, verifier],
    ])('with the method %s, accepts the right verifier', async (method, challenge) => {
      const code = await codeFor(challenge, method, to);
      expect((await contract.ion.exchange(code, { code_verifier: verifier }, to)).status).toBe(200);
    });

    it.each([
      ['S256', s256],
      ['plain', verifier],
    ])(
      'with the method %s, refuses a wrong verifier, and keeps the code valid',
      async (method, challenge) => {
        const code = await codeFor(challenge, method, to);
        const wrong = { code_verifier: `${verifier}x` };
        expect(await contract.ion.exchange(code, wrong, to)).toMatchObject(invalidGrant);
        expect((await contract.ion.exchange(code, { code_verifier: verifier }, to)).status).toBe(
          200,
        );
      },
    );

    it('refuses an exchange without the verifier, and keeps the code valid', async () => {
      const code = await codeFor(s256, 'S256', to);
      expect(await contract.ion.exchange(code, {}, to)).toMatchObject(
        oauthError(400, 'invalid_request', 'Code verifier required.'),
      );
      expect((await contract.ion.exchange(code, { code_verifier: verifier }, to)).status).toBe(200);
    });

    it('ignores a verifier if there was no challenge', async () => {
      const code = await contract.ion.code({ to });
      expect((await contract.ion.exchange(code, { code_verifier: verifier }, to)).status).toBe(200);
    });
  });

  it('PKCE accepts a challenge of 128 characters, and fails with 500 for one of 129', async () => {
    const authorize = (length: number): Promise<Page> => {
      const code_challenge = 'a'.repeat(length);
      return contract.ion.person().authorize(authorizationOf(confidential, { code_challenge }));
    };
    expect((await authorize(128)).location).toContain('?code=');
    expect((await authorize(129)).status).toBe(500);
  });

  it('PKCE uses the method plain if none is given', async () => {
    const code = await codeFor(s256);
    expect(await contract.ion.exchange(code, { code_verifier: verifier })).toMatchObject(
      invalidGrant,
    );
    expect((await contract.ion.exchange(code, { code_verifier: s256 })).status).toBe(200);
  });
}
