import { allowed, detail, notAuthenticated } from './support/expected-responses.js';
import type { Contract } from './contract.js';
import type { HTTPResponse } from './support/send.js';

const ok = { status: 200, headers: { 'content-type': 'application/json' } };

/** Tests which methods the API accepts, and when it responds with JSON or with a web page. */
export function apiMethodsAndFormats(contract: Contract): void {
  describe('the API, for methods other than GET', () => {
    it('responds to HEAD without a body', async () => {
      const { access_token } = await contract.ion.signIn();
      const response = await contract.ion.api(access_token, '/api/profile', { method: 'HEAD' });
      expect(response).toMatchObject({ ...ok, text: '' });
    });

    it('responds to OPTIONS with a description', async () => {
      const { access_token } = await contract.ion.signIn();
      const response = await contract.ion.api(access_token, '/api/profile', { method: 'OPTIONS' });
      expect(response).toMatchObject(ok);
      expect(allowed(response)).toEqual(['GET', 'HEAD', 'OPTIONS']);
      expect(JSON.parse(response.text)).toMatchObject({
        name: expect.any(String) as string,
        description: expect.any(String) as string,
        renders: ['application/json', 'text/html'],
        parses: ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data'],
      });
    });

    it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND'])(
      'responds to %s with 405',
      async (method) => {
        const { access_token } = await contract.ion.signIn();
        const response = await contract.ion.api(access_token, '/api/profile', { method });
        expect(response).toMatchObject(detail(405, `Method "${method}" not allowed.`));
        expect(allowed(response)).toEqual(['GET', 'HEAD', 'OPTIONS']);
      },
    );

    it('responds to OPTIONS with its own Origin with an empty 200', async () => {
      const headers = { origin: contract.ion.provider.baseURL };
      for (const path of ['/api/profile', '/oauth/token/']) {
        const response = await contract.ion.send(path, { method: 'OPTIONS', headers });
        expect(response).toMatchObject({ status: 200, text: '' });
      }
    });

    it('checks the token before the method', async () => {
      expect(await contract.ion.send('/api/profile', { method: 'POST' })).toMatchObject(
        notAuthenticated,
      );
    });
  });

  describe('the content type of the API', () => {
    const get = async (path: string, headers = {}): Promise<HTTPResponse> =>
      contract.ion.api((await contract.ion.signIn()).access_token, path, { headers });

    it.each(['application/json', '*/*', 'application/*', 'text/plain, */*;q=0.1', undefined])(
      'is JSON for Accept: %s',
      async (accept) => {
        const headers = accept === undefined ? {} : { accept };
        expect(await get('/api/profile', headers)).toMatchObject(ok);
      },
    );

    it.each([
      ['/api/profile', { accept: 'text/html' }],
      [
        '/api/profile',
        { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' },
      ],
      ['/api/profile?format=api', {}],
    ])('is a web page for %s with %j', async (path, headers) => {
      const response = await get(path, headers);
      expect(response).toMatchObject({
        status: 200,
        headers: { 'content-type': 'text/html; charset=utf-8' },
      });
      expect(response.text).toContain('2028znunez');
    });

    it('follows the most specific range in Accept, and ignores q', async () => {
      const first = { accept: 'text/html;q=0.1, */*' };
      expect((await get('/api/profile', first)).headers['content-type']).toMatch(/^text\/html/);
      const narrowed = { accept: 'application/json, text/html; level=1' };
      expect((await get('/api/profile', narrowed)).headers['content-type']).toMatch(/^text\/html/);
      const both = { accept: 'text/html, application/json;q=0.1' };
      expect(await get('/api/profile', both)).toMatchObject(ok);
    });

    it('is JSON for format=json, or 406 if Accept does not allow JSON', async () => {
      expect(await get('/api/profile?format=json')).toMatchObject(ok);
      expect((await get('/api/profile?format=json', { accept: 'text/html' })).status).toBe(406);
    });

    it.each([
      ['application/json; indent=4', 4],
      ['*/*; indent=2', 2],
      ['application/json; indent=99', 8],
      ['application/json; indent=0', 0],
      ['application/json; indent=x', 0],
    ])('is indented JSON for Accept: %s', async (accept, indent) => {
      const response = await get('/api/profile', { accept });
      expect(response).toMatchObject(ok);
      expect(response.text).toBe(JSON.stringify(JSON.parse(response.text), null, indent));
    });

    it('is never anything else: other formats get a 404, other Accept headers a 406', async () => {
      expect(await get('/api/profile?format=xml')).toMatchObject(detail(404, 'Not found.'));
      for (const accept of ['application/xml', 'image/jpeg', 'text/plain']) {
        expect(await get('/api/profile', { accept })).toMatchObject(
          detail(406, 'Could not satisfy the request Accept header.'),
        );
      }
    });

    it('is HTML with 400 for a query with broken percent-encoding', async () => {
      const response = await get('/api/profile?x=%zz');
      expect(response.status).toBe(400);
      expect(response.headers['content-type']).toMatch(/^text\/html/);
    });
  });
}
