// /oauth/authorize/: asks the person for consent, and sends them back to the app with a code or an error.

import {
  readAuthorizationParameters,
  AuthorizationRefusal,
  validateAuthorization,
  refuseByRedirect,
  refuseDuplicates,
} from './authorization-request.js';
import type { ValidAuthorizationRequest } from './authorization-request.js';
import { identifyPerson } from './bearer.js';
import type { DirectoryEntry } from '../data/directory.js';
import { formEncode, formEncodePairs } from '../server/form-encoding.js';
import type { Pairs } from '../server/form-encoding.js';
import type { IonState } from '../ion-state.js';
import { personCard } from './person-card.js';
import { lastValue } from '../server/request.js';
import { empty, methodNotAllowed, redirect } from '../server/response.js';
import type { LocalRequest } from '../server/request.js';
import type { LocalResponse } from '../server/response.js';
import { errorPage, hiddenField, markup, page } from '../server/pages.js';
import { SCOPES } from './scopes.js';
import { CSRF_FIELD, csrfFailure, getCSRFToken, hasCSRFToken, isUnsafe } from './csrf.js';
import { addPairs, iriToURI, splitURI } from './uri.js';

// Ion stores code challenges in a database column of this length, and fails with a 500 if one is longer.
const MAX_CODE_CHALLENGE_LENGTH = 128;

/** The authorization endpoint (RFC 6749, section 3.1). */
export function authorize(ion: IonState, request: LocalRequest): LocalResponse {
  if (isUnsafe(request) && !hasCSRFToken(request)) return csrfFailure();
  const person = identifyPerson(ion, request);
  if (!person) return redirectToLogin(request);
  if (request.method === 'GET' || request.method === 'HEAD') return handleGet(ion, request, person);
  if (request.method === 'POST') return handlePost(ion, request, person);
  const allowed = 'GET, POST, PUT, HEAD, OPTIONS';
  return request.method === 'OPTIONS' ? empty(200, { Allow: allowed }) : methodNotAllowed(allowed);
}

function redirectToLogin(request: LocalRequest): LocalResponse {
  const redirectURI = lastValue(request.query, 'redirect_uri');
  // Quirk of Ion: if no one is logged in and the request has prompt=none, Ion redirects to redirect_uri with
  // the error login_required, without checking the request, not even whether this URI is registered.
  if (lastValue(request.query, 'prompt') === 'none' && redirectURI) {
    const state = lastValue(request.query, 'state');
    return refuse(refuseByRedirect(redirectURI, 'login_required', '', state));
  }
  const search = request.search === '' ? '' : `?${iriToURI(request.search)}`;
  const response = redirect(loginURL(`${request.path}${search}`));
  const isAJAX = request.headers['x-requested-with'] === 'XMLHttpRequest';
  return isAJAX ? { ...response, status: 401 } : response;
}

function loginURL(next: string): string {
  return `/login?next=${formEncode(next, '/')}`;
}

function handleGet(ion: IonState, request: LocalRequest, person: DirectoryEntry): LocalResponse {
  const validated =
    refuseDuplicates(request.search, request.query) ??
    validateAuthorization(readAuthorizationParameters(request.query), ion.applications);
  if (validated instanceof AuthorizationRefusal) return refuse(validated);
  const prompt = lastValue(request.query, 'prompt');
  if (prompt === 'login') return redirect(loginURL(withoutPrompt(request)));
  const namesScopes = lastValue(request.query, 'scope') !== undefined;
  const refused = namesScopes ? refuseOpenID(request, validated) : undefined;
  if (refused) return refused;
  const isApproved =
    validated.application.sanctioned ||
    (lastValue(request.query, 'approval_prompt') === 'auto' &&
      ion.tokens.hasApproved(person, validated.application, validated.scopes));
  return isApproved
    ? approve(ion, request, validated, person)
    : consentPage(ion, request, validated, person);
}

// Ion cannot handle prompt=none with the scope openid, and fails at once if the request names this scope.
// Quirk of Ion: if the request has no `scope`, which means all scopes, including openid, Ion fails only after
// the person has approved.
function refuseOpenID(
  request: LocalRequest,
  authorization: ValidAuthorizationRequest,
): LocalResponse | undefined {
  const prompts = new Set(lastValue(request.query, 'prompt')?.split(/\s+/).filter(Boolean));
  if (!authorization.scopes.includes('openid') || !prompts.has('none')) return undefined;
  if (prompts.size > 1) {
    const problem = 'Prompt none is mutually exclusive with other values.';
    return refuse(
      refuseByRedirect(authorization.redirectURI, 'invalid_request', problem, authorization.state),
    );
  }
  const explanation = 'Ion fails on prompt=none with the scope openid.';
  return errorPage(500, 'Server Error (500)', explanation);
}

// Returns the path and query to return to after a login, without `prompt`, so that prompt=login asks for a
// login only once. Like Ion, also drops empty parameters.
function withoutPrompt(request: LocalRequest): string {
  const last = new Map(request.query.filter(([, value]) => value !== ''));
  last.delete('prompt');
  return `${request.path}?${formEncodePairs([...last])}`;
}

function consentPage(
  ion: IonState,
  request: LocalRequest,
  authorization: ValidAuthorizationRequest,
  person: DirectoryEntry,
): LocalResponse {
  const { token, headers } = getCSRFToken(request);
  const { scheme, authority } = splitURI(authorization.redirectURI);
  const fields = [
    hiddenField(CSRF_FIELD, token),
    hiddenField('redirect_uri', authorization.redirectURI),
    hiddenField('scope', authorization.scopes.join(' ')),
    hiddenField('nonce', lastValue(request.query, 'nonce')),
    hiddenField('client_id', authorization.application.clientID),
    hiddenField('state', authorization.state),
    hiddenField('response_type', 'code'),
    hiddenField('code_challenge', authorization.codeChallenge),
    hiddenField('code_challenge_method', authorization.codeChallengeMethod),
    hiddenField('claims', lastValue(request.query, 'claims')),
  ];
  const scopes = authorization.scopes.map(
    (scope) => markup`<li><code>${scope}</code>: ${SCOPES[scope] ?? scope}</li>\n`,
  );
  const content = markup`${personCard(ion, person)}
<p>The application would like to:</p>
<ul>
${scopes}</ul>
<p class="soft">Either button sends you to ${scheme}://${authority}.</p>
<form id="authorizationForm" method="post">
${fields}<p class="actions">
<button class="first" name="allow" value="Authorize">Authorize</button>
<button>Cancel</button>
</p>
</form>
<p><a href="${loginURL(`${request.path}?${request.search}`)}">Choose another person</a></p>`;
  return page({ title: `Authorize ${authorization.application.name}?`, headers, content });
}

// Like Django, trims the values in a form, and treats an empty field as missing.
function cleanForm(form: Pairs): Pairs {
  return form.map(([name, value]) => [name, value.trim()] as const).filter(([, value]) => value);
}

function handlePost(ion: IonState, request: LocalRequest, person: DirectoryEntry): LocalResponse {
  const form = cleanForm(request.form);
  const parameters = readAuthorizationParameters(form);
  const { clientID, redirectURI, responseType, scope, state } = parameters;
  if (!clientID || !redirectURI || !responseType || !scope || !ion.applications.has(clientID)) {
    return errorPage(400, 'The form is incomplete', 'Go back to your app and sign in again.');
  }
  if (form.some(([, value]) => value.includes('\0'))) {
    return errorPage(
      400,
      'The form has a null character',
      'Ion would show the form again. Go back to your app and sign in again.',
    );
  }
  // Only the Authorize button sends `allow`. Django's form treats any value except "false" as a yes.
  if ((lastValue(form, 'allow') ?? 'false').toLowerCase() === 'false') {
    return refuse(refuseByRedirect(redirectURI, 'access_denied', '', state));
  }
  const validated =
    refuseDuplicates(request.search, request.query) ??
    validateAuthorization(parameters, ion.applications);
  return validated instanceof AuthorizationRefusal
    ? refuse(validated)
    : approve(ion, request, validated, person);
}

function approve(
  ion: IonState,
  request: LocalRequest,
  authorization: ValidAuthorizationRequest,
  person: DirectoryEntry,
): LocalResponse {
  const refused = refuseOpenID(request, authorization);
  if (refused) return refused;
  if ((authorization.codeChallenge ?? '').length > MAX_CODE_CHALLENGE_LENGTH) {
    const explanation = `Ion cannot store a code_challenge of more than ${MAX_CODE_CHALLENGE_LENGTH} characters.`;
    return errorPage(500, 'Server Error (500)', explanation);
  }
  const code = ion.tokens.issueCode({
    application: authorization.application,
    person,
    redirectURI: authorization.redirectURI,
    scope: authorization.scopes.join(' '),
    codeChallenge: authorization.codeChallenge ?? '',
    codeChallengeMethod: authorization.codeChallengeMethod ?? '',
  });
  const pairs: Pairs = [
    ['code', code],
    ...(authorization.state ? [['state', authorization.state] as const] : []),
  ];
  // `fragment` is the only response_mode that Ion supports besides the default.
  const inFragment = lastValue(request.query, 'response_mode') === 'fragment';
  return redirect(
    iriToURI(
      inFragment
        ? `${authorization.redirectURI}#${formEncodePairs(pairs)}`
        : addPairs(authorization.redirectURI, pairs),
    ),
  );
}

function refuse({ error, description, location }: AuthorizationRefusal): LocalResponse {
  if (location === undefined) return errorPage(400, `Error: ${error}`, description);
  // Django responds with a 400 instead of redirecting to a URL that is not http or https.
  if (!/^https?:/i.test(location)) {
    return errorPage(400, 'Bad Request (400)', 'Ion redirects only to http and https URLs.');
  }
  return redirect(iriToURI(location));
}
