// Which path leads where, and what failNext calls it.

import { apiEndpoint } from './api.js';
import {
  announcementsView,
  announcementView,
  emergencyView,
  pictureView,
  profileView,
  scheduleDayView,
  scheduleView,
} from './api-views.js';
import { authorize } from './authorize.js';
import type { Endpoint } from './ion.js';
import { home, login, loginPicture, logout } from './login.js';
import { introspect, revoke } from './revoke.js';
import { token } from './token.js';

/**
 * The endpoints whose next answer {@link LocalIon.failNext} can make go wrong. `profile` is
 * `/api/profile` and `/api/profile/<id or username>`; `schedule` and `announcements` are the lists
 * and their single items.
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
  | 'emerg';

/** One path of the server. */
export interface Route {
  /** Matches the path with its slash fixed. */
  readonly path: RegExp;
  readonly name?: EndpointName;
  readonly endpoint: Endpoint;
}

/** Every path that there is. */
export const routes: readonly Route[] = [
  { path: /^\/$/, endpoint: home },
  { path: /^\/login$/, name: 'login', endpoint: login },
  { path: /^\/login\/picture\/(?<person>\d+)$/, endpoint: loginPicture },
  { path: /^\/logout$/, endpoint: logout },
  { path: /^\/oauth\/authorize\/$/, name: 'authorize', endpoint: authorize },
  { path: /^\/oauth\/token\/$/, name: 'token', endpoint: token },
  { path: /^\/oauth\/revoke_token\/$/, name: 'revoke', endpoint: revoke },
  { path: /^\/oauth\/introspect\/$/, name: 'introspect', endpoint: introspect },
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
];

/** The names that there are. */
export const endpointNames: ReadonlySet<string> = new Set(routes.flatMap(({ name }) => name ?? []));
