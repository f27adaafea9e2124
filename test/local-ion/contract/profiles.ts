import type { Contract } from './contract.js';
import { NOBODY, noSuchPerson, notAuthenticated } from './support/expected-responses.js';
import type { HTTPResponse } from './support/send.js';

const ok = { status: 200, headers: { 'content-type': 'application/json' } };

const carmen =
  '{"id":1,"url":"HOST/api/profile/1","user_type":"counselor","username":"cbravo","full_name":"Carmen Bravo","first_name":"Carmen","last_name":"Bravo"}';
const avery =
  '{"id":2,"url":"HOST/api/profile/2","user_type":"teacher","username":"adelta","full_name":"Avery Delta","first_name":"Avery","last_name":"Delta"}';

const student = `{"id":3,"ion_username":"2028znunez","sex":"female","title":null,"display_name":"Zoë Núñez-Łukasik","full_name":"Zoë Núñez-Łukasik","short_name":"Zoë","first_name":"Zoë","last_name":"Núñez-Łukasik","nickname":"小梅","tj_email":"2028znunez@tjhsst.edu","grade":{"number":11,"name":"junior"},"graduation_year":2028,"user_type":"student","counselor":${carmen},"administrator":${avery},"picture":"HOST/api/profile/3/picture","is_eighth_admin":false,"is_teacher":false,"is_student":true}`;
const teacher =
  '{"id":4,"ion_username":"jteacher","sex":"male","title":"dr","display_name":"José O\'Teach","full_name":"José O\'Teach","short_name":"José","first_name":"José","last_name":"O\'Teach","nickname":null,"tj_email":"jteacher@fcps.edu","student_id":null,"grade":{"number":13,"name":"graduate"},"graduation_year":null,"user_type":"teacher","counselor":null,"administrator":null,"picture":"HOST/api/profile/4/picture","is_eighth_admin":false,"is_teacher":true,"is_student":false}';
const nameless =
  '{"id":5,"ion_username":"nonames","sex":"","title":null,"display_name":"None None","full_name":"None None","short_name":null,"first_name":null,"last_name":null,"nickname":null,"tj_email":"nonames@tjhsst.edu","grade":{"number":13,"name":"graduate"},"graduation_year":null,"user_type":"student","counselor":null,"administrator":null,"picture":"HOST/api/profile/5/picture","is_eighth_admin":false,"is_teacher":false,"is_student":true}';
const alumnus =
  '{"id":7,"ion_username":"2020aalum","sex":"male","title":null,"display_name":"Amir Alum <3 & \\"friends\\"","full_name":"Amir Alum <3 & \\"friends\\"","short_name":"Amir","first_name":"Amir","last_name":"Alum <3 & \\"friends\\"","nickname":null,"tj_email":"2020aalum@tjhsst.edu","grade":{"number":19,"name":"graduate"},"graduation_year":2020,"user_type":"alum","counselor":null,"administrator":null,"picture":"HOST/api/profile/7/picture","is_eighth_admin":false,"is_teacher":false,"is_student":false}';
const counselor =
  '{"id":1,"ion_username":"cbravo","sex":"female","title":"ms","display_name":"Carmen Bravo","full_name":"Carmen Bravo","short_name":"Carmen","first_name":"Carmen","last_name":"Bravo","nickname":null,"tj_email":"cbravo@fcps.edu","student_id":null,"grade":{"number":13,"name":"graduate"},"graduation_year":null,"user_type":"counselor","counselor":null,"administrator":null,"picture":"HOST/api/profile/1/picture","is_eighth_admin":false,"is_teacher":true,"is_student":false}';
const withSchoolAddress =
  '{"id":2,"ion_username":"adelta","sex":"non-binary","title":"mx","display_name":"Avery Delta","full_name":"Avery Delta","short_name":"Avery","first_name":"Avery","last_name":"Delta","nickname":null,"tj_email":"avery.delta@fcps.edu","student_id":null,"grade":{"number":13,"name":"graduate"},"graduation_year":null,"user_type":"teacher","counselor":null,"administrator":null,"picture":"HOST/api/profile/2/picture","is_eighth_admin":false,"is_teacher":true,"is_student":false}';
const eighthAdmin =
  '{"id":9,"ion_username":"2029admin","sex":"","title":null,"display_name":"Fen 李","full_name":"Fen 李","short_name":"Fen","first_name":"Fen","last_name":"李","nickname":null,"tj_email":"2029admin@tjhsst.edu","student_id":null,"grade":{"number":10,"name":"sophomore"},"graduation_year":2029,"user_type":"student","counselor":null,"administrator":null,"picture":"HOST/api/profile/9/picture","is_eighth_admin":true,"is_teacher":false,"is_student":true}';
const incoming =
  '{"id":8,"ion_username":"2031incoming","sex":"","title":null,"display_name":"Indra Nguyễn","full_name":"Indra Nguyễn","short_name":"Indra","first_name":"Indra","last_name":"Nguyễn","nickname":null,"tj_email":"2031incoming@tjhsst.edu","grade":{"number":8,"name":"graduate"},"graduation_year":2031,"user_type":"student","counselor":null,"administrator":null,"picture":"HOST/api/profile/8/picture","is_eighth_admin":false,"is_teacher":false,"is_student":true}';
const presenter =
  '{"id":14,"ion_username":"presenter","sex":"","title":"mrs","display_name":"A Presenter","full_name":"A Presenter","short_name":"A","first_name":"A","last_name":"Presenter","nickname":null,"tj_email":"presenter@tjhsst.edu","grade":{"number":13,"name":"graduate"},"graduation_year":null,"user_type":"tjstar_presenter","counselor":null,"administrator":null,"picture":"HOST/api/profile/14/picture","is_eighth_admin":false,"is_teacher":false,"is_student":false}';

/** Tests profiles, byte for byte, and who may see whose profile. */
export function profiles(contract: Contract): void {
  const get = async (as: string, path = '/api/profile', headers = {}): Promise<HTTPResponse> =>
    contract.ion.api((await contract.ion.signIn({ as })).access_token, path, { headers });
  const here = (text: string): string => text.replaceAll('HOST', contract.ion.provider.baseURL);
  const keysOf = ({ text }: HTTPResponse): string[] => Object.keys(JSON.parse(text) as object);

  describe('GET /api/profile', () => {
    it.each([
      ['a student', '2028znunez', student],
      ['a teacher', 'jteacher', teacher],
      ['a counselor, who counts as a teacher', 'cbravo', counselor],
      ['someone without names', 'nonames', nameless],
      ['an alumnus', '2020aalum', alumnus],
      ['someone with a school address', 'adelta', withSchoolAddress],
      ['an eighth-period admin', '2029admin', eighthAdmin],
      ['an incoming student, whose grade has the name of a graduate’s', '2031incoming', incoming],
      ['someone who belongs to no school year', 'presenter', presenter],
    ])('returns exactly this JSON for %s', async (_who, as, text) => {
      const response = await get(as);
      expect(response.headers['content-type']).toBe('application/json');
      expect(response.text).toBe(here(text));
    });

    it.each([
      ['2027jdoe', 'student', { is_teacher: false, is_student: true }],
      ['jteacher', 'teacher', { is_teacher: true, is_student: false }],
      ['cbravo', 'counselor', { is_teacher: true, is_student: false }],
      ['auser', 'user', { is_teacher: false, is_student: false }],
      ['simple', 'simple_user', { is_teacher: false, is_student: false }],
      ['presenter', 'tjstar_presenter', { is_teacher: false, is_student: false }],
      ['2020aalum', 'alum', { is_teacher: false, is_student: false }],
      ['aservice', 'service', { is_teacher: false, is_student: false }],
    ])('for %s, has the user_type %s', async (as, user_type, flags) => {
      expect(JSON.parse((await get(as)).text)).toMatchObject({ user_type, ...flags });
    });

    it.each([
      ['2027jdoe', { number: 12, name: 'senior' }],
      ['2028znunez', { number: 11, name: 'junior' }],
      ['2029admin', { number: 10, name: 'sophomore' }],
      ['2030fresh', { number: 9, name: 'freshman' }],
      ['2031incoming', { number: 8, name: 'graduate' }],
      ['adelta', { number: 13, name: 'graduate' }],
    ])('for %s, has the grade %j', async (as, grade) => {
      expect(JSON.parse((await get(as)).text)).toMatchObject({ grade });
    });

    it('returns the same by id and by username', async () => {
      for (const path of ['/api/profile/3', '/api/profile/2028znunez', '/api/profile/2028ZNunez']) {
        expect((await get('2028znunez', path)).text).toBe(here(student));
      }
    });

    it('returns the same to another student', async () => {
      expect((await get('2027jdoe', '/api/profile/3')).text).toBe(here(student));
    });

    it.each(['jteacher', 'cbravo', '2029admin'])(
      'includes the student ID after tj_email for the requester %s',
      async (as) => {
        const withID = student.replace('.edu",', '.edu","student_id":1234567,');
        expect((await get(as, '/api/profile/3')).text).toBe(here(withID));
      },
    );

    it('has the student ID null if there is none', async () => {
      const response = await get('2029admin', '/api/profile/4');
      expect(response.text).toBe(here(teacher));
    });

    it('has none of Ion’s other data', async () => {
      const keys = keysOf(await get('adelta', '/api/profile/3'));
      expect(keys).toHaveLength(21);
      for (const key of ['middle_name', 'emails', 'phones', 'address']) {
        expect(keys).not.toContain(key);
      }
    });

    it('has the email address at the school if Ion knows one', async () => {
      const { text } = await get('2027jdoe', '/api/profile/adelta');
      expect(JSON.parse(text)).toMatchObject({ tj_email: 'avery.delta@fcps.edu' });
    });

    it('writes None for a missing name, and escapes U+2028', async () => {
      const { text } = await get('2030fresh');
      expect(text).toContain('"display_name":"Line\\u2028break None"');
      expect(text).toContain('"last_name":null');
    });

    it('takes the host and scheme of its URLs from the request', async () => {
      const headers = { host: 'ion.example', 'x-forwarded-proto': 'https' };
      const response = await get('2028znunez', '/api/profile', headers);
      expect(response.text).toBe(student.replaceAll('HOST', 'https://ion.example'));
    });

    it('keeps format= in its URLs', async () => {
      const response = await get('2028znunez', '/api/profile?format=json');
      const text = student
        .replace(/(HOST\/api\/profile\/\d)"/g, '$1?format=json"')
        .replace('/picture"', '/picture?format=jpg"');
      expect(response.text).toBe(here(text));
    });
  });

  describe('another person’s profile', () => {
    it.each([NOBODY, 'nobody'])('is 404 if there is no such person: %s', async (whom) => {
      const { access_token } = await contract.ion.signIn();
      expect(await contract.ion.api(access_token, `/api/profile/${whom}`)).toMatchObject(
        noSuchPerson,
      );
    });

    it.each(['6', '2027jdoe', '2027JDoe'])('is found by id and by username: %s', async (whom) => {
      const { access_token } = await contract.ion.signIn();
      const response = await contract.ion.api(access_token, `/api/profile/${whom}`);
      expect(response).toMatchObject(ok);
      expect(JSON.parse(response.text)).toMatchObject({ id: 6, ion_username: '2027jdoe' });
    });

    it.each(['2020aalum', 'auser', 'aservice'])(
      'is 404 for %s, who is restricted to their own profile',
      async (as) => {
        const { access_token } = await contract.ion.signIn({ as });
        expect(await contract.ion.api(access_token, '/api/profile/6')).toMatchObject(noSuchPerson);
        expect(await contract.ion.api(access_token, '/api/profile/nobody')).toMatchObject(
          noSuchPerson,
        );
        expect(await contract.ion.api(access_token)).toMatchObject(ok);
        expect(await contract.ion.api(access_token, `/api/profile/${as}`)).toMatchObject(ok);
      },
    );

    it('is visible to a simple_user, who is not restricted', async () => {
      const { access_token } = await contract.ion.signIn({ as: 'simple' });
      expect(await contract.ion.api(access_token, '/api/profile/6')).toMatchObject(ok);
    });

    it('is 403 without a token, whether the person exists or not', async () => {
      for (const whom of ['6', 'nobody']) {
        expect(await contract.ion.send(`/api/profile/${whom}`)).toMatchObject(notAuthenticated);
      }
    });
  });
}
