// The API view that lists every path of the API, each with an example.

import type { View } from './view.js';

/** The view for `/api`. Its response has the same structure as Ion's. */
export const indexView: View = {
  name: 'Api Root',
  description: 'The paths of the API, each with an example.',
  methods: ['OPTIONS', 'GET'],
  permits: () => true,
  get: (_ion, request) => {
    const paths = (
      entries: readonly (readonly [pattern: string, description: string, example: string])[],
    ): object =>
      Object.fromEntries(
        entries.map(([pattern, description, example]) => [
          pattern,
          [description, `${request.origin}/api${example}`],
        ]),
      );
    return {
      data: {
        Schedule: paths([
          ['/schedule', 'Today’s schedule', '/schedule'],
          ['/schedule?page_size=<num>', 'The next days', '/schedule?page_size=7'],
          ['/schedule/<date>', 'One day, as YYYY-MM-DD', '/schedule/2026-11-25'],
        ]),
        Announcements: paths([
          ['/announcements', 'All announcements', '/announcements'],
          ['/announcements/<pk>', 'One announcement', '/announcements/60'],
        ]),
        'Emergency Announcements': paths([['/emerg', 'Whether the school is closed', '/emerg']]),
        Profile: paths([
          ['/profile', 'Your profile', '/profile'],
          ['/profile/<pk>', 'A profile by id', '/profile/6'],
          ['/profile/<username>', 'A profile by username', '/profile/2027jdoe'],
          ['/profile/<pk>/picture', 'A picture by id', '/profile/6/picture'],
          ['/profile/<username>/picture', 'A picture by username', '/profile/2027jdoe/picture'],
        ]),
        Search: paths([['/search/<query>', 'A search for people', '/search/last:Doe']]),
        Blocks: paths([
          ['/blocks', 'All blocks', '/blocks'],
          [
            '/blocks?start_date=<start_date>',
            'The blocks from a day on',
            '/blocks?start_date=2026-11-25',
          ],
          ['/blocks?date=<date>', 'The blocks of a day', '/blocks?date=2026-11-25'],
          ['/blocks/<pk>', 'One block, with its activities', '/blocks/5040'],
        ]),
        Activities: paths([
          ['/activities', 'All activities', '/activities'],
          ['/activities/<pk>', 'One activity', '/activities/1'],
        ]),
        Signups: paths([
          ['/signups/user', 'Your sign-ups, or a new one', '/signups/user'],
          ['/signups/user/<user_id>', 'The sign-ups of a person', '/signups/user/6'],
          ['/signups/user/favorites', 'Your favorite activities', '/signups/user/favorites'],
          [
            '/signups/scheduled_activity/<scheduled_activity_id>',
            'Who has signed up for an activity on a block',
            '/signups/scheduled_activity/504001',
          ],
        ]),
        Bus: paths([
          ['/bus', 'All bus routes', '/bus'],
          ['/bus/<pk>', 'One bus route', '/bus/1'],
        ]),
      },
    };
  },
};
