// Made-up announcements for /api/announcements, with the kinds of HTML that people write on Ion.

import { daysAfter, dayOf, timeOn } from './new-york-time.js';

/** An announcement as Ion's API shows it, without its URL. */
export interface Announcement {
  readonly id: number;
  readonly title: string;
  /** HTML that has not been sanitized. */
  readonly content: string;
  readonly author: string;
  /** The id of the person who posted it. */
  readonly user: number | null;
  /** When it was posted, in UTC, such as `2026-11-25T11:37:05.591195Z`. */
  readonly added: string;
  readonly updated: string;
  readonly groups: readonly number[];
  readonly pinned: boolean;
}

interface Draft {
  readonly title: string;
  readonly content: string;
  readonly author: string;
  readonly daysAgo: number;
  readonly time: string;
  readonly pinned?: boolean;
}

// Sorted from newest to oldest. The third has malicious HTML, to show that apps must sanitize announcements.
const DRAFTS: readonly Draft[] = [
  {
    title: 'Eighth period sign-ups',
    content: '<p>Sign up for <strong>8A</strong> &amp; <strong>8B</strong> by Tuesday.</p>',
    author: 'Eighth Period Office',
    daysAgo: 1,
    time: '08:15:00',
    pinned: true,
  },
  {
    title: 'Bake sale – “Kuchen & Baklava”',
    content:
      '<p>In the commons, all week. Ask <a href="mailto:2028znunez@tjhsst.edu">Zoë</a>.<br>Bring cash.</p>',
    author: 'Zoë Núñez-Łukasik',
    daysAgo: 2,
    time: '12:00:00',
  },
  {
    title: 'An announcement <b>not</b> to be trusted',
    content:
      '<p onclick="alert(1)">Click me</p><script>alert(2)</script><a href="javascript:alert(3)">or me</a><img src=x onerror=alert(4)>',
    author: "José O'Teach",
    daysAgo: 3,
    time: '16:30:00',
  },
  ...olderOnes(),
];

// Returns enough older announcements that the list needs a second page.
function olderOnes(): readonly Draft[] {
  return Array.from({ length: 57 }, (_, index) => ({
    title: `Lunch of the week, no. ${57 - index}`,
    content: '<p>Pasta, and <em>no one knows</em> what else.</p>',
    author: 'The Cafeteria',
    daysAgo: 7 * (index + 1),
    time: '07:45:00',
  }));
}

/** Returns the announcements as of `now`. `author` is the id of the person who posted them. */
export function announcementsAt(now: number, author: number | null): readonly Announcement[] {
  const today = dayOf(now);
  return DRAFTS.map((draft, index) => {
    const posted = timeOn(daysAfter(today, -draft.daysAgo), draft.time);
    const added = utcTime(posted, (index * 591_195) % 1_000_000);
    return {
      id: DRAFTS.length - index,
      title: draft.title,
      content: draft.content,
      author: draft.author,
      user: author,
      added,
      updated: added,
      groups: [],
      pinned: draft.pinned ?? false,
    };
  });
}

// Like Django, leaves out the fraction of a second if it is zero.
function utcTime(milliseconds: number, microseconds: number): string {
  const fraction = microseconds === 0 ? '' : `.${String(microseconds).padStart(6, '0')}`;
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, `${fraction}Z`);
}
