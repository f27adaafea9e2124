// Tests that the local Ion's default people have every kind of profile.

import { people } from 'passport-ion/local-ion';

import { profileOf } from '../requests.js';
import { start } from '../start.js';

describe('people', () => {
  it('has every kind of profile', async () => {
    const ion = await start({ now: () => Date.parse('2026-11-24T12:00:00-05:00') });
    const all = await Promise.all(people.map(({ ion_username }) => profileOf(ion, ion_username)));
    const findProfile = (wanted: object): unknown =>
      all.find((each) =>
        Object.entries(wanted).every(
          ([key, value]) => JSON.stringify(each[key]) === JSON.stringify(value),
        ),
      );
    for (const wanted of [
      { ion_username: '2027jdoe', display_name: 'Jane Doe', grade: { number: 12, name: 'senior' } },
      { ion_username: '2028znunez', full_name: 'Zoë Núñez-Łukasik', nickname: '小梅' },
      { display_name: 'None None', first_name: null, last_name: null, short_name: null },
      { user_type: 'teacher', title: 'dr', graduation_year: null, last_name: "O'Teach" },
      { user_type: 'counselor', is_teacher: true },
      { is_eighth_admin: true },
      { user_type: 'alum', is_student: false, is_teacher: false },
      { grade: { number: 8, name: 'graduate' }, is_student: true },
    ]) {
      expect(findProfile(wanted)).toMatchObject(wanted);
    }
    expect(await profileOf(ion, '2028znunez')).toMatchObject({
      counselor: { username: 'cbravo', user_type: 'counselor' },
      administrator: { username: 'adelta', user_type: 'teacher' },
    });
  });
});
