// The page of today: the schedule and the announcements, live from Ion's API.

import { Router } from 'express';
import { IonAPIError } from 'passport-ion';
import type { IonAPI } from 'passport-ion';

import { requireLogin } from '../sign-in/routes.js';
import type { Ion } from '../sign-in/ion.js';
import { cleanName, cleanText } from './ion-html.js';

/** `ionURL` is where links in announcements lead that name no host. */
export function todayPage(ion: Ion, ionURL: string): Router {
  const routes = Router();
  routes.get('/today', requireLogin, async ({ user }, res, next) => {
    if (!user) {
      next();
      return;
    }
    const api = ion.api(user);
    const [day, announcements] = await Promise.all([
      scheduleOf(today(), api),
      announcementsFrom(api, ionURL),
    ]);
    res.render('today', { title: 'Today', day, announcements });
  });
  return routes;
}

interface Block {
  readonly name: string;
  readonly start: string;
  readonly end: string;
}

interface Day {
  readonly date: string;
  readonly name: string;
  readonly blocks: readonly Block[];
}

interface Announcement {
  readonly title: string;
  readonly author: string;
  readonly content: string;
}

const MOST_ANNOUNCEMENTS = 10;

async function scheduleOf(date: string, api: IonAPI): Promise<Day> {
  const day = fieldsOf(await api.get(`/schedule/${date}`));
  const type = fieldsOf(day['day_type']);
  return {
    date: inWords(date),
    name: cleanName(textIn(type['name'])),
    blocks: listIn(type['blocks']).map(({ name, start, end }) => ({
      name: cleanName(textIn(name)),
      start: onTheClock(textIn(start)),
      end: onTheClock(textIn(end)),
    })),
  };
}

/** Null for people whom Ion shows none, such as alumni. */
async function announcementsFrom(api: IonAPI, ionURL: string): Promise<Announcement[] | null> {
  try {
    const { results } = fieldsOf(await api.get('/announcements'));
    return listIn(results)
      .slice(0, MOST_ANNOUNCEMENTS)
      .map(({ title, author, content }) => ({
        title: textIn(title),
        author: textIn(author),
        content: cleanText(textIn(content), ionURL),
      }));
  } catch (error) {
    if (error instanceof IonAPIError && error.ionStatus === 403) return null;
    throw error;
  }
}

/** The date at the school, whatever the time zone of this machine: `2026-11-24`. */
function today(): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'America/New_York' }).format();
}

function inWords(date: string): string {
  return new Date(date).toLocaleDateString('en-US', {
    timeZone: 'UTC',
    weekday: 'long',
    month: 'long',
    day: 'numeric',
  });
}

// Ion writes 13:05.
function onTheClock(time: string): string {
  const [, hours, minutes] = /^(\d{1,2}):(\d{2})$/.exec(time) ?? [];
  if (hours === undefined || minutes === undefined) return time;
  return `${Number(hours) % 12 || 12}:${minutes} ${Number(hours) < 12 ? 'AM' : 'PM'}`;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  // The cast: of an object, any key may be asked for.
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function listIn(value: unknown): Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.map(fieldsOf) : [];
}

function textIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
