// A strategy in strict TypeScript, in an app without Passport's types.

import { IonStrategy } from 'passport-ion';
import type { IonSignIn, IonStrategyOptions } from 'passport-ion';

declare global {
  namespace Express {
    interface User {
      name: string;
    }
  }
}

const options: IonStrategyOptions = {
  clientID: process.env['ION_CLIENT_ID'],
  clientSecret: process.env['ION_CLIENT_SECRET'],
  baseURL: process.env['ION_BASE_URL'],
  callbackURL: '/complete/ion/',
};

export const strategy: IonStrategy = new IonStrategy(
  options,
  ({ profile }: IonSignIn): Express.User => ({ name: profile.displayName }),
);
