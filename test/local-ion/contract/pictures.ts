import { allowed, NOBODY } from './responses.js';
import type { Contract } from './contract.js';
import { query } from './ion.js';
import type { HTTPResponse } from './send.js';

const PNG = '89504e470d0a1a0a';
const JPEG = 'ffd8ff';

const refused = (status: number, word: string): object => ({
  status,
  headers: { 'content-type': 'image/jpg' },
  text: word,
});

/** Pictures, and the content types that they and their errors come under. */
export function pictures(the: Contract): void {
  const asked = async (
    path: string,
    headers: Record<string, string> = {},
    as = '2028znunez',
  ): Promise<HTTPResponse> =>
    the.ion.api((await the.ion.signIn({ as })).access_token, path, { headers });

  describe('a picture', () => {
    it.each([
      '/api/profile/3/picture',
      '/api/profile/2028znunez/picture',
      '/api/profile/6/picture',
      '/api/profile/6/picture/freshman',
      '/api/profile/6/picture/sophomore',
      '/api/profile/6/picture/junior',
      '/api/profile/6/picture/senior',
      '/api/profile/jteacher/picture/staff',
    ])('is at %s, under the type of JPEG', async (path) => {
      const answer = await asked(path);
      expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'image/jpeg' } });
      const start = answer.bytes.toString('hex', 0, 8);
      expect(start.startsWith(JPEG) || start === PNG).toBe(true);
    });

    it('that is not on file is a PNG, still under the type of JPEG', async () => {
      const answer = await asked('/api/profile/5/picture');
      expect(answer.headers['content-type']).toBe('image/jpeg');
      expect(answer.bytes.toString('hex', 0, 8)).toBe(PNG);
    });

    const isDefault = async (path: string, as: string): Promise<boolean> => {
      const outline = await asked('/api/profile/5/picture', {}, as);
      const answer = await asked(path, {}, as);
      expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'image/jpeg' } });
      return answer.bytes.equals(outline.bytes);
    };

    it.each([
      ['the person themselves', '2028znunez', false],
      ['a teacher', 'jteacher', false],
      ['a counselor', 'cbravo', false],
      ['an eighth-period admin', '2029admin', false],
      ['another student', '2027jdoe', true],
      ['somebody else', 'simple', true],
    ])('that is private: %s (%s) gets the default one: %s', async (_who, as, expected) => {
      expect(await isDefault('/api/profile/3/picture', as)).toBe(expected);
      expect(await isDefault('/api/profile/3/picture/junior', as)).toBe(expected);
    });

    it('that the person shows to everybody is given to everybody', async () => {
      expect(await isDefault('/api/profile/6/picture', '2028znunez')).toBe(false);
      expect(await isDefault('/api/profile/2027jdoe/picture', 'simple')).toBe(false);
    });

    it.each(['staff', 'kindergarten', 'Senior'])(
      'of a year in which there was none, %s, is the default one',
      async (year) => {
        expect(await isDefault(`/api/profile/6/picture/${year}`, 'jteacher')).toBe(true);
      },
    );

    it('takes the token from the query too', async () => {
      const { access_token } = await the.ion.signIn();
      const answer = await the.ion.send(`/api/profile/3/picture?${query({ access_token })}`);
      expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'image/jpeg' } });
    });

    it.each([
      '*/*',
      'image/*',
      'image/jpg',
      'image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8',
    ])('is given for Accept: %s', async (accept) => {
      expect((await asked('/api/profile/3/picture', { accept })).status).toBe(200);
    });

    it.each(['image/jpeg', 'application/json', 'image/png'])(
      'is refused for Accept: %s',
      async (accept) => {
        expect(await asked('/api/profile/3/picture', { accept })).toMatchObject(
          refused(406, 'detail'),
        );
      },
    );

    it('is refused without a token', async () => {
      const answer = await the.ion.send('/api/profile/3/picture');
      expect(answer).toMatchObject(refused(403, 'detail'));
      expect(answer.headers).not.toHaveProperty('www-authenticate');
    });

    it('is refused to who is restricted', async () => {
      const path = '/api/profile/3/picture';
      expect(await asked(path, {}, '2020aalum')).toMatchObject(refused(403, 'detail'));
    });

    it('takes GET, HEAD and OPTIONS', async () => {
      const { access_token } = await the.ion.signIn();
      const ask = (method: string): Promise<HTTPResponse> =>
        the.ion.api(access_token, '/api/profile/3/picture', { method });
      const got = await ask('GET');
      expect(allowed(got)).toEqual(['GET', 'HEAD', 'OPTIONS']);
      expect(await ask('HEAD')).toMatchObject({
        status: 200,
        text: '',
        headers: { 'content-type': 'image/jpeg', 'content-length': String(got.bytes.length) },
      });
      expect((await ask('OPTIONS')).status).toBe(200);
      expect(await ask('POST')).toMatchObject(refused(405, 'detail'));
    });

    it.each([NOBODY, 'nobody', '2028ZNUNEZ'])('of nobody, %s, is 404', async (whom) => {
      expect(await asked(`/api/profile/${whom}/picture`)).toMatchObject(refused(404, 'details'));
    });
  });
}
