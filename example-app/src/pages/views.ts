// The views: templates in views/, in which every value is escaped unless the tag says otherwise.

import path from 'node:path';

import { Eta } from 'eta';
import type { Express } from 'express';

/** What every page shows besides its own. */
export interface ViewLocals {
  /** Goes before every path: `/2027jdoe`, or empty. */
  readonly basePath: string;
  /** Whether people sign in at a stand-in rather than at Ion. */
  readonly standIn: boolean;
}

/** Has `res.render('today', …)` show `views/today.eta`. */
export function useViews(app: Express, locals: ViewLocals, production: boolean): void {
  const views = path.join(__dirname, '../../views');
  const eta = new Eta({ views, cache: production });
  app.engine('eta', (file, data, done) => {
    try {
      done(null, eta.render(`./${path.basename(file)}`, data));
    } catch (error) {
      done(error);
    }
  });
  app.set('views', views);
  app.set('view engine', 'eta');
  app.set('view cache', production);
  Object.assign(app.locals, locals);
}
