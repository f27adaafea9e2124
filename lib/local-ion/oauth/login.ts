// Logging in to the local Ion, which is choosing a person, and out of it.

import type { DirectoryEntry } from '../data/directory.js';
import type { IonState } from '../data/state.js';
import { empty, methodNotAllowed, redirect, valueOf } from '../server/response.js';
import type { LocalResponse, LocalRequest } from '../server/response.js';
import { errorPage, hiddenField, markup, page } from '../server/pages.js';
import type { SafeHTML } from '../server/pages.js';
import { fullNameOf, gradeOf } from '../data/directory.js';
import { portraitOf } from '../data/portraits.js';
import { CSRF_FIELD, csrfToken, isFromOwnForm, mayChange } from './sessions.js';

/** `/`: who is logged in here. */
export function home(ion: IonState, request: LocalRequest): LocalResponse {
  const person = ion.sessions.personOf(request);
  const content = person
    ? markup`${personCard(ion, person)}
<p class="actions"><a href="/login">Choose somebody else</a> <a href="/logout">Log out</a></p>`
    : markup`<p>Nobody is logged in. An app sends you here to log in, or <a href="/login">log in now</a>.</p>`;
  return page({ title: person ? 'You are logged in' : 'Local Ion', content });
}

/** `/login`: a list of people to be. */
export function login(ion: IonState, request: LocalRequest): LocalResponse {
  if (request.method === 'GET' || request.method === 'HEAD') return chooser(ion, request);
  if (mayChange(request) && !isFromOwnForm(request)) return csrfRefusal();
  const allowed = 'GET, POST, PUT, HEAD, OPTIONS';
  if (request.method === 'OPTIONS') return empty(200, { Allow: allowed });
  if (request.method !== 'POST') return methodNotAllowed(allowed);
  const person = ion.directory.byUsername(valueOf(request.form, 'username') ?? '');
  if (!person) return errorPage(400, 'Nobody was chosen', 'Go back, and choose a person.');
  const next = nextIn(valueOf(request.form, 'next'));
  return redirect(next, { 'Set-Cookie': ion.sessions.logIn(request, person) });
}

/** `/logout`: the login ends; every token stays valid. */
export function logout(ion: IonState, request: LocalRequest): LocalResponse {
  if (mayChange(request) && !isFromOwnForm(request)) return csrfRefusal();
  return redirect('/', { 'Set-Cookie': ion.sessions.logOut(request) });
}

/** `/login/picture/<id>`: the pictures of the list, which need no token here. */
export function loginPicture(ion: IonState, request: LocalRequest): LocalResponse {
  const person = ion.directory.find(request.parameters['person'] ?? '');
  if (!person) return empty(404);
  return { status: 200, headers: { 'Content-Type': 'image/png' }, body: portraitOf(person) };
}

/** Django's answer to a form that came from elsewhere. */
export function csrfRefusal(): LocalResponse {
  return errorPage(
    403,
    'CSRF verification failed',
    'This form does not come from a page that this browser got from here, or cookies are blocked. Start again from your app.',
  );
}

/** A person with picture, name, username and kind. */
export function personCard(ion: IonState, person: DirectoryEntry): SafeHTML {
  return markup`<div class="person"><img src="/login/picture/${person.id}" alt="" width="48" height="64">
<p><b>${fullNameOf(person)}</b> <small>${person.ion_username}, ${kindOf(ion, person)}</small></p></div>`;
}

function chooser(ion: IonState, request: LocalRequest): LocalResponse {
  const { token, headers } = csrfToken(request);
  const next = nextIn(valueOf(request.query, 'next'));
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
  const isPupil = person.user_type === 'student' && grade.number >= 9 && grade.number <= 12;
  const kind = isPupil ? `${grade.name}, ${person.user_type}` : person.user_type;
  return person.is_eighth_admin ? `${kind}, eighth-period admin` : kind;
}

// Only ever a path of this server.
function nextIn(next: string | undefined): string {
  return next !== undefined && /^\/(?![/\\])[\x21-\x7e]*$/.test(next) ? next : '/';
}
