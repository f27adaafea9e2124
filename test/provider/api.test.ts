// Tests requests to the API of the Django site, which checks the tokens with django-oauth-toolkit.

import type { IonAPI } from 'passport-ion';

import { site, tokensOf } from './app-at-django.js';

describe('the API of the Django site', () => {
  async function apiOf(as?: string): Promise<IonAPI> {
    const { app, tokens } = await tokensOf(as);
    return app.strategy.api(tokens);
  }

  it('gives the schedule, announcements page by page, the profile and a picture', async () => {
    const api = await apiOf();
    expect(await api.get('/schedule')).toMatchObject({ results: [{ date: '2026-11-24' }] });
    const titles: unknown[] = [];
    for await (const { title } of api.pages<{ title: string }>('/announcements'))
      titles.push(title);
    expect(titles).toHaveLength(53);
    expect(titles.slice(0, 2)).toEqual(['Lunch', 'Ünïcödé']);
    const dates: unknown[] = [];
    for await (const { date } of api.pages<{ date: string }>('/schedule')) dates.push(date);
    expect(dates).toHaveLength(14);
    expect((await api.profile()).displayName).toBe('Zoë Núñez-Łukasik');
    const picture = await api.picture();
    expect(picture.contentType).toBe('image/jpeg');
    // If a person has no photo, Ion sends a PNG labeled as JPEG, so the library looks at the bytes.
    expect((await api.picture('nonames')).contentType).toBe('image/png');
  });

  it.each([
    ['2028znunez', '/profile/nobody', { ionStatus: 404 }],
    ['2020aalum', '/announcements', { ionStatus: 403 }],
    ['2028znunez', '/schedule/tomorrow', { ionStatus: 400 }],
  ])('refuses %s %s, and the token stays good', async (as, path, error) => {
    const api = await apiOf(as);
    await expect(api.get(path)).rejects.toMatchObject({ name: 'IonAPIError', ...error });
    expect((await api.profile()).username).toBe(as);
    expect(await site.countRefreshTokens()).toBe(1);
  });
});
