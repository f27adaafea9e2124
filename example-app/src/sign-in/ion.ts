// Ion: the strategy, who signed in, and the requests that the app makes in their name.

import { IonStrategy } from 'passport-ion';
import type { IonAPI, IonProfile, IonStrategyOptions } from 'passport-ion';

import type { TokenStore } from '../storage/token-store.js';

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- the place where Passport's types look
  namespace Express {
    /** Who is signed in: `req.user`. */
    interface User {
      /** Ion's number for the person: the one to know people by. Names and usernames change. */
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
  /** Ion's API, as this person. */
  api(user: Express.User): IonAPI;
  /** Ends the person's tokens, here and at Ion. */
  forget(user: Express.User): Promise<void>;
}

export function ionFor(options: IonStrategyOptions, tokenStore: TokenStore): Ion {
  const strategy = new IonStrategy(options, async ({ profile, tokens }) => {
    const user = userFrom(profile);
    // Not in the session: of two requests at once, the one that ends last overwrites what the other
    // has put there, and a refresh token that is lost cannot be got again. An app that shows
    // who signed in, and asks Ion for nothing more, leaves this line out.
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

// To let only some people in, give false in place of a user: if (!profile.isStudent) return false;
function userFrom(profile: IonProfile): Express.User {
  const { id, username, displayName, graduationYear } = profile;
  return { id, username, displayName, role: roleOf(profile), graduationYear };
}

// By the type: Ion has a grade for everybody, and calls staff graduates.
function roleOf({ userType, grade }: IonProfile): string {
  const word = userType === 'student' ? (grade?.name ?? 'student') : (userType ?? 'guest');
  return word.charAt(0).toUpperCase() + word.slice(1).replaceAll('_', ' ');
}
