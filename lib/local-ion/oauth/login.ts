// Logging in to the local Ion, by choosing a person from a list, and logging out.

import type { DirectoryEntry } from '../data/directory.js';
import type { IonState } from '../ion-state.js';
import { lastValue } from '../server/request.js';
import { empty, methodNotAllowed, redirect } from '../server/response.js';
import type { LocalRequest } from '../server/request.js';
import type { LocalResponse } from '../server/response.js';
import { errorPage, hiddenField, markup, page } from '../server/pages.js';
import type { SafeHTML } from '../server/pages.js';
import { fullNameOf, gradeOf } from '../data/directory.js';
import { portraitOf } from '../data/portraits.js';
import { CSRF_FIELD, getCSRFToken, hasCSRFToken, isUnsafe } from './sessions.js';

/** `/`: shows who is logged in. */
export function home(ion: IonState, request: LocalRequest): LocalResponse {
  const person = ion.sessions.personOf(request);
  const content = person
    ? markup`${personCard(ion, person)}
<p class="actions"><a href="/login">Choose another person</a> <a href="/logout">Log out</a></p>`
    : markup`<p>Nobody is logged in. An app sends you here to log in, or <a href="/login">log in now</a>.</p>`;
  return page({ title: person ? 'You are logged in' : 'Local Ion', content });
}

/** `/login`: a list of people to log in as. */
export function login(ion: IonState, request: LocalRequest): LocalResponse {
  if (request.method === 'GET' || request.method === 'HEAD') return loginPage(ion, request);
  if (isUnsafe(request) && !hasCSRFToken(request)) return csrfFailure();
  const allowed = 'GET, POST, PUT, HEAD, OPTIONS';
  if (request.method === 'OPTIONS') return empty(200, { Allow: allowed });
  if (request.method !== 'POST') return methodNotAllowed(allowed);
  const person = ion.directory.byUsername(lastValue(request.form, 'username') ?? '');
  if (!person) return errorPage(400, 'Nobody was chosen', 'Go back and choose a person.');
  const next = readNext(lastValue(request.form, 'next'));
  return redirect(next, { 'Set-Cookie': ion.sessions.logIn(request, person) });
}

/** `/logout`: ends the login. The person's tokens stay valid. */
export function logout(ion: IonState, request: LocalRequest): LocalResponse {
  if (isUnsafe(request) && !hasCSRFToken(request)) return csrfFailure();
  return redirect('/', { 'Set-Cookie': ion.sessions.logOut(request) });
}

/** `/login/picture/<id>`: the pictures on the login page. Unlike the API's, they need no token. */
export function loginPicture(ion: IonState, request: LocalRequest): LocalResponse {
  const person = ion.directory.find(request.parameters['person'] ?? '');
  if (!person) return empty(404);
  return { status: 200, headers: { 'Content-Type': 'image/png' }, body: portraitOf(person) };
}

/** Django's response to a form without the right CSRF token. */
export function csrfFailure(): LocalResponse {
  return errorPage(
    403,
    'CSRF verification failed',
    'This form was not sent from a page of this server, or cookies are blocked. Go back to your app and sign in again.',
  );
}

/** Shows a person: picture, name, username and kind. */
export function personCard(ion: IonState, person: DirectoryEntry): SafeHTML {
  return markup`<div class="person"><img src="/login/picture/${person.id}" alt="" width="48" height="64">
<p><b>${fullNameOf(person)}</b> <small>${person.ion_username}, ${kindOf(ion, person)}</small></p></div>`;
}

function loginPage(ion: IonState, request: LocalRequest): LocalResponse {
  const { token, headers } = getCSRFToken(request);
  const next = readNext(lastValue(request.query, 'next'));
  const choices = ion.directory.entries.map(
    (person) => markup`<li><button name="username" value="${person.ion_username}">
<img src="/login/picture/${person.id}" alt="" width="48" height="64">
<span><b>${fullNameOf(person)}</b> <small>${person.ion_username}, ${kindOf(ion, person)}</small></span>
</button></li>
`,
  );
  return page({
    title: 'Log in as…',
    headers,
    content: markup`<form method="post" action="/login">
${hiddenField(CSRF_FIELD, token)}${hiddenField('next', next)}<ul class="people">
${choices}</ul>
</form>`,
  });
}

function kindOf(ion: IonState, person: DirectoryEntry): string {
  const grade = gradeOf(person, ion.now());
  const isCurrentStudent =
    person.user_type === 'student' && grade.number >= 9 && grade.number <= 12;
  const kind = isCurrentStudent ? `${grade.name}, ${person.user_type}` : person.user_type;
  return person.is_eighth_admin ? `${kind}, eighth-period admin` : kind;
}

// Only a path on this server, so that a link to the login page cannot lead to another site.
function readNext(next: string | undefined): string {
  return next !== undefined && /^\/(?![/\\])[\x21-\x7e]*$/.test(next) ? next : '/';
}
