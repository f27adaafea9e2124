// Ion: the strategy, the user that is made from a profile, and API requests in that user's name.

import { CookieStateStore, IonStrategy } from 'passport-ion';
import type { IonAPI, IonProfile, IonStrategyOptions } from 'passport-ion';

import type { TokenStore } from '../storage.js';

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- Passport's types look here
  namespace Express {
    /** The person who is signed in: `req.user`. */
    interface User {
      /** Ion's number for the person. Identify people by it: names and usernames change. */
      id: string;
      username: string | undefined;
      displayName: string;
      /** What the person is at the school, in a word: `Junior`, `Teacher`. */
      role: string;
      graduationYear: number | null;
    }
  }
}

/** What the app does with Ion. */
export interface Ion {
  readonly strategy: IonStrategy;
  /** Ion's API, in the name of this person. */
  api(user: Express.User): IonAPI;
  /** Deletes the person's tokens, and revokes them at Ion. */
  forget(user: Express.User): Promise<void>;
}

export function ionFor(
  options: Omit<IonStrategyOptions, 'store' | 'passReqToCallback'>,
  secret: string,
  tokenStore: TokenStore,
): Ion {
  // While people are at Ion, a sealed cookie remembers their sign-in. In the session, each visitor who
  // only presses the button would take up room in the session store.
  const store = new CookieStateStore({ secret });
  const strategy = new IonStrategy({ ...options, store }, async ({ profile, tokens }) => {
    const user = userFrom(profile);
    // Not in the session: if two requests run at once, the one that ends last overwrites what the other
    // put there, and a lost refresh token cannot be recovered. If your app only shows who signed in, and
    // does not use Ion's API, leave this line out.
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

// To let only some people in, return false instead of a user: if (!profile.isStudent) return false;
function userFrom(profile: IonProfile): Express.User {
  const { id, username, displayName, graduationYear } = profile;
  return { id, username, displayName, role: roleOf(profile), graduationYear };
}

// The grade alone is not enough: Ion gives everybody one, and calls staff graduates.
function roleOf({ userType, grade }: IonProfile): string {
  const word = userType === 'student' ? (grade?.name ?? 'student') : (userType ?? 'guest');
  return word.charAt(0).toUpperCase() + word.slice(1).replaceAll('_', ' ');
}
