import { IonStrategy } from '../../lib/strategy.js';

/** Makes a strategy for the Ion at `baseURL`, for tests in which no one signs in. */
export function strategyAt(baseURL: string): IonStrategy {
  return new IonStrategy(
    { clientID: 'an-id', clientSecret: 'a-secret', callbackURL: '/complete/ion/', baseURL },
    ({ profile }) => Promise.reject(new Error(`${profile.id} signed in`)),
  );
}
