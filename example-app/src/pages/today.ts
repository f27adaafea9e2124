// Shows today's page, with the bell schedule and the announcements, live from Ion's API.

import { Router } from 'express';
import { IonAPIError, schoolDay } from 'passport-ion';
import type { IonAPI } from 'passport-ion';

import { requireSignIn } from '../sign-in/routes.js';
import type { Ion } from '../sign-in/ion.js';
import { cleanName, cleanText } from './ion-html.js';

const MAX_ANNOUNCEMENTS = 10;

/** Creates the page's route. In announcements, links without a host lead to `ionURL`. */
export function todayPage(ion: Ion, ionURL: string): Router {
  const routes = Router();
  routes.get('/today', requireSignIn, async ({ user }, res, next) => {
    // requireSignIn has already checked that someone is signed in, but TypeScript doesn't know.
    if (!user) {
      next();
      return;
    }
    const api = ion.api(user);
    const [day, announcements] = await Promise.all([
      scheduleOf(schoolDay(), api),
      announcementsFrom(api, ionURL),
    ]);
    res.render('today', { title: 'Today', day, announcements });
  });
  return routes;
}

interface Day {
  readonly date: string;
  readonly name: string;
  readonly periods: { readonly name: string; readonly start: string; readonly end: string }[];
}

async function scheduleOf(date: string, api: IonAPI): Promise<Day> {
  const { day_type: type } = await api.get(`/schedule/${date}`);
  return {
    date: inWords(date),
    name: cleanName(type.name),
    periods: type.blocks.map(({ name, start, end }) => ({
      name: cleanName(name),
      start: onTwelveHourClock(start),
      end: onTwelveHourClock(end),
    })),
  };
}

interface Announcement {
  readonly title: string;
  readonly author: string | null;
  readonly content: string;
}

/** Returns null for people who may not see announcements, such as alumni. */
async function announcementsFrom(api: IonAPI, ionURL: string): Promise<Announcement[] | null> {
  try {
    const { results } = await api.get('/announcements');
    return results.slice(0, MAX_ANNOUNCEMENTS).map(({ title, author, content }) => ({
      title,
      author,
      content: cleanText(content, ionURL),
    }));
  } catch (error) {
    if (error instanceof IonAPIError && error.ionStatus === 403) return null;
    throw error;
  }
}

function inWords(date: string): string {
  return new Date(date).toLocaleDateString('en-US', {
    timeZone: 'UTC',
    weekday: 'long',
    month: 'long',
    day: 'numeric',
  });
}

// Ion sends times on the 24-hour clock, such as 13:05.
function onTwelveHourClock(time: string): string {
  const [, hours, minutes] = /^(\d{1,2}):(\d{2})$/.exec(time) ?? [];
  if (hours === undefined || minutes === undefined) return time;
  return `${Number(hours) % 12 || 12}:${minutes} ${Number(hours) < 12 ? 'AM' : 'PM'}`;
}
