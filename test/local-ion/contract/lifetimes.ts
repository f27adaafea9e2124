import { invalidGrant, notAuthenticated } from './support/expected-responses.js';
import type { Contract } from './contract.js';
import { Ion, tokensIn } from './support/provider-client.js';
import { confidential } from './support/applications.js';
import { DAY, SECOND, START } from './support/provider.js';

/** Tests how long codes, tokens, and other things last, by setting the provider's clock forward. */
export function lifetimes(contract: Contract): void {
  describe('as time passes', () => {
    let ion: Ion;
    beforeEach(async () => {
      ion = new Ion(await contract.start());
    });
    afterEach(() => ion.provider.stop());
    const pass = (milliseconds: number): Promise<void> => ion.provider.advance(milliseconds);

    it('a code is valid for 60 seconds', async () => {
      const [used, late] = [await ion.code(), await ion.code()];
      await pass(55 * SECOND);
      expect((await ion.exchange(used)).status).toBe(200);
      await pass(6 * SECOND);
      expect(await ion.exchange(late)).toMatchObject(invalidGrant);
    });

    it('an access token is valid for ten hours', async () => {
      const { access_token } = await ion.signIn();
      await pass(35_990 * SECOND);
      expect((await ion.api(access_token)).status).toBe(200);
      await pass(11 * SECOND);
      expect(await ion.api(access_token)).toMatchObject(notAuthenticated);
      expect((await ion.introspect(access_token)).text).toBe('{"active": false}');
    });

    it('a refresh token stays valid, even after the 30 days in Ion’s documentation', async () => {
      const { refresh_token } = await ion.signIn();
      await pass(401 * DAY);
      const fresh = tokensIn(await ion.refresh(refresh_token));
      expect((await ion.api(fresh.access_token)).status).toBe(200);
    });

    it('a refreshed access token is valid for ten hours, too', async () => {
      const { refresh_token } = await ion.signIn();
      await pass(9 * 3600 * SECOND);
      const { access_token } = tokensIn(await ion.refresh(refresh_token));
      await pass(9 * 3600 * SECOND);
      expect((await ion.api(access_token)).status).toBe(200);
    });

    it('an introspection says when an access token expires', async () => {
      const { access_token } = await ion.signIn();
      const { text } = await ion.introspect(access_token);
      const { exp } = JSON.parse(text) as { exp: number };
      await pass(exp * SECOND - (await readClock()) - 5 * SECOND);
      expect((await ion.api(access_token)).status).toBe(200);
      await pass(6 * SECOND);
      expect(await ion.api(access_token)).toMatchObject(notAuthenticated);
    });

    // Reads the provider's clock from the expiry of a new token.
    async function readClock(): Promise<number> {
      const { access_token } = await ion.signIn();
      const { text } = await ion.introspect(access_token);
      const { exp } = JSON.parse(text) as { exp: number };
      return (exp - 36_000) * SECOND;
    }

    it('the consent page is shown again with approval_prompt=auto when the access token has expired', async () => {
      const request = {
        response_type: 'code',
        client_id: confidential.clientID,
        scope: 'read',
        approval_prompt: 'auto',
      };
      await ion.signIn();
      expect((await ion.person().open(request)).status).toBe(302);
      await pass(36_001 * SECOND);
      expect((await ion.person().open(request)).status).toBe(200);
    });

    it('the schedule begins with the day in UTC, which in the evening is already tomorrow', async () => {
      const firstDay = async (): Promise<unknown> => {
        const { text } = await ion.send('/api/schedule');
        return (JSON.parse(text) as { results: { date: string }[] }).results[0]?.date;
      };
      await pass(Date.parse('2026-11-24T18:59:00-05:00') - START);
      expect(await firstDay()).toBe('2026-11-24');
      await pass(60 * SECOND);
      expect(await firstDay()).toBe('2026-11-25');
      expect((await ion.send('/api/schedule/2026-11-24')).text).toContain('"date":"2026-11-24"');
    });

    it('the grades change on August 1 in New York', async () => {
      const grade = async (): Promise<unknown> => {
        const { access_token } = await ion.signIn();
        const { text } = await ion.api(access_token);
        return (JSON.parse(text) as { grade: unknown }).grade;
      };
      const start = Date.parse('2027-08-01T00:00:00-04:00');
      await pass(start - START - 60 * SECOND);
      expect(await grade()).toEqual({ number: 11, name: 'junior' });
      await pass(60 * SECOND);
      expect(await grade()).toEqual({ number: 12, name: 'senior' });
    });
  });
}
