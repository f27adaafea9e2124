// /oauth/authorize/: asks the person, and sends them back with a code or an error.

import {
  authorizationParametersIn,
  AuthorizationRefusal,
  judgeAuthorization,
  refusalByRedirect,
  refuseDuplicates,
} from './authorization-request.js';
import type { ValidAuthorizationRequest } from './authorization-request.js';
import { personKnown } from './bearer.js';
import type { DirectoryEntry } from '../data/directory.js';
import {
  formEncode,
  formEncodePairs,
  iriToURI,
  uriParts,
  withPairs,
} from '../server/form-encoding.js';
import type { Pairs } from '../server/form-encoding.js';
import type { IonState } from '../data/state.js';
import { csrfRefusal, personCard } from './login.js';
import { empty, methodNotAllowed, redirect, valueOf } from '../server/response.js';
import type { LocalResponse, LocalRequest } from '../server/response.js';
import { errorPage, hiddenField, markup, page } from '../server/pages.js';
import { SCOPES } from './scopes.js';
import { CSRF_FIELD, csrfToken, isFromOwnForm, mayChange } from './sessions.js';

// The width of the column in Ion's database.
const MAX_CODE_CHALLENGE = 128;

/** The authorization endpoint (RFC 6749, section 3.1). */
export function authorize(ion: IonState, request: LocalRequest): LocalResponse {
  if (mayChange(request) && !isFromOwnForm(request)) return csrfRefusal();
  const person = personKnown(ion, request);
  if (!person) return askForLogin(request);
  if (request.method === 'GET' || request.method === 'HEAD') return ask(ion, request, person);
  if (request.method === 'POST') return decide(ion, request, person);
  const allowed = 'GET, POST, PUT, HEAD, OPTIONS';
  return request.method === 'OPTIONS' ? empty(200, { Allow: allowed }) : methodNotAllowed(allowed);
}

function askForLogin(request: LocalRequest): LocalResponse {
  const redirectURI = valueOf(request.query, 'redirect_uri');
  // Trap of Ion's: nothing has been checked yet, redirect_uri neither.
  if (valueOf(request.query, 'prompt') === 'none' && redirectURI) {
    const state = valueOf(request.query, 'state');
    return refuse(refusalByRedirect(redirectURI, 'login_required', '', state));
  }
  const search = request.search === '' ? '' : `?${iriToURI(request.search)}`;
  const answer = redirect(loginURL(`${request.path}${search}`));
  const isAJAX = request.headers['x-requested-with'] === 'XMLHttpRequest';
  return isAJAX ? { ...answer, status: 401 } : answer;
}

function loginURL(next: string): string {
  return `/login?next=${formEncode(next, '/')}`;
}

function ask(ion: IonState, request: LocalRequest, person: DirectoryEntry): LocalResponse {
  const judged =
    refuseDuplicates(request.search, request.query) ??
    judgeAuthorization(authorizationParametersIn(request.query), ion.applications);
  if (judged instanceof AuthorizationRefusal) return refuse(judged);
  const prompt = valueOf(request.query, 'prompt');
  if (prompt === 'login') return redirect(loginURL(withoutPrompt(request)));
  const namesScopes = valueOf(request.query, 'scope') !== undefined;
  const refused = namesScopes ? refuseOpenID(request, judged) : undefined;
  if (refused) return refused;
  const isApproved =
    judged.application.sanctioned ||
    (valueOf(request.query, 'approval_prompt') === 'auto' &&
      ion.tokens.hasApproved(person, judged.application, judged.scopes));
  return isApproved
    ? approve(ion, request, judged, person)
    : consentPage(ion, request, judged, person);
}

// Trap of Ion's: without a scope in the request, openid is among those that it fills in, but is not
// looked at before somebody approves.
function refuseOpenID(
  request: LocalRequest,
  asked: ValidAuthorizationRequest,
): LocalResponse | undefined {
  const prompts = new Set(valueOf(request.query, 'prompt')?.split(/\s+/).filter(Boolean));
  if (!asked.scopes.includes('openid') || !prompts.has('none')) return undefined;
  if (prompts.size > 1) {
    const problem = 'Prompt none is mutually exclusive with other values.';
    return refuse(refusalByRedirect(asked.redirectURI, 'invalid_request', problem, asked.state));
  }
  const explanation = 'Ion cannot answer prompt=none with the scope openid.';
  return errorPage(500, 'Server Error (500)', explanation);
}

// Ion writes the query anew here, and drops what is empty.
function withoutPrompt(request: LocalRequest): string {
  const last = new Map(request.query.filter(([, value]) => value !== ''));
  last.delete('prompt');
  return `${request.path}?${formEncodePairs([...last])}`;
}

function consentPage(
  ion: IonState,
  request: LocalRequest,
  asked: ValidAuthorizationRequest,
  person: DirectoryEntry,
): LocalResponse {
  const { token, headers } = csrfToken(request);
  const { scheme, authority } = uriParts(asked.redirectURI);
  const fields = [
    hiddenField(CSRF_FIELD, token),
    hiddenField('redirect_uri', asked.redirectURI),
    hiddenField('scope', asked.scopes.join(' ')),
    hiddenField('nonce', valueOf(request.query, 'nonce')),
    hiddenField('client_id', asked.application.clientID),
    hiddenField('state', asked.state),
    hiddenField('response_type', 'code'),
    hiddenField('code_challenge', asked.codeChallenge),
    hiddenField('code_challenge_method', asked.codeChallengeMethod),
    hiddenField('claims', valueOf(request.query, 'claims')),
  ];
  const scopes = asked.scopes.map(
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
<p><a href="${loginURL(`${request.path}?${request.search}`)}">Be somebody else</a></p>`;
  return page({ title: `Authorize ${asked.application.name}?`, headers, content });
}

// Django strips the white space around what a form holds, and takes an empty field for none.
function cleaned(form: Pairs): Pairs {
  return form.map(([name, value]) => [name, value.trim()] as const).filter(([, value]) => value);
}

function decide(ion: IonState, request: LocalRequest, person: DirectoryEntry): LocalResponse {
  const form = cleaned(request.form);
  const parameters = authorizationParametersIn(form);
  const { clientID, redirectURI, responseType, scope, state } = parameters;
  if (!clientID || !redirectURI || !responseType || !scope || !ion.applications.has(clientID)) {
    return errorPage(400, 'The form is incomplete', 'Start again from your app.');
  }
  if (form.some(([, value]) => value.includes('\0'))) {
    return errorPage(400, 'The form has a null character', 'Ion would show the form again.');
  }
  // Any button but one named so is a yes to Django.
  if ((valueOf(form, 'allow') ?? 'false').toLowerCase() === 'false') {
    return refuse(refusalByRedirect(redirectURI, 'access_denied', '', state));
  }
  const judged =
    refuseDuplicates(request.search, request.query) ??
    judgeAuthorization(parameters, ion.applications);
  return judged instanceof AuthorizationRefusal
    ? refuse(judged)
    : approve(ion, request, judged, person);
}

function approve(
  ion: IonState,
  request: LocalRequest,
  asked: ValidAuthorizationRequest,
  person: DirectoryEntry,
): LocalResponse {
  const refused = refuseOpenID(request, asked);
  if (refused) return refused;
  if ((asked.codeChallenge ?? '').length > MAX_CODE_CHALLENGE) {
    const explanation = `Ion cannot store a code_challenge of more than ${MAX_CODE_CHALLENGE} characters.`;
    return errorPage(500, 'Server Error (500)', explanation);
  }
  const code = ion.tokens.issueCode({
    application: asked.application,
    person,
    redirectURI: asked.redirectURI,
    scope: asked.scopes.join(' '),
    codeChallenge: asked.codeChallenge ?? '',
    codeChallengeMethod: asked.codeChallengeMethod ?? '',
  });
  const pairs: Pairs = [['code', code], ...(asked.state ? [['state', asked.state] as const] : [])];
  // The one response mode that Ion knows besides the usual.
  const inFragment = valueOf(request.query, 'response_mode') === 'fragment';
  return redirect(
    iriToURI(
      inFragment
        ? `${asked.redirectURI}#${formEncodePairs(pairs)}`
        : withPairs(asked.redirectURI, pairs),
    ),
  );
}

function refuse({ error, description, location }: AuthorizationRefusal): LocalResponse {
  if (location === undefined) return errorPage(400, `Error: ${error}`, description);
  // Django follows no other scheme from here.
  if (!/^https?:/i.test(location)) {
    return errorPage(400, 'Bad Request (400)', 'Ion does not redirect to such a URL.');
  }
  return redirect(iriToURI(location));
}
