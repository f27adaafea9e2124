// Where the local Ion is not as Ion is, on purpose: the one list.

/** One point in which the local Ion is different. */
export interface Difference {
  /** What it is about. */
  readonly about: string;
  /** What Ion does. */
  readonly ion: string;
  /** What the local Ion does. */
  readonly local: string;
}

/** Every point in which the local Ion differs from Ion on purpose. In all else, a difference is a mistake. */
export const differences: readonly Difference[] = [
  {
    about: 'Passwords',
    ion: 'People log in with username and password.',
    local:
      'People are chosen from a list. The cookies are named local_ion_session and local_ion_csrf, so that they do not get in the way of an app on the same host.',
  },
  {
    about: 'Redirect URIs of the default application, and of any registered without them',
    ion: 'Every redirect URI is registered.',
    local:
      'Any URI on a loopback host is accepted. Give an application redirectURIs to have them compared as on Ion.',
  },
  {
    about: 'OpenID Connect',
    ion: 'Applications may be registered with it: id_token, /oauth/userinfo/, discovery, /oauth/logout/.',
    local:
      'Applications are registered without it. The scope openid fails at the token endpoint as on Ion, with a 500 page that says why; the parameter claims is not looked at; the other paths are 404.',
  },
  {
    about: 'Pages for people',
    ion: 'Registration of applications, the list of authorized tokens, and all the rest of Ion.',
    local: '404. Applications are given to startLocalIon; revokeTokens plays the person.',
  },
  {
    about: 'Pages of 500',
    ion: 'For a NUL in code or client_id, for a broken percent-encoding in the query of /oauth/authorize/, for a grant type of devices, for more than 1,000 parameters in the query of the API, and at times for a code that is exchanged twice at the same moment; or the 400 for that code is JSON labeled text/html.',
    local: 'The OAuth error or the page of 400 that fits. failNext produces a 500 at will.',
  },
  {
    about: 'Refreshes at the same moment',
    ion: 'Requests that truly overlap get one and the same new pair.',
    local: 'No two ever overlap: the first gets the pair, every other one invalid_grant.',
  },
  {
    about: 'The consent page without JavaScript',
    ion: 'Authorize needs JavaScript, and jQuery from code.jquery.com. If either is blocked, the browser comes back with access_denied, as if somebody had pressed Cancel.',
    local: 'The buttons work without JavaScript.',
  },
  {
    about: 'Two applications in one token request',
    ion: 'With oauthlib 4, HTTP Basic of one application beside the client_id of another is a server_error of 400. With oauthlib 3, Basic counts.',
    local: 'Basic counts.',
  },
  {
    about: 'The Host header',
    ion: 'Answers to its own names.',
    local:
      'Answers to localhost, IP addresses and the names in allowHosts; 421 for any other, so that no web page elsewhere can read from it by DNS rebinding.',
  },
  {
    about: 'Requests that no client sends',
    ion: 'Bodies of up to 200 MiB are read; unknown methods get a 405; a consent form with a null character is shown again.',
    local:
      'Bodies of more than 2.5 MiB get a 400; methods that Node does not know get a 400, and so does a null character in the consent form.',
  },
  {
    about: 'Grants',
    ion: 'A password grant with the right password is unauthorized_client.',
    local: 'There are no passwords: always invalid_grant, which Ion gives for a wrong one.',
  },
  {
    about: 'What the API holds',
    ion: 'The days, announcements, buses and activities of the school.',
    local:
      'All of it is made up, and moves with the date: a calendar of four weeks back and ahead, 60 announcements, 4 buses, 8 activities of eighth period. Sign-ups and favorites are real for as long as it runs.',
  },
  {
    about: 'Sign-ups for eighth period',
    ion: 'There are waiting lists, sticky, special and administrative activities, activities that open two days before (presign), and lists of people who may join a restricted activity.',
    local:
      'There are none of these: the flags are false on every activity, and nobody is on the list of a restricted one. A sign-up can be refused because the activity is full, canceled, restricted or once a day, the block is locked, or the person’s grade is over 12.',
  },
  {
    about: 'Search',
    ion: 'Also finds people by middle name and by each of their email addresses; does not find locked accounts.',
    local: 'Nobody has a middle name, everybody has one address, and nobody is locked.',
  },
  {
    about: 'Writing announcements',
    ion: 'Announcement admins may.',
    local: 'Nobody is one: 403, as Ion answers everybody else.',
  },
  {
    about: 'The small print of the API',
    ion: 'Browsers get pages with forms to try it out; OPTIONS also lists the fields to POST; a JSON parse error says where; the index at /api describes each path in Ion’s words.',
    local:
      'Browsers get the data on a page; OPTIONS gives only name, description and types; a JSON parse error does not say where; the index uses other words.',
  },
  {
    about: 'Rights',
    ion: 'Accounts can be locked, and can be without API access.',
    local: 'Everybody has API access; user, alum and service are restricted as on Ion.',
  },
  {
    about: 'Forms as multipart/form-data',
    ion: 'Reads them, at the token endpoint too.',
    local:
      'Refuses them with 400 and a page that says what to send instead. No OAuth client sends one.',
  },
  {
    about: 'Memory',
    ion: 'Nothing is forgotten before cleartokens runs.',
    local:
      'All is forgotten at the end. The oldest of more than 10,000 refresh tokens, 10,000 tokens of client_credentials, 10,000 codes or 1,000 logins are dropped.',
  },
];
