// The state of one local Ion, which is passed to every endpoint.

import type { Applications } from './oauth/applications.js';
import type { Directory } from './data/directory.js';
import type { EighthPeriod } from './data/eighth-period.js';
import type { IssuedTokens } from './oauth/issued-tokens.js';
import type { LocalRequest } from './server/request.js';
import type { LocalResponse } from './server/response.js';
import type { Sessions } from './oauth/sessions.js';

/** The state of one local Ion. */
export interface IonState {
  readonly directory: Directory;
  readonly applications: Applications;
  readonly tokens: IssuedTokens;
  readonly sessions: Sessions;
  readonly eighthPeriod: EighthPeriod;
  /** Returns the current time in milliseconds since the epoch. */
  readonly now: () => number;
}

/** A function that handles the requests to one path. */
export type Endpoint = (ion: IonState, request: LocalRequest) => LocalResponse;
