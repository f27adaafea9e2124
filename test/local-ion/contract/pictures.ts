import { allowed, NOBODY } from './support/expected-responses.js';
import type { Contract } from './contract.js';
import { query } from './support/provider-client.js';
import type { HTTPResponse } from './support/send.js';

const PNG = '89504e470d0a1a0a';
const JPEG = 'ffd8ff';

const refused = (status: number, word: string): object => ({
  status,
  headers: { 'content-type': 'image/jpg' },
  text: word,
});

/** Tests who gets which picture, and the content types of pictures and of error responses. */
export function pictures(contract: Contract): void {
  const get = async (
    path: string,
    headers: Record<string, string> = {},
    as = '2028znunez',
  ): Promise<HTTPResponse> =>
    contract.ion.api((await contract.ion.signIn({ as })).access_token, path, { headers });

  describe('GET /api/profile/<person>/picture', () => {
    it.each([
      '/api/profile/3/picture',
      '/api/profile/2028znunez/picture',
      '/api/profile/6/picture',
      '/api/profile/6/picture/freshman',
      '/api/profile/6/picture/sophomore',
      '/api/profile/6/picture/junior',
      '/api/profile/6/picture/senior',
      '/api/profile/jteacher/picture/staff',
    ])('returns an image labeled image/jpeg at %s', async (path) => {
      const response = await get(path);
      expect(response).toMatchObject({ status: 200, headers: { 'content-type': 'image/jpeg' } });
      const start = response.bytes.toString('hex', 0, 8);
      expect(start.startsWith(JPEG) || start === PNG).toBe(true);
    });

    it('returns a PNG labeled image/jpeg for a person without a photo', async () => {
      const response = await get('/api/profile/5/picture');
      expect(response.headers['content-type']).toBe('image/jpeg');
      expect(response.bytes.toString('hex', 0, 8)).toBe(PNG);
    });

    const isDefault = async (path: string, as: string): Promise<boolean> => {
      const outline = await get('/api/profile/5/picture', {}, as);
      const response = await get(path, {}, as);
      expect(response).toMatchObject({ status: 200, headers: { 'content-type': 'image/jpeg' } });
      return response.bytes.equals(outline.bytes);
    };

    it.each([
      ['the person themselves', '2028znunez', false],
      ['a teacher', 'jteacher', false],
      ['a counselor', 'cbravo', false],
      ['an eighth-period admin', '2029admin', false],
      ['another student', '2027jdoe', true],
      ['someone else', 'simple', true],
    ])(
      'returns the default picture in place of a private one: %s (%s): %s',
      async (_who, as, expected) => {
        expect(await isDefault('/api/profile/3/picture', as)).toBe(expected);
        expect(await isDefault('/api/profile/3/picture/junior', as)).toBe(expected);
      },
    );

    it('returns a picture to everyone if the person shows it to everyone', async () => {
      expect(await isDefault('/api/profile/6/picture', '2028znunez')).toBe(false);
      expect(await isDefault('/api/profile/2027jdoe/picture', 'simple')).toBe(false);
    });

    it.each(['staff', 'kindergarten', 'Senior'])(
      'returns the default picture for a year without a photo: %s',
      async (year) => {
        expect(await isDefault(`/api/profile/6/picture/${year}`, 'jteacher')).toBe(true);
      },
    );

    it('accepts the token in the query', async () => {
      const { access_token } = await contract.ion.signIn();
      const response = await contract.ion.send(`/api/profile/3/picture?${query({ access_token })}`);
      expect(response).toMatchObject({ status: 200, headers: { 'content-type': 'image/jpeg' } });
    });

    it.each([
      '*/*',
      'image/*',
      'image/jpg',
      'image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8',
    ])('returns the picture for Accept: %s', async (accept) => {
      expect((await get('/api/profile/3/picture', { accept })).status).toBe(200);
    });

    it.each(['image/jpeg', 'application/json', 'image/png'])(
      'responds with 406 to Accept: %s',
      async (accept) => {
        expect(await get('/api/profile/3/picture', { accept })).toMatchObject(
          refused(406, 'detail'),
        );
      },
    );

    it('responds with 403 without a token', async () => {
      const response = await contract.ion.send('/api/profile/3/picture');
      expect(response).toMatchObject(refused(403, 'detail'));
      expect(response.headers).not.toHaveProperty('www-authenticate');
    });

    it('responds with 403 to restricted people', async () => {
      const path = '/api/profile/3/picture';
      expect(await get(path, {}, '2020aalum')).toMatchObject(refused(403, 'detail'));
    });

    it('accepts only GET, HEAD and OPTIONS', async () => {
      const { access_token } = await contract.ion.signIn();
      const request = (method: string): Promise<HTTPResponse> =>
        contract.ion.api(access_token, '/api/profile/3/picture', { method });
      const got = await request('GET');
      expect(allowed(got)).toEqual(['GET', 'HEAD', 'OPTIONS']);
      expect(await request('HEAD')).toMatchObject({
        status: 200,
        text: '',
        headers: { 'content-type': 'image/jpeg', 'content-length': String(got.bytes.length) },
      });
      expect((await request('OPTIONS')).status).toBe(200);
      expect(await request('POST')).toMatchObject(refused(405, 'detail'));
    });

    it.each([NOBODY, 'nobody', '2028ZNUNEZ'])(
      'responds with 404 to an unknown person or a username in another case: %s',
      async (whom) => {
        expect(await get(`/api/profile/${whom}/picture`)).toMatchObject(refused(404, 'details'));
      },
    );
  });
}
