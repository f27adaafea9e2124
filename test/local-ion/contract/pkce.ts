import { createHash } from 'node:crypto';

import { invalidGrant, oauthError } from './responses.js';
import type { Page } from '../../support/user-agent.js';
import type { Contract } from './contract.js';
import { authorizationOf } from './ion.js';
import { confidential, publicApplication } from './provider.js';
import type { Application } from './provider.js';

const verifier = 'a-verifier-of-at-least-43-characters-0123456789';
const s256 = createHash('sha256').update(verifier).digest('base64url');

/** Proof Key for Code Exchange, which Ion does not ask for, but honours. */
export function pkce(the: Contract): void {
  const codeFor = (
    code_challenge: string,
    code_challenge_method?: string,
    to: Application = confidential,
  ): Promise<string> => the.ion.code({ to, request: { code_challenge, code_challenge_method } });

  describe.each([
    ['a confidential application', confidential],
    ['a public application', publicApplication],
  ])('PKCE for %s', (_kind, to) => {
    it.each([
      ['S256', s256],
      ['plain', verifier],
      [undefined, verifier],
    ])('by %s takes the right verifier', async (method, challenge) => {
      const code = await codeFor(challenge, method, to);
      expect((await the.ion.exchange(code, { code_verifier: verifier }, to)).status).toBe(200);
    });

    it.each([
      ['S256', s256],
      ['plain', verifier],
    ])('by %s refuses a wrong verifier, and keeps the code', async (method, challenge) => {
      const code = await codeFor(challenge, method, to);
      const wrong = { code_verifier: `${verifier}x` };
      expect(await the.ion.exchange(code, wrong, to)).toMatchObject(invalidGrant);
      expect((await the.ion.exchange(code, { code_verifier: verifier }, to)).status).toBe(200);
    });

    it('refuses an exchange without the verifier, and keeps the code', async () => {
      const code = await codeFor(s256, 'S256', to);
      expect(await the.ion.exchange(code, {}, to)).toMatchObject(
        oauthError(400, 'invalid_request', 'Code verifier required.'),
      );
      expect((await the.ion.exchange(code, { code_verifier: verifier }, to)).status).toBe(200);
    });

    it('is not missed, nor looked at where there was no challenge', async () => {
      const code = await the.ion.code({ to });
      expect((await the.ion.exchange(code, { code_verifier: verifier }, to)).status).toBe(200);
    });
  });

  it('a challenge of 128 characters gets a code; one of 129 is a 500 at Authorize', async () => {
    const authorize = (length: number): Promise<Page> => {
      const code_challenge = 'a'.repeat(length);
      return the.ion.person().authorize(authorizationOf(confidential, { code_challenge }));
    };
    expect((await authorize(128)).location).toContain('?code=');
    expect((await authorize(129)).status).toBe(500);
  });

  it('a challenge without a method is plain, whatever it looks like', async () => {
    const code = await codeFor(s256);
    expect(await the.ion.exchange(code, { code_verifier: verifier })).toMatchObject(invalidGrant);
    expect((await the.ion.exchange(code, { code_verifier: s256 })).status).toBe(200);
  });
}
