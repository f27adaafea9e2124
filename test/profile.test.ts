import { deepStrictEqual } from 'node:assert';
import { inspect } from 'node:util';

import type { Profile } from 'passport';

import { endpointsOf } from '../lib/endpoints.js';
import { IonAppError, IonResponseError } from '../lib/errors.js';
import { RAW_FIELDS, toIonProfile } from '../lib/profile.js';
import type { IonProfile } from '../lib/profile.js';
import { fc } from './support/fast-check.js';

const ion = endpointsOf('https://ion.example');

const student = {
  id: 3,
  ion_username: '2028znunez',
  sex: 'female',
  title: null,
  display_name: 'Zoë Núñez-Łukasik',
  full_name: 'Zoë Núñez-Łukasik',
  short_name: 'Zoë',
  first_name: 'Zoë',
  last_name: 'Núñez-Łukasik',
  nickname: '小梅',
  tj_email: '2028znunez@tjhsst.edu',
  grade: { number: 11, name: 'junior' },
  graduation_year: 2028,
  user_type: 'student',
  counselor: {
    id: 1,
    url: 'https://ion.example/api/profile/1',
    user_type: 'counselor',
    username: 'cbravo',
    full_name: 'Carmen Bravo',
    first_name: 'Carmen',
    last_name: 'Bravo',
  },
  administrator: {
    id: 2,
    url: 'https://ion.example/api/profile/2',
    user_type: 'teacher',
    username: 'adelta',
    full_name: 'Avery Delta',
    first_name: 'Avery',
    last_name: 'Delta',
  },
  picture: 'https://ion.example/api/profile/3/picture',
  is_eighth_admin: false,
  is_teacher: false,
  is_student: true,
};

const teacher = {
  ...student,
  id: 4,
  ion_username: 'jteacher',
  title: 'dr',
  display_name: "José O'Teach",
  first_name: 'José',
  last_name: "O'Teach",
  nickname: null,
  tj_email: 'jteacher@fcps.edu',
  student_id: null,
  grade: { number: 13, name: 'graduate' },
  graduation_year: null,
  user_type: 'teacher',
  counselor: null,
  administrator: null,
  is_teacher: true,
  is_student: false,
};

function profileOf(json: unknown): IonProfile {
  return toIonProfile(JSON.stringify(json), ion);
}

function refusalOf(raw: string): IonResponseError {
  try {
    toIonProfile(raw, ion);
  } catch (error) {
    if (error instanceof IonResponseError) return error;
    throw error;
  }
  throw new Error('a profile came out');
}

describe('toIonProfile, for a student', () => {
  it('returns the complete profile', () => {
    const raw = JSON.stringify(student);

    expect(toIonProfile(raw, ion)).toStrictEqual({
      provider: 'ion',
      id: '3',
      username: '2028znunez',
      displayName: 'Zoë Núñez-Łukasik',
      name: { givenName: 'Zoë', familyName: 'Núñez-Łukasik' },
      nickname: '小梅',
      emails: [{ value: '2028znunez@tjhsst.edu' }],
      photos: [{ value: 'https://ion.example/api/profile/3/picture' }],
      profileUrl: 'https://ion.example/profile/3',
      userType: 'student',
      isStudent: true,
      isTeacher: false,
      isEighthAdmin: false,
      graduationYear: 2028,
      grade: { number: 11, name: 'junior' },
      counselor: {
        id: '1',
        username: 'cbravo',
        displayName: 'Carmen Bravo',
        profileUrl: 'https://ion.example/profile/1',
      },
      administrator: {
        id: '2',
        username: 'adelta',
        displayName: 'Avery Delta',
        profileUrl: 'https://ion.example/profile/2',
      },
      _raw: raw,
      _json: student,
    });
  });

  it("returns a profile of Passport's type", () => {
    const profile: Profile = profileOf(student);

    expect(profile.provider).toBe('ion');
  });
});

describe('toIonProfile, for a teacher without a graduation year', () => {
  it('returns a title, and no grade, graduation year or counselor', () => {
    expect(profileOf(teacher)).toMatchObject({
      title: 'dr',
      grade: null,
      graduationYear: null,
      counselor: null,
      administrator: null,
      isTeacher: true,
      isStudent: false,
    });
  });

  it('leaves out the keys of values that are null', () => {
    const profile = profileOf(teacher);

    expect(Object.keys(profile)).not.toContain('nickname');
    expect(Object.keys(profile)).not.toContain('studentID');
  });
});

describe('toIonProfile: studentID', () => {
  it('is present if Ion sends it', () => {
    expect(profileOf({ ...student, student_id: 1234567 }).studentID).toBe(1234567);
  });
});

describe('toIonProfile: grade', () => {
  it.each([9, 10, 11, 12])('is %i, if Ion sends that', (number) => {
    const grade = { number, name: 'some' };

    expect(profileOf({ ...student, grade }).grade).toStrictEqual(grade);
  });

  it.each([
    ['an incoming student', { number: 8, name: 'graduate' }],
    ['an alumnus', { number: 13, name: 'graduate' }],
    ['a number written as text', { number: '9', name: 'freshman' }],
    ['a grade without a name', { number: 9 }],
    ['null', null],
  ])('is null for %s', (_, grade) => {
    expect(profileOf({ ...student, grade }).grade).toBeNull();
  });
});

describe('toIonProfile: displayName', () => {
  const nameless = { ...student, first_name: null, last_name: null, display_name: 'None None' };

  it('is the username if Ion writes "None None" for null names', () => {
    const profile = profileOf(nameless);

    expect(profile.displayName).toBe('2028znunez');
    expect(profile).not.toHaveProperty('name');
  });

  it('is the id if there is no username either', () => {
    expect(profileOf({ ...nameless, ion_username: null }).displayName).toBe('3');
  });

  it.each([
    [null, 'Łukasik', 'None Łukasik', 'Łukasik', { givenName: '', familyName: 'Łukasik' }],
    ['Zoë', null, 'Zoë None', 'Zoë', { givenName: 'Zoë', familyName: '' }],
  ])('is the name that is not null (%s, %s)', (first_name, last_name, written, shown, name) => {
    const profile = profileOf({ ...student, first_name, last_name, display_name: written });

    expect(profile.displayName).toBe(shown);
    expect(profile.name).toStrictEqual(name);
  });

  it.each([
    ['None', 'None', 'None None'],
    ['None', 'Ng', 'None Ng'],
    ['Ann', 'None', 'Ann None'],
  ])('is the name of someone who is really named %s %s', (first_name, last_name, display_name) => {
    expect(profileOf({ ...student, first_name, last_name, display_name }).displayName).toBe(
      display_name,
    );
  });

  it.each([undefined, null, '', ' ', 7])(
    'is made of first and last name if Ion sends %p',
    (written) => {
      expect(profileOf({ ...student, display_name: written }).displayName).toBe(
        'Zoë Núñez-Łukasik',
      );
    },
  );

  it('is the username for a counselor without a name', () => {
    const counselor = {
      ...student.counselor,
      first_name: null,
      last_name: null,
      full_name: 'None None',
    };

    expect(profileOf({ ...student, counselor }).counselor?.displayName).toBe('cbravo');
  });
});

describe('toIonProfile, with a response that lacks optional fields', () => {
  it('leaves out the keys of the fields that are missing', () => {
    expect(profileOf({ id: 5 })).toStrictEqual({
      provider: 'ion',
      id: '5',
      displayName: '5',
      profileUrl: 'https://ion.example/profile/5',
      graduationYear: null,
      grade: null,
      counselor: null,
      _raw: '{"id":5}',
      _json: { id: 5 },
    });
  });

  it('leaves out the keys of the fields that have the wrong type', () => {
    const wrong = Object.fromEntries(Object.keys(student).map((key) => [key, [{}]]));
    const json = { ...wrong, id: 5 };
    const { _raw, _json, ...profile } = profileOf(json);

    expect(profile).toStrictEqual({
      provider: 'ion',
      id: '5',
      displayName: '5',
      profileUrl: 'https://ion.example/profile/5',
      graduationYear: null,
      grade: null,
      counselor: null,
      administrator: null,
    });
    expect(JSON.parse(_raw)).toStrictEqual(_json);
  });

  it.each([
    'javascript:alert(1)',
    'data:image/png;base64,AAAA',
    '//ion.example/p',
    '/p',
    'https://',
    'https://a b/',
    'https://[',
  ])('leaves out photos if Ion sends %s', (picture) => {
    expect(profileOf({ ...student, picture })).not.toHaveProperty('photos');
  });

  it.each([[[]], ['cbravo'], [{}], [{ id: 1 }], [{ id: 0, username: 'a' }]])(
    'returns no counselor if Ion sends %j',
    (counselor) => {
      expect(profileOf({ ...student, counselor }).counselor).toBeNull();
    },
  );
});

describe('toIonProfile: id', () => {
  it('is read from a string of digits too', () => {
    expect(profileOf({ ...student, id: '31' }).id).toBe('31');
  });

  it.each([
    0,
    -1,
    1.5,
    2 ** 53,
    '',
    '0',
    '007',
    '-1',
    '1.5',
    '1e3',
    ' 1',
    '٣',
    '9007199254740993',
    null,
    true,
    [3],
    { id: 3 },
  ])('throws ERR_ION_PROFILE if it is %j', (id) => {
    expect(refusalOf(JSON.stringify({ ...student, id })).code).toBe('ERR_ION_PROFILE');
  });

  it('is not read from a prototype', () => {
    expect(refusalOf('{"__proto__":{"id":3}}').message).toContain('no usable id');
  });
});

describe('toIonProfile, with a response that does not identify anyone', () => {
  it.each([
    ['', 'is not JSON', 'ERR_ION_NOT_JSON'],
    ['{"id":3', 'is not JSON', 'ERR_ION_NOT_JSON'],
    ['<h1>Ion</h1>', 'is not JSON', 'ERR_ION_NOT_JSON'],
    ['null', 'is not a JSON object'],
    ['true', 'is not a JSON object'],
    ['3', 'is not a JSON object'],
    ['"3"', 'is not a JSON object'],
    ['[]', 'is not a JSON object'],
    ['[{"id":3}]', 'is not a JSON object'],
    ['{}', 'has no usable id'],
  ])('throws: %s %s', (raw, problem, code = 'ERR_ION_PROFILE') => {
    const error = refusalOf(raw);

    expect(error.code).toBe(code);
    expect(error.status).toBe(502);
    expect(error.message).toContain(`The profile that Ion sent ${problem}`);
    expect(error.message).toContain('check that baseURL is Ion');
  });

  it('does not quote the response in the error', () => {
    for (const raw of ['{"secret":sesame}', '{"secret":"sesame"}', '["sesame"]']) {
      expect(inspect(refusalOf(raw), { depth: Infinity, showHidden: true })).not.toContain(
        'sesame',
      );
    }
  });
});

describe("toIonProfile: reading one of Ion's raw names from the profile", () => {
  // Reads a field by Ion's own name, as code written for Ion's response would.
  const read = (field: string): unknown =>
    Reflect.get(toIonProfile(JSON.stringify(student), ion), field);

  it.each([
    ['ion_username', 'username'],
    ['tj_email', 'emails[0].value'],
    ['first_name', 'name.givenName'],
    ['last_name', 'name.familyName'],
    ['is_student', 'isStudent'],
    ['is_teacher', 'isTeacher'],
    ['is_eighth_admin', 'isEighthAdmin'],
    ['user_type', 'userType'],
    ['graduation_year', 'graduationYear'],
    ['student_id', 'studentID'],
  ])('%s throws an error that names profile.%s', (field, ours) => {
    expect(() => read(field)).toThrow(IonAppError);
    expect(() => read(field)).toThrow(
      `This is Passport's profile, which has no ${field}: read profile.${ours}, or Ion's own response, profile._json.${field}`,
    );
  });

  it.each(['picture', 'sex', 'full_name', 'email', 'then', 'toJSON'])(
    '%s, which code for several providers looks for, is undefined',
    (field) => {
      expect(read(field)).toBeUndefined();
    },
  );

  it('does not show when the profile is logged, copied or compared', () => {
    const profile = toIonProfile(JSON.stringify(student), ion);
    const shown = { ...profile, _json: undefined, _raw: undefined };
    for (const field of RAW_FIELDS) {
      expect(Object.keys(profile)).not.toContain(field);
      expect(Object.keys(shown)).not.toContain(field);
      expect(Object.keys(structuredClone(profile))).not.toContain(field);
      expect(Object.keys(JSON.parse(JSON.stringify(profile)) as object)).not.toContain(field);
      expect(inspect(shown)).not.toContain(field);
      expect(inspect(profile)).toContain("provider: 'ion'");
      expect(structuredClone(profile)).not.toHaveProperty(field);
    }
    deepStrictEqual(profile, { ...profile });
    deepStrictEqual(profile, toIonProfile(JSON.stringify(student), ion));
    expect(profile).toStrictEqual({ ...profile });
  });

  it('works once the app has set the field', () => {
    const profile = toIonProfile(JSON.stringify(student), ion);
    Object.assign(profile, { first_name: 'Zoë' });
    expect(Reflect.get(profile, 'first_name')).toBe('Zoë');
    expect(Object.keys(profile)).toContain('first_name');
  });
});

describe('toIonProfile, with a __proto__ key', () => {
  it('changes no prototype, not even when the app copies the response', () => {
    const raw = '{"id":3,"__proto__":{"isAdmin":true},"counselor":{"__proto__":{"id":1}}}';
    const profile = toIonProfile(raw, ion);

    expect(profile).not.toHaveProperty('isAdmin');
    expect(Object.assign({}, profile._json)).not.toHaveProperty('isAdmin');
    expect(profile.counselor).toBeNull();
    expect({}).not.toHaveProperty('isAdmin');
  });
});

describe('toIonProfile, with any text', () => {
  // Responses with Ion's keys and any values. The id is often usable, so that some of them become profiles.
  const values = Object.fromEntries(Object.keys(student).map((key) => [key, fc.jsonValue()]));
  const responses = fc.record(
    { ...values, id: fc.oneof(fc.jsonValue(), fc.maxSafeNat(), fc.string()) },
    { requiredKeys: [] },
  );

  it.each([
    ['any text', fc.string({ unit: 'binary' })],
    ['any JSON', fc.json()],
    ["anything under Ion's keys", responses.map((json) => JSON.stringify(json))],
  ])('returns a profile with an id, or throws: %s', (_, texts) => {
    fc.assert(
      fc.property(texts, (raw) => {
        let profile: IonProfile;
        try {
          profile = toIonProfile(raw, ion);
        } catch (error) {
          expect(error).toBeInstanceOf(IonResponseError);
          return;
        }
        expect(profile.id).toMatch(/^[1-9]\d*$/);
        expect(profile.displayName).not.toBe('');
        expect(Object.values(profile)).not.toContain(undefined);
      }),
    );
  });

  it('throws if it is nested more deeply than the stack allows', () => {
    const deep = '{"id":3,"a":' + '['.repeat(200_000) + ']'.repeat(200_000) + '}';

    expect(refusalOf(deep).code).toBe('ERR_ION_PROFILE');
  });
});
