import type { Contract } from './contract.js';
import { authorizationOf, Person, query, tokensIn } from './support/provider-client.js';

/** Tests /logout, which ends a login at Ion. */
export function logout(contract: Contract): void {
  describe('/logout', () => {
    it('redirects to the start page', async () => {
      const response = await contract.ion.send('/logout');
      expect(response).toMatchObject({ status: 302, headers: { location: '/' } });
    });

    it('requires a CSRF token for POST', async () => {
      expect((await contract.ion.post('/logout', {})).status).toBe(403);
    });

    it('ends the login, but leaves tokens valid', async () => {
      const { baseURL } = contract.ion.provider;
      const person = new Person(contract.ion.provider, 'cbravo');
      const page = await person.authorize(authorizationOf());
      const code = new URL(page.location ?? '').searchParams.get('code') ?? '';
      const tokens = tokensIn(await contract.ion.exchange(code));
      await person.browser.get(`${baseURL}/logout`);
      const again = await person.browser.get(
        `${baseURL}/oauth/authorize/?${query(authorizationOf())}`,
      );
      expect(again.location).toContain('/login?next=');
      expect((await contract.ion.api(tokens.access_token)).status).toBe(200);
      expect((await contract.ion.refresh(tokens.refresh_token)).status).toBe(200);
    });
  });
}
