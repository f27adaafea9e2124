// The state that every endpoint of one local Ion works with.

import type { Applications } from '../oauth/applications.js';
import type { Directory } from './directory.js';
import type { EighthPeriod } from './sign-ups.js';
import type { TokenStore } from '../oauth/tokens.js';
import type { LocalResponse, LocalRequest } from '../server/response.js';
import type { Sessions } from '../oauth/sessions.js';

/** One local Ion's state. */
export interface IonState {
  readonly directory: Directory;
  readonly applications: Applications;
  readonly tokens: TokenStore;
  readonly sessions: Sessions;
  readonly eighthPeriod: EighthPeriod;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Answers the requests to one path. */
export type Endpoint = (ion: IonState, request: LocalRequest) => LocalResponse;
