// Shows a person on a page: the picture, the name, the username, and whether they are a student, teacher, etc.

import { fullNameOf, gradeOf } from '../data/person-rules.js';
import type { DirectoryEntry } from '../data/directory.js';
import { portraitOf } from '../data/portraits.js';
import type { IonState } from '../ion-state.js';
import { markup } from '../server/pages.js';
import type { SafeHTML } from '../server/pages.js';
import type { LocalRequest } from '../server/request.js';
import { empty } from '../server/response.js';
import type { LocalResponse } from '../server/response.js';

/** Renders a box that shows the person who is logged in. */
export function personCard(ion: IonState, person: DirectoryEntry): SafeHTML {
  const { picture, label } = pictureAndLabel(ion, person);
  return markup`<div class="person">${picture}
<p>${label}</p></div>`;
}

/** Renders the person's picture, and a label with their name, username and kind, such as `teacher`. */
export function pictureAndLabel(
  ion: IonState,
  person: DirectoryEntry,
): { readonly picture: SafeHTML; readonly label: SafeHTML } {
  return {
    picture: markup`<img src="/login/picture/${person.id}" alt="" width="48" height="64">`,
    label: markup`<b>${fullNameOf(person)}</b> <small>${person.ion_username}, ${kindOf(ion, person)}</small>`,
  };
}

function kindOf(ion: IonState, person: DirectoryEntry): string {
  const grade = gradeOf(person, ion.now());
  const isCurrentStudent =
    person.user_type === 'student' && grade.number >= 9 && grade.number <= 12;
  const kind = isCurrentStudent ? `${grade.name}, ${person.user_type}` : person.user_type;
  return person.is_eighth_admin ? `${kind}, eighth-period admin` : kind;
}

/** `/login/picture/<id>`: sends a person's picture for a page. Unlike in the API, this does not need a token. */
export function personPicture(ion: IonState, request: LocalRequest): LocalResponse {
  const person = ion.directory.find(request.parameters['person'] ?? '');
  if (!person) return empty(404);
  return { status: 200, headers: { 'Content-Type': 'image/png' }, body: portraitOf(person) };
}
