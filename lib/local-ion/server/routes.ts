// Finds the endpoint for a path, and the name by which failNext knows the endpoint.

import { apiEndpoint } from '../api/dispatch.js';
import { authorize } from '../oauth/authorize.js';
import { activitiesView, activityView, blocksView, blockView } from '../api/eighth-period.js';
import type { Endpoint } from '../ion-state.js';
import { errorPage } from './pages.js';
import { BadRequest } from './request.js';
import type { LocalResponse } from './response.js';
import { home, login, logout } from '../oauth/login-and-logout.js';
import { personPicture } from '../oauth/person-card.js';
import { pictureView, profileView } from '../api/people.js';
import { introspect, revoke } from '../oauth/revoke-and-introspect.js';
import {
  announcementsView,
  announcementView,
  busesView,
  busView,
  emergencyView,
  scheduleDayView,
  scheduleView,
} from '../api/school.js';
import { indexView } from '../api/index-of-paths.js';
import { searchView } from '../api/search.js';
import { favoritesView, rosterView, signupsView } from '../api/sign-ups.js';
import { token } from '../oauth/token-endpoint.js';

/**
 * The endpoints that {@link LocalIon.failNext} can make fail. `profile` includes `/api/profile` and
 * `/api/profile/<id or username>`. `schedule`, `announcements`, `bus`, `blocks` and `activities` each include
 * the list and its single items. `signups` includes everything below `/api/signups` except the favorites.
 */
export type EndpointName =
  | 'login'
  | 'authorize'
  | 'token'
  | 'revoke'
  | 'introspect'
  | 'profile'
  | 'picture'
  | 'schedule'
  | 'announcements'
  | 'emerg'
  | 'bus'
  | 'search'
  | 'blocks'
  | 'activities'
  | 'signups'
  | 'favorites';

/** A path on the server, and the endpoint that handles it. */
interface Route {
  /** The pattern for the path, whose trailing slash has already been added or removed. */
  readonly path: RegExp;
  readonly name?: EndpointName;
  readonly endpoint: Endpoint;
}

const routes: readonly Route[] = [
  { path: /^\/$/, endpoint: home },
  { path: /^\/login$/, name: 'login', endpoint: login },
  { path: /^\/login\/picture\/(?<person>\d+)$/, endpoint: personPicture },
  { path: /^\/logout$/, endpoint: logout },
  { path: /^\/oauth\/authorize\/$/, name: 'authorize', endpoint: authorize },
  { path: /^\/oauth\/token\/$/, name: 'token', endpoint: token },
  { path: /^\/oauth\/revoke_token\/$/, name: 'revoke', endpoint: revoke },
  { path: /^\/oauth\/introspect\/$/, name: 'introspect', endpoint: introspect },
  { path: /^\/api$/, endpoint: apiEndpoint(indexView) },
  {
    path: /^\/api\/profile(?:\/(?<person>[A-Za-z0-9]+))?$/,
    name: 'profile',
    endpoint: apiEndpoint(profileView),
  },
  {
    path: /^\/api\/profile\/(?<person>[A-Za-z0-9]+)\/picture(?:\/(?<year>[A-Za-z]+))?$/,
    name: 'picture',
    endpoint: apiEndpoint(pictureView),
  },
  { path: /^\/api\/schedule$/, name: 'schedule', endpoint: apiEndpoint(scheduleView) },
  {
    path: /^\/api\/schedule\/(?<date>.*)$/,
    name: 'schedule',
    endpoint: apiEndpoint(scheduleDayView),
  },
  {
    path: /^\/api\/announcements$/,
    name: 'announcements',
    endpoint: apiEndpoint(announcementsView),
  },
  {
    path: /^\/api\/announcements\/(?<id>\d+)$/,
    name: 'announcements',
    endpoint: apiEndpoint(announcementView),
  },
  { path: /^\/api\/emerg$/, name: 'emerg', endpoint: apiEndpoint(emergencyView) },
  { path: /^\/api\/bus$/, name: 'bus', endpoint: apiEndpoint(busesView) },
  { path: /^\/api\/bus\/(?<id>\d+)$/, name: 'bus', endpoint: apiEndpoint(busView) },
  { path: /^\/api\/search\/(?<query>.+)$/, name: 'search', endpoint: apiEndpoint(searchView) },
  { path: /^\/api\/blocks$/, name: 'blocks', endpoint: apiEndpoint(blocksView) },
  { path: /^\/api\/blocks\/(?<id>\d+)$/, name: 'blocks', endpoint: apiEndpoint(blockView) },
  { path: /^\/api\/activities$/, name: 'activities', endpoint: apiEndpoint(activitiesView) },
  {
    path: /^\/api\/activities\/(?<id>\d+)$/,
    name: 'activities',
    endpoint: apiEndpoint(activityView),
  },
  {
    path: /^\/api\/signups\/user(?:\/(?<id>\d+))?$/,
    name: 'signups',
    endpoint: apiEndpoint(signupsView),
  },
  {
    path: /^\/api\/signups\/user\/favorites$/,
    name: 'favorites',
    endpoint: apiEndpoint(favoritesView),
  },
  {
    path: /^\/api\/signups\/scheduled_activity\/(?<id>\d+)$/,
    name: 'signups',
    endpoint: apiEndpoint(rosterView),
  },
];

/** The names that failNext accepts. */
export const endpointNames: ReadonlySet<string> = new Set(routes.flatMap(({ name }) => name ?? []));

/** The endpoint for a path. */
export interface FoundRoute {
  readonly name: EndpointName | undefined;
  readonly endpoint: Endpoint;
  /** The named groups of the route's pattern, percent-decoded. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Finds the endpoint for a path. For an unknown path, returns an endpoint that responds with 404. */
export function findRoute(path: string): FoundRoute {
  for (const { path: pattern, name, endpoint } of routes) {
    const match = pattern.exec(path);
    if (match) return { name, endpoint, parameters: decodeGroups(match.groups ?? {}) };
  }
  return { name: undefined, endpoint: notFound, parameters: {} };
}

// An optional group that matched nothing is undefined, although TypeScript's type for groups says string.
function decodeGroups(
  groups: Readonly<Record<string, string | undefined>>,
): FoundRoute['parameters'] {
  const parameters: Record<string, string> = {};
  for (const [name, value] of Object.entries(groups)) {
    if (value !== undefined) parameters[name] = percentDecode(value);
  }
  return parameters;
}

function percentDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new BadRequest('The path is not correctly percent-encoded.');
  }
}

function notFound(): LocalResponse {
  return errorPage(
    404,
    'Page not found',
    'The local Ion does not have this page. It has login, OAuth and the API, but no OpenID Connect, no registration of applications and none of Ion’s other pages. The API is below /api, such as /api/profile.',
  );
}
