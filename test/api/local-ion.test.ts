// Tests IonAPI with the local Ion, starting with a sign-in.

import { IonAPIError } from '../../lib/errors.js';
import { useAPIAtLocalIon } from '../support/api-at-local-ion.js';

const site = useAPIAtLocalIon();

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

describe('IonAPI, with the local Ion', () => {
  it("reads the person's own profile", async () => {
    const api = await site.apiOf('2028znunez');

    await expect(api.profile()).resolves.toMatchObject({
      username: '2028znunez',
      displayName: 'Zoë Núñez-Łukasik',
      userType: 'student',
    });
  });

  it('reads the schedule of a day, and of the days from today on, page by page', async () => {
    const api = await site.apiOf('2027jdoe');
    const [today, tomorrow] = await all(
      firstOf(2, api.pages<{ date: string; day_type: { name: string } }>('/schedule')),
    );

    expect(today?.date).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(tomorrow?.date).not.toBe(today?.date);
    await expect(api.get(`/schedule/${today?.date ?? ''}`)).resolves.toStrictEqual(today);
    expect(site.log.filter((line) => line.includes('/api/schedule '))).toHaveLength(2);
  });

  it('reads the announcements, and each of them by its URL', async () => {
    const api = await site.apiOf('2027jdoe');
    const announcements = await all(api.pages<{ url: string; title: string }>('/announcements'));

    expect(announcements.length).toBeGreaterThan(1);
    for (const { url, title } of announcements) {
      await expect(api.get(url)).resolves.toMatchObject({ title });
    }
  });

  it("reads the person's own picture, other people's, and those of other years", async () => {
    const api = await site.apiOf('2027jdoe');
    const { id } = await api.profile();
    const own = await api.picture();

    expect(own.contentType).toBe('image/png');
    expect(own.data.subarray(1, 4).toString()).toBe('PNG');
    expect((await api.picture(id)).data.equals(own.data)).toBe(true);
    expect((await api.picture('2027jdoe')).data.equals(own.data)).toBe(true);
    expect((await api.picture('2028znunez')).data.equals(own.data)).toBe(false);
    await expect(api.picture('jteacher', { year: 'staff' })).resolves.toBeDefined();
  });

  it.each([
    ['/profile/99999', 404, 'Object does not exist (in database).'],
    ['/nothing', 404, undefined],
    ['/schedule/yesterday', 400, undefined],
  ])('throws IonAPIError for %s: %i', async (path, status, detail) => {
    const error: unknown = await (await site.apiOf('2027jdoe')).get(path).catch((e: unknown) => e);

    expect(error).toBeInstanceOf(IonAPIError);
    expect(error).toMatchObject({ ionStatus: status });
    if (detail !== undefined) expect(error).toMatchObject({ detail });
  });

  it('throws IonAPIError for a POST to a path that does not accept it', async () => {
    const api = await site.apiOf('2027jdoe');

    await expect(api.post('/profile', { json: {} })).rejects.toMatchObject({
      code: 'ERR_ION_API',
      ionStatus: 405,
      detail: 'Method "POST" not allowed.',
    });
  });
});

async function* firstOf<T>(count: number, items: AsyncIterable<T>): AsyncGenerator<T> {
  let left = count;
  for await (const item of items) {
    yield item;
    left -= 1;
    if (left === 0) return;
  }
}
