// Sets up the templates in views/. Eta escapes all values, except in tags that begin with <%~.

import path from 'node:path';

import { Eta } from 'eta';
import type { Express } from 'express';

/** The values that every template can use. */
export interface ViewLocals {
  /** What every path begins with, such as `/2027jdoe`. Can be empty. */
  readonly basePath: string;
  /** Whether people sign in with a stand-in for Ion. */
  readonly standIn: boolean;
}

/** Makes `res.render('today', …)` render `views/today.eta`. */
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
