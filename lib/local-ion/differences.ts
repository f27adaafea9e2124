// The complete list of what the local Ion does differently from Ion on purpose.

/** One thing that the local Ion does differently from Ion. */
export interface Difference {
  /** The subject, in a few words. */
  readonly about: string;
  /** What Ion does. */
  readonly ion: string;
  /** What the local Ion does. */
  readonly local: string;
}

/** Everything that the local Ion does differently on purpose. Any other difference is a bug: please report it. */
export const differences: readonly Difference[] = [
  {
    about: 'Passwords',
    ion: 'People log in with their username and password.',
    local:
      'You choose a person from a list. The cookies are named local_ion_session and local_ion_csrf, so that they do not collide with the cookies of an app on the same host.',
  },
  {
    about: 'Applications without redirectURIs',
    ion: 'Every redirect URI must be registered.',
    local:
      'The default application, and any other without redirectURIs, may use every URI on a loopback host. Give an application redirectURIs to have them compared as on Ion.',
  },
  {
    about: 'OpenID Connect',
    ion: 'Applications may be registered for it: id_token, /oauth/userinfo/, discovery, /oauth/logout/.',
    local:
      'No application is registered for it. The scope openid fails at the token endpoint as on Ion, with a 500 page that says why. The parameter claims is ignored. The other paths are 404.',
  },
  {
    about: 'Pages besides login and consent',
    ion: 'You register applications there, see the tokens you have authorized, and use the rest of Ion.',
    local:
      '404. Pass applications to startLocalIon, and call revokeTokens instead of revoking tokens on the page.',
  },
  {
    about: 'Server errors (500)',
    ion: 'Ion fails on a null character in code or client_id, on broken percent-encoding in the query of /oauth/authorize/, on the grant type for devices, on more than 1,000 parameters in a query of the API, and sometimes when a code is exchanged twice at the same time. In the last case, the response may also be a 400 with JSON labeled text/html.',
    local: 'The OAuth error or 400 page that fits. Use failNext to get a 500.',
  },
  {
    about: 'Simultaneous refreshes',
    ion: 'Requests that really overlap all get the same new pair of tokens.',
    local: 'Requests never overlap: the first gets the new pair, the others get invalid_grant.',
  },
  {
    about: 'The consent page without JavaScript',
    ion: 'Authorize needs JavaScript, and jQuery from code.jquery.com. If either is blocked, the browser comes back with access_denied, as if the person had pressed Cancel.',
    local: 'The buttons work without JavaScript.',
  },
  {
    about: 'Two applications in one token request',
    ion: 'HTTP Basic for one application and the client_id of another in the body: with oauthlib 4, a 400 with server_error. With oauthlib 3, Basic counts.',
    local: 'Basic counts.',
  },
  {
    about: 'The Host header',
    ion: 'Ion responds to its own host names.',
    local:
      'The local Ion responds to localhost, IP addresses and the names in allowHosts. Any other host gets a 421, so that no other website can read from it by DNS rebinding.',
  },
  {
    about: 'Requests that no client sends',
    ion: 'Bodies of up to 200 MiB are read, unknown methods get a 405, and a consent form with a null character is shown again.',
    local:
      'Bodies of more than 2.5 MiB, methods that Node does not know, and a null character in the consent form get a 400.',
  },
  {
    about: 'The password grant',
    ion: 'The right password gets unauthorized_client, a wrong one invalid_grant.',
    local: 'There are no passwords, so every request gets invalid_grant.',
  },
  {
    about: 'Data in the API',
    ion: 'The school’s real days, announcements, buses and activities.',
    local:
      'Made-up data that moves with the date: a calendar of four weeks back and four weeks ahead, 60 announcements, 4 buses, and 8 eighth-period activities. Sign-ups and favorites are kept while it runs.',
  },
  {
    about: 'Sign-ups for eighth period',
    ion: 'There are waitlists, sticky, special and administrative activities, activities that open two days before (presign), and lists of people who may join a restricted activity.',
    local:
      'None of these exist: the flags are false on every activity, and no one is on the list for a restricted one. A sign-up can be refused because the activity is full, canceled, restricted or once a day, the block is locked, or the person’s grade is over 12.',
  },
  {
    about: 'Search',
    ion: 'Ion also finds people by their middle name and by each of their email addresses, and does not find locked accounts.',
    local: 'No one has a middle name, everyone has one email address, and no account is locked.',
  },
  {
    about: 'Writing announcements',
    ion: 'Announcement admins may write them.',
    local:
      'No one is an announcement admin, so everyone gets the 403 that other people get on Ion.',
  },
  {
    about: 'Details of the API',
    ion: 'Browsers get pages with forms to try the API out, OPTIONS lists the fields to POST, a JSON parse error names the position, and the index at /api describes each path in Ion’s words.',
    local:
      'Browsers get a page with the data, OPTIONS has only name, description and types, a JSON parse error names no position, and the index uses other words.',
  },
  {
    about: 'Restricted accounts',
    ion: 'An account can be locked or be without access to the API.',
    local:
      'Everyone has access to the API. People of the types user, alum and service are restricted as on Ion.',
  },
  {
    about: 'Forms as multipart/form-data',
    ion: 'Ion reads them, also at the token endpoint.',
    local: 'They get a 400 and a page that says what to send instead. No OAuth client sends one.',
  },
  {
    about: 'How long data is kept',
    ion: 'Until someone runs the command cleartokens.',
    local:
      'Until it stops. Of more than 10,000 refresh tokens, 10,000 tokens of client_credentials, 10,000 codes or 1,000 logins, it drops the oldest.',
  },
];
