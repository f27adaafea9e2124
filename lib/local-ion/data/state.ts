// What every endpoint of one local Ion works on.

import type { Applications } from '../oauth/applications.js';
import type { Directory } from './directory.js';
import type { EighthPeriod } from './sign-ups.js';
import type { Grants } from '../oauth/tokens.js';
import type { IonAnswer, IonRequest } from '../server/response.js';
import type { Sessions } from '../oauth/sessions.js';

/** One local Ion's state. */
export interface Ion {
  readonly directory: Directory;
  readonly applications: Applications;
  readonly grants: Grants;
  readonly sessions: Sessions;
  readonly eighthPeriod: EighthPeriod;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** What answers the requests to one path. */
export type Endpoint = (ion: Ion, request: IonRequest) => IonAnswer;
