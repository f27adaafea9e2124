// Lets people log in to the local Ion by choosing a person from a list, and log out.

import type { IonState } from '../ion-state.js';
import { lastValue } from '../server/request.js';
import { empty, methodNotAllowed, redirect } from '../server/response.js';
import type { LocalRequest } from '../server/request.js';
import type { LocalResponse } from '../server/response.js';
import { errorPage, hiddenField, markup, page } from '../server/pages.js';
import { CSRF_FIELD, csrfFailure, getCSRFToken, hasCSRFToken, isUnsafe } from './csrf.js';
import { personCard, pictureAndLabel } from './person-card.js';

/** `/`: shows who is logged in. */
export function home(ion: IonState, request: LocalRequest): LocalResponse {
  const person = ion.sessions.personOf(request);
  const content = person
    ? markup`${personCard(ion, person)}
<p class="actions"><a href="/login">Choose another person</a> <a href="/logout">Log out</a></p>`
    : markup`<p>No one is logged in. An app sends you here to log in, or <a href="/login">log in now</a>.</p>`;
  return page({ title: person ? 'You are logged in' : 'Local Ion', content });
}

/** `/login`: shows a list of people to log in as. */
export function login(ion: IonState, request: LocalRequest): LocalResponse {
  if (request.method === 'GET' || request.method === 'HEAD') return loginPage(ion, request);
  if (isUnsafe(request) && !hasCSRFToken(request)) return csrfFailure();
  const allowed = 'GET, POST, PUT, HEAD, OPTIONS';
  if (request.method === 'OPTIONS') return empty(200, { Allow: allowed });
  if (request.method !== 'POST') return methodNotAllowed(allowed);
  const person = ion.directory.byUsername(lastValue(request.form, 'username') ?? '');
  if (!person) return errorPage(400, 'No one was chosen', 'Go back and choose a person.');
  const next = readNext(lastValue(request.form, 'next'));
  return redirect(next, { 'Set-Cookie': ion.sessions.logIn(request, person) });
}

/** `/logout`: logs the person out. The person's tokens stay valid. */
export function logout(ion: IonState, request: LocalRequest): LocalResponse {
  if (isUnsafe(request) && !hasCSRFToken(request)) return csrfFailure();
  return redirect('/', { 'Set-Cookie': ion.sessions.logOut(request) });
}

function loginPage(ion: IonState, request: LocalRequest): LocalResponse {
  const { token, headers } = getCSRFToken(request);
  const next = readNext(lastValue(request.query, 'next'));
  const choices = ion.directory.entries.map((person) => {
    const { picture, label } = pictureAndLabel(ion, person);
    return markup`<li><button name="username" value="${person.ion_username}">
${picture}
<span>${label}</span>
</button></li>
`;
  });
  return page({
    title: 'Log in as…',
    headers,
    content: markup`<form method="post" action="/login">
${hiddenField(CSRF_FIELD, token)}${hiddenField('next', next)}<ul class="people">
${choices}</ul>
</form>`,
  });
}

// Accepts only a path on this server, so that a link to the login page cannot redirect to another site.
function readNext(next: string | undefined): string {
  return next !== undefined && /^\/(?![/\\])[\x21-\x7e]*$/.test(next) ? next : '/';
}
