// Tests what IonAPI.profile and IonAPI.picture request, and what they return or throw for each response.

import { ion, ION_ORIGIN, useNock } from '../support/nock.js';
import { rejectionOf } from '../support/rejection.js';
import { newAPI } from '../support/scripted-api.js';

const PNG = Buffer.from('\x89PNG\r\n\x1a\n and so on', 'latin1');

useNock();

describe('IonAPI.profile', () => {
  it('returns the profile of the person to whom the tokens belong', async () => {
    ion()
      .get('/api/profile')
      .reply(200, { id: 3, ion_username: '2028znunez', display_name: 'Zoë Núñez' });

    await expect(newAPI().profile()).resolves.toMatchObject({
      id: '3',
      username: '2028znunez',
      displayName: 'Zoë Núñez',
      profileUrl: `${ION_ORIGIN}/profile/3`,
    });
  });

  it('rejects a profile that does not identify anyone', async () => {
    ion().get('/api/profile').reply(200, { ok: true });

    expect(await rejectionOf(newAPI().profile())).toMatchObject({ code: 'ERR_ION_PROFILE' });
  });

  it('rejects if Ion refuses', async () => {
    ion().get('/api/profile').reply(403, { id: 3, detail: 'You do not have permission.' });

    expect(await rejectionOf(newAPI().profile())).toMatchObject({
      code: 'ERR_ION_API',
      ionStatus: 403,
    });
  });
});

describe('IonAPI.picture', () => {
  // Ion labels every picture with this type.
  const JPEG = { 'content-type': 'image/jpeg' };

  it.each([
    [3, undefined, '/api/profile/3/picture'],
    ['2028znunez', undefined, '/api/profile/2028znunez/picture'],
    ['3', 'senior', '/api/profile/3/picture/senior'],
  ] as const)('requests the picture of %s in the year %s at %s', async (person, year, path) => {
    ion().get(path).reply(200, PNG, JPEG);

    await expect(newAPI().picture(person, { year })).resolves.toMatchObject({ data: PNG });
  });

  it('accepts any image, since Ion refuses a request for image/jpeg alone', async () => {
    ion({ accept: 'image/*' }).get('/api/profile/3/picture').reply(200, PNG, JPEG);

    await expect(newAPI().picture(3)).resolves.toMatchObject({ data: PNG });
  });

  it('requests the picture of the person to whom the tokens belong if no one is named', async () => {
    ion()
      .get('/api/profile')
      .reply(200, { id: 9 })
      .get('/api/profile/9/picture/junior')
      .reply(200, PNG, JPEG);

    await expect(newAPI().picture(undefined, { year: 'junior' })).resolves.toBeDefined();
  });

  it.each([
    ['image/png', PNG],
    ['image/jpeg', Buffer.from('ffd8ffe000104a46494600', 'hex')],
    ['image/gif', Buffer.from('GIF89a and so on')],
    ['image/webp', Buffer.from('RIFF\n\0\0\0WEBPVP8 and so on')],
  ])('returns the type %s if the bytes are of that type', async (contentType, body) => {
    ion().get('/api/profile/3/picture').reply(200, body, JPEG);

    await expect(newAPI().picture(3)).resolves.toStrictEqual({ data: body, contentType });
  });

  it.each(['', '<svg onload="alert(1)"/>', '{}', 'RIFF\n\0\0\0AVI '])(
    'rejects if the response is not a picture: %j',
    async (body) => {
      ion().get('/api/profile/3/picture').reply(200, Buffer.from(body), JPEG);
      const error = await rejectionOf(newAPI().picture(3));

      expect(error).toMatchObject({ code: 'ERR_ION_RESPONSE' });
      expect(String(error)).toContain('with no picture');
    },
  );

  it.each(['', '../profile', 'a b', 'a/b', 'é', '3?x', 1.5, -1, NaN])(
    'rejects the person %j, and sends nothing',
    async (person) => {
      expect(await rejectionOf(newAPI().picture(person))).toMatchObject({ option: 'idOrUsername' });
    },
  );

  it('rejects an unknown year, and sends nothing', async () => {
    // Cast to pass an invalid value, as a JavaScript app could.
    const year = '../../x' as 'junior';

    expect(await rejectionOf(newAPI().picture(3, { year }))).toMatchObject({ option: 'year' });
  });

  it('rejects if this person may not see the picture, and keeps the token', async () => {
    ion()
      .get('/api/profile/3/picture')
      .twice()
      .reply(403, 'detail', { 'content-type': 'image/jpg' })
      .get('/api/profile')
      .reply(200, { id: 9 });

    expect(await rejectionOf(newAPI().picture(3))).toMatchObject({
      code: 'ERR_ION_API',
      ionStatus: 403,
    });
  });

  it('rejects with a 404 if there is no such person', async () => {
    ion().get('/api/profile/nobody/picture').reply(404, 'details', { 'content-type': 'image/jpg' });

    expect(await rejectionOf(newAPI().picture('nobody'))).toMatchObject({ ionStatus: 404 });
  });
});
