// Tests the `people` option: what Ion knows about people by default, and the people that it refuses.

import { startLocalIon } from 'passport-ion/local-ion';
import type { LocalIon, Person } from 'passport-ion/local-ion';

import { profileOf } from '../requests.js';
import { start } from '../start.js';

const now = (): number => Date.parse('2026-11-24T12:00:00-05:00');

function startWith(people: readonly Person[], at = now): Promise<LocalIon> {
  return start({ people, now: at });
}

describe('startLocalIon({ people })', () => {
  it('turns a person with only a username into a student with the lowest free id and no other data', async () => {
    const ion = await startWith([
      { ion_username: 'second', id: 1 },
      { ion_username: 'Third' },
      { ion_username: 'fourth', id: 2 },
      { ion_username: 'fifth' },
    ]);
    expect(await profileOf(ion, 'third')).toEqual({
      id: 3,
      ion_username: 'Third',
      sex: '',
      title: null,
      display_name: 'None None',
      full_name: 'None None',
      short_name: null,
      first_name: null,
      last_name: null,
      nickname: null,
      tj_email: 'Third@tjhsst.edu',
      grade: { number: 13, name: 'graduate' },
      graduation_year: null,
      user_type: 'student',
      counselor: null,
      administrator: null,
      picture: `${ion.baseURL}/api/profile/3/picture`,
      is_eighth_admin: false,
      is_teacher: false,
      is_student: true,
    });
    expect(await profileOf(ion, 'fifth')).toMatchObject({ id: 4 });
  });

  it('treats a field that is undefined as left out', async () => {
    // Cast to pass fields that are undefined, as a JavaScript app could by spreading an object.
    const person = { ion_username: 'one', nickname: undefined, user_type: undefined } as object;
    const ion = await startWith([person as Person]);
    expect(await profileOf(ion, 'one')).toMatchObject({ nickname: null, user_type: 'student' });
  });

  it('lists the first 20 people in the error for an unknown person', async () => {
    const names = Array.from({ length: 21 }, (_, index) => `person${index + 1}`);
    const running = await startWith(names.map((ion_username) => ({ ion_username })));
    await expect(running.approve('', { as: 'nobody' })).rejects.toThrow(
      `must be the username or id of one of ${names.slice(0, 20).join(', ')}, …; got "nobody"`,
    );
  });

  it('lets approve find a person by id', async () => {
    const ion = await startWith([{ ion_username: 'one', id: 71 }]);
    expect(await profileOf(ion, '71')).toMatchObject({ id: 71, ion_username: 'one' });
  });

  it.each([
    ['student', 'tjhsst.edu', { is_teacher: false, is_student: true }],
    ['teacher', 'fcps.edu', { is_teacher: true, is_student: false }],
    ['counselor', 'fcps.edu', { is_teacher: true, is_student: false }],
    ['user', 'tjhsst.edu', { is_teacher: false, is_student: false }],
    ['simple_user', 'tjhsst.edu', { is_teacher: false, is_student: false }],
    ['tjstar_presenter', 'tjhsst.edu', { is_teacher: false, is_student: false }],
    ['alum', 'tjhsst.edu', { is_teacher: false, is_student: false }],
    ['service', 'tjhsst.edu', { is_teacher: false, is_student: false }],
  ] as const)('gives people of the type %s an address at %s', async (user_type, host, expected) => {
    const ion = await startWith([{ ion_username: 'one', user_type }]);
    expect(await profileOf(ion, 'one')).toMatchObject({
      tj_email: `one@${host}`,
      user_type,
      ...expected,
    });
  });

  it.each([
    ['2026-07-31T23:59:59-04:00', 'graduate', 13],
    ['2026-08-01T00:00:00-04:00', 'graduate', 14],
    ['2024-07-31T23:59:59-04:00', 'junior', 11],
    ['2024-08-01T00:00:00-04:00', 'senior', 12],
    ['2024-08-01T00:00:00Z', 'junior', 11],
    ['2025-02-28T12:00:00-05:00', 'senior', 12],
  ])(
    'computes the grade at %s for the graduation year 2025: %s, %i',
    async (time, name, number) => {
      const ion = await startWith([{ ion_username: 'one', graduation_year: 2025 }], () =>
        Date.parse(time),
      );
      expect(await profileOf(ion, 'one')).toMatchObject({ grade: { name, number } });
    },
  );

  it.each<[string, unknown[]]>([
    ['people[0] must be an object', ['2027jdoe']],
    ['people[0] has no ion_username', [{ first_name: 'Jane' }]],
    ['people[0] has no ion_username', [{ ion_username: undefined }]],
    ['people[0].username is not a field of a person', [{ ion_username: 'a', username: 'a' }]],
    ['people[0].display_name is not a field', [{ ion_username: 'a', display_name: 'A' }]],
    ['people[0].ion_username must be', [{ ion_username: 'a.b' }]],
    ['people[0].id must be', [{ ion_username: 'a', id: 0 }]],
    ['people[0].id must be', [{ ion_username: 'a', id: '1' }]],
    ['people[0].first_name must be', [{ ion_username: 'a', first_name: 1 }]],
    ['people[0].title must be one of mr', [{ ion_username: 'a', title: 'Dr.' }]],
    ['people[0].sex must be', [{ ion_username: 'a', sex: 'f' }]],
    ['people[0].graduation_year must be', [{ ion_username: 'a', graduation_year: '2027' }]],
    ['people[0].user_type must be one of student', [{ ion_username: 'a', user_type: 'admin' }]],
    ['people[0].is_eighth_admin must be', [{ ion_username: 'a', is_eighth_admin: 1 }]],
    ['people[0].photo must be', [{ ion_username: 'a', photo: 'a.png' }]],
    ['people[0].show_pictures must be', [{ ion_username: 'a', show_pictures: null }]],
    [
      'people[1] has the username or id of an earlier person; got "ann"',
      [{ ion_username: 'Ann' }, { ion_username: 'aNN' }],
    ],
    [
      'people[1] has the username or id of an earlier person; got 7',
      [
        { ion_username: 'a', id: 7 },
        { ion_username: 'b', id: 7 },
      ],
    ],
    [
      'people[0].counselor must be the ion_username of someone in people',
      [{ ion_username: 'a', counselor: 'b' }],
    ],
    [
      'people[0].administrator must be the ion_username of someone in people',
      [{ ion_username: 'a', administrator: 'b' }],
    ],
  ])('throws ERR_LOCAL_ION_OPTION: %s', async (message, who) => {
    // Cast to pass an invalid value, as a JavaScript app could.
    await expect(startLocalIon({ people: who as Person[] })).rejects.toMatchObject({
      code: 'ERR_LOCAL_ION_OPTION',
      message: expect.stringContaining(`local Ion: ${message}`) as string,
    });
  });
});
