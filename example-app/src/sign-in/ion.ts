// Contains all code about Ion: the strategy, how a profile becomes a user, and API requests on behalf of
// that user.

import { CookieStateStore, IonStrategy } from 'passport-ion';
import type { IonAPI, IonProfile, IonStrategyOptions } from 'passport-ion';

import type { TokenStore } from '../store-interfaces.js';

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- Passport's types look here
  namespace Express {
    /** The person who is signed in: `req.user`. */
    interface User {
      /** Ion's number for the person. Identify people by it, because names and usernames can change. */
      id: string;
      username: string | undefined;
      displayName: string;
      /** The person's role at the school, in one word, such as `Junior` or `Teacher`. */
      role: string;
      graduationYear: number | null;
    }
  }
}

/** Everything that the app uses Ion for. */
export interface Ion {
  readonly strategy: IonStrategy;
  /** Returns an API client that sends requests on behalf of this person. */
  api(user: Express.User): IonAPI;
  /** Deletes the person's tokens, and revokes them at Ion. */
  forget(user: Express.User): Promise<void>;
}

export function ionFor(
  options: Omit<IonStrategyOptions, 'store' | 'passReqToCallback'>,
  secret: string,
  tokenStore: TokenStore,
): Ion {
  // While people are at Ion, an encrypted cookie remembers their in-flight sign-in. If the session
  // remembered it, every visitor who only presses the button would take up space in the session store.
  const store = new CookieStateStore({ secret });
  const strategy = new IonStrategy({ ...options, store }, async ({ profile, tokens }) => {
    const user = userFrom(profile);
    // Don't keep tokens in the session: if two requests run at the same time, the request that ends last
    // overwrites what the other request saved, and a lost refresh token cannot be recovered. If your app
    // only shows who is signed in, and does not use Ion's API, you can leave out this line.
    await tokenStore.save(user.id, tokens);
    return user;
  });
  return {
    strategy,
    api: ({ id }) =>
      strategy.api({
        load: () => tokenStore.load(id),
        save: (tokens) => tokenStore.save(id, tokens),
      }),
    async forget({ id }) {
      const tokens = await tokenStore.load(id);
      await tokenStore.delete(id);
      if (tokens) await strategy.revoke(tokens);
    },
  };
}

// To let in only some people, return false in place of a user: if (!profile.isStudent) return false;
function userFrom(profile: IonProfile): Express.User {
  const { id, username, displayName, graduationYear } = profile;
  return { id, username, displayName, role: roleOf(profile), graduationYear };
}

// The grade alone does not show the role, because Ion gives everyone a grade, and gives staff the grade
// `graduate`.
function roleOf({ userType, grade }: IonProfile): string {
  const word = userType === 'student' ? (grade?.name ?? 'student') : (userType ?? 'guest');
  return word.charAt(0).toUpperCase() + word.slice(1).replaceAll('_', ' ');
}
