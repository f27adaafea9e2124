// Tests the types of both profiles: the one that IonStrategy makes, and the response that Ion sends.

import { expectTypeOf } from 'expect-type';
import type passport from 'passport';
import type {
  IonPerson,
  IonPersonResponse,
  IonProfile,
  IonProfileResponse,
  IonUserType,
} from 'passport-ion';

expectTypeOf<IonProfile>().toEqualTypeOf<{
  provider: 'ion';
  id: string;
  username?: string;
  displayName: string;
  name?: { givenName: string; familyName: string };
  nickname?: string;
  title?: string;
  emails?: { value: string }[];
  photos?: { value: string }[];
  profileUrl: string;
  userType?: IonUserType;
  isStudent?: boolean;
  isTeacher?: boolean;
  isEighthAdmin?: boolean;
  graduationYear: number | null;
  grade: { number: 9 | 10 | 11 | 12; name: string } | null;
  studentID?: number;
  counselor: IonPerson | null;
  administrator?: IonPerson | null;
  _raw: string;
  _json: IonProfileResponse;
}>();
// An IonProfile is also a Passport profile, so it works in code that accepts any strategy's profile.
expectTypeOf<IonProfile>().toExtend<passport.Profile>();

expectTypeOf<IonPerson>().toEqualTypeOf<{
  id: string;
  username: string;
  displayName: string;
  profileUrl: string;
}>();

// Ion might add other values, so any string is allowed, but an editor suggests the values of today.
expectTypeOf<'student'>().toExtend<IonUserType>();
expectTypeOf<string>().toExtend<IonUserType>();
expectTypeOf<IonUserType>().toExtend<string>();
expectTypeOf<IonUserType>().not.toEqualTypeOf<string>();

// Only the id is certain to be in the response.
expectTypeOf<IonProfileResponse>().not.toBeAny();
expectTypeOf<IonProfileResponse['id']>().toEqualTypeOf<number>();
({ id: 1 }) satisfies IonProfileResponse;
expectTypeOf<IonProfileResponse['counselor']>().toEqualTypeOf<
  IonPersonResponse | null | undefined
>();
expectTypeOf<IonProfileResponse['grade']>().toEqualTypeOf<
  { number: number; name: string } | undefined
>();
expectTypeOf<IonPersonResponse>().toEqualTypeOf<{
  id: number;
  url?: string;
  user_type?: string;
  username: string;
  full_name?: string;
  first_name?: string | null;
  last_name?: string | null;
}>();

declare const profile: IonProfile;
// @ts-expect-error -- the profile might contain no email address
expectTypeOf(profile.emails[0]).not.toBeAny();
// @ts-expect-error -- no student is in grade 8
profile.grade = { number: 8, name: 'graduate' };
