// Shows what the compiler says about a verify function that returns something other than this app's user.

import { IonStrategy } from 'passport-ion';

declare global {
  namespace Express {
    interface User {
      id: string;
      name: string;
    }
  }
}

const options = { clientID: 'lunch', callbackURL: '/complete/ion/' };
new IonStrategy(options, ({ profile }) => ({ id: 7, name: profile.displayName }));
