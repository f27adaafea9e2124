// Tests the types of requests to Ion's API, and of their responses.

import { expectTypeOf } from 'expect-type';
import { schoolDay } from 'passport-ion';
import type {
  IonActivity,
  IonActivityWithBlocks,
  IonAnnouncement,
  IonAnnouncementBody,
  IonAPI,
  IonAPIIndex,
  IonAPIItem,
  IonAPIMethod,
  IonAPIOptions,
  IonAPIResponse,
  IonBlock,
  IonBlocksQuery,
  IonBlockWithActivities,
  IonBodyOptions,
  IonBusRoute,
  IonCompleteProfile,
  IonDateQuery,
  IonDelete,
  IonEndpoint,
  IonDay,
  IonDayType,
  IonEmergency,
  IonFavoriteBody,
  IonGet,
  IonGrade,
  IonPage,
  IonPageQuery,
  IonPatch,
  IonParameters,
  IonParameterValue,
  IonPaths,
  IonPeriod,
  IonPicture,
  IonPictureYear,
  IonPost,
  IonProfile,
  IonPut,
  IonRequestOptions,
  IonRoster,
  IonRosterMember,
  IonScheduledActivity,
  IonSearchResult,
  IonSignUp,
  IonSignUpBody,
  IonSignUpChoice,
  IonSizedPageQuery,
  IonTokens,
} from 'passport-ion';

declare const api: IonAPI;
declare const text: string;
declare const number: number;

interface Own {
  readonly date: string;
}

expectTypeOf<IonAPI>().not.toBeAny();
expectTypeOf(api.tokens).toEqualTypeOf<IonTokens | undefined>();

// The path of a request determines the type of its response.
expectTypeOf(api.get('/')).toEqualTypeOf<Promise<IonAPIIndex>>();
expectTypeOf(api.get('/schedule')).toEqualTypeOf<Promise<IonPage<IonDay>>>();
expectTypeOf(api.get('/schedule/2026-11-25')).toEqualTypeOf<Promise<IonDay>>();
expectTypeOf(api.get(`/schedule/${schoolDay()}`)).toEqualTypeOf<Promise<IonDay>>();
expectTypeOf(api.get('/announcements')).toEqualTypeOf<Promise<IonPage<IonAnnouncement>>>();
expectTypeOf(api.get(`/announcements/${number}`)).toEqualTypeOf<Promise<IonAnnouncement>>();
expectTypeOf(api.get('/emerg')).toEqualTypeOf<Promise<IonEmergency>>();
expectTypeOf(api.get('/profile')).toEqualTypeOf<Promise<IonCompleteProfile>>();
expectTypeOf(api.get('/profile/2027jdoe')).toEqualTypeOf<Promise<IonCompleteProfile>>();
expectTypeOf(api.get(`/search/${text}`)).toEqualTypeOf<Promise<IonPage<IonSearchResult>>>();
expectTypeOf(api.get('/bus')).toEqualTypeOf<Promise<IonPage<IonBusRoute>>>();
expectTypeOf(api.get('/bus/3')).toEqualTypeOf<Promise<IonBusRoute>>();
expectTypeOf(api.get('/blocks')).toEqualTypeOf<Promise<IonPage<IonBlock>>>();
expectTypeOf(api.get('/blocks/7')).toEqualTypeOf<Promise<IonBlockWithActivities>>();
expectTypeOf(api.get('/activities')).toEqualTypeOf<Promise<IonPage<IonActivity>>>();
expectTypeOf(api.get('/activities/7')).toEqualTypeOf<Promise<IonActivityWithBlocks>>();
expectTypeOf(api.get('/signups/user')).toEqualTypeOf<Promise<IonSignUp[]>>();
expectTypeOf(api.get(`/signups/user/${text}`)).toEqualTypeOf<Promise<IonSignUp[]>>();
expectTypeOf(api.get('/signups/user/favorites')).toEqualTypeOf<Promise<IonActivity[]>>();
expectTypeOf(api.get('/signups/scheduled_activity/7')).toEqualTypeOf<Promise<IonRoster>>();

// A query in the path, or a trailing slash, which Ion drops, makes no difference to the type.
expectTypeOf(api.get('/blocks?page=2')).toEqualTypeOf<Promise<IonPage<IonBlock>>>();
expectTypeOf(api.get(`/blocks?date=${text}`)).toEqualTypeOf<Promise<IonPage<IonBlock>>>();
expectTypeOf(api.get('/schedule/')).toEqualTypeOf<Promise<IonPage<IonDay>>>();
expectTypeOf(api.get('/schedule/2026-11-25/')).toEqualTypeOf<Promise<IonDay>>();

// If the path can be one of several, the response has one of several types.
declare const either: '/bus' | '/emerg';
expectTypeOf(api.get(either)).toEqualTypeOf<Promise<IonPage<IonBusRoute> | IonEmergency>>();

// For methods other than GET, too, the path determines the type of the response.
expectTypeOf(api.post('/signups/user')).toEqualTypeOf<Promise<IonActivityWithBlocks>>();
expectTypeOf(api.post('/signups/user/7')).toEqualTypeOf<Promise<IonActivityWithBlocks>>();
expectTypeOf(api.post('/signups/user/favorites')).toEqualTypeOf<Promise<IonActivityWithBlocks>>();
expectTypeOf(api.put('/announcements/7')).toEqualTypeOf<Promise<IonAnnouncement>>();
expectTypeOf(api.patch('/announcements/7')).toEqualTypeOf<Promise<IonAnnouncement>>();
expectTypeOf(api.delete('/announcements/7')).toEqualTypeOf<Promise<undefined>>();

// The response is `unknown` for a path without a type, or a method that the path does not accept.
expectTypeOf(api.get(text)).toEqualTypeOf<Promise<unknown>>();
expectTypeOf(api.get(`/${text}`)).toEqualTypeOf<Promise<unknown>>();
expectTypeOf(api.get('/new')).toEqualTypeOf<Promise<unknown>>();
expectTypeOf(api.get('/profile/3/picture')).toEqualTypeOf<Promise<unknown>>();
expectTypeOf(api.get('https://ion.tjhsst.edu/api/bus')).toEqualTypeOf<Promise<unknown>>();
expectTypeOf(api.get('schedule')).toEqualTypeOf<Promise<unknown>>();
expectTypeOf(api.post('/schedule')).toEqualTypeOf<Promise<unknown>>();
expectTypeOf(api.put('/x')).toEqualTypeOf<Promise<unknown>>();
expectTypeOf(api.patch('/x')).toEqualTypeOf<Promise<unknown>>();
expectTypeOf(api.delete('/x')).toEqualTypeOf<Promise<unknown>>();

// A type argument overrides the type for the path.
expectTypeOf(api.get<Own>('/schedule/2026-11-24')).toEqualTypeOf<Promise<Own>>();
expectTypeOf(api.get<unknown>('/schedule')).toEqualTypeOf<Promise<unknown>>();
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a type argument like any other
expectTypeOf(api.get<any>('/schedule')).resolves.toBeAny();
expectTypeOf(api.get<string>('/x')).toEqualTypeOf<Promise<string>>();
expectTypeOf(api.post<Own>('/x', { json: {} })).toEqualTypeOf<Promise<Own>>();
expectTypeOf(api.put<Own>('/x', { json: {} })).toEqualTypeOf<Promise<Own>>();
expectTypeOf(api.patch<Own>('/x', { json: {} })).toEqualTypeOf<Promise<Own>>();
expectTypeOf(api.delete<Own>('/x')).toEqualTypeOf<Promise<Own>>();

// The variable that a response is assigned to does not determine its type.
// @ts-expect-error -- the response is `unknown`, because this path has no type
void (api.get('/x') satisfies Promise<Own>);
// @ts-expect-error -- the response is a page of days
void (api.get('/schedule') satisfies Promise<Own>);
// @ts-expect-error -- the response is a page of days
const assigned: Promise<Own> = api.get('/schedule');
void assigned;

// The path of a list determines the type of its items.
type Items<T> = AsyncGenerator<T, void, undefined>;
expectTypeOf(api.pages('/schedule')).toEqualTypeOf<Items<IonDay>>();
expectTypeOf(api.pages('/announcements')).toEqualTypeOf<Items<IonAnnouncement>>();
expectTypeOf(api.pages(`/search/${text}`)).toEqualTypeOf<Items<IonSearchResult>>();
expectTypeOf(api.pages('/bus')).toEqualTypeOf<Items<IonBusRoute>>();
expectTypeOf(api.pages('/blocks', { query: { date: text } })).toEqualTypeOf<Items<IonBlock>>();
expectTypeOf(api.pages('/activities')).toEqualTypeOf<Items<IonActivity>>();
expectTypeOf(api.pages('/signups/user')).toEqualTypeOf<Items<unknown>>();
expectTypeOf(api.pages(text)).toEqualTypeOf<Items<unknown>>();
expectTypeOf(api.pages<Own>('/schedule')).toEqualTypeOf<Items<Own>>();

// The path also determines the types of the query and the body.
void api.get('/schedule', { query: { page: 2, page_size: 7 } });
void api.get('/announcements', { query: { page: 'last' } });
void api.get('/blocks', { query: { start_date: '2026-11-25', page_size: 200 } });
void api.get('/signups/user', { query: { date: undefined } });
void api.post('/signups/user', { json: { scheduled_activity: 7 } });
void api.post('/signups/user', { json: { block: 3, activity: 7, force: true } });
void api.post('/signups/user', { form: { block: text, activity: text } });
void api.post('/signups/user/favorites', { json: { activity: 7 } });
void api.patch('/announcements/7', { json: { pinned: true } });
void api.get('/x', { query: { of: ['a', 'b'], any: null } });
void api.get<Own>('/blocks', { query: { newer: true } });
// @ts-expect-error -- the parameter is misspelled
void api.get('/blocks', { query: { dat: '2026-11-25' } });
// @ts-expect-error -- a day is a string: see schoolDay
void api.get('/blocks', { query: { date: new Date() } });
// @ts-expect-error -- this path takes no query
void api.get('/emerg', { query: { page: 2 } });
// @ts-expect-error -- the block of the activity is required
void api.post('/signups/user', { json: { activity: 7 } });
// @ts-expect-error -- in JSON, a scheduled activity is a number
void api.post('/signups/user', { json: { scheduled_activity: '7' } });
// @ts-expect-error -- the author is required
void api.put('/announcements/7', { json: { title: 'x', content: 'y' } });
// @ts-expect-error -- a GET has no body
void api.get('/x', { json: {} });
// @ts-expect-error -- a GET has no body
void api.get('/schedule', { json: {} });
// @ts-expect-error -- a body is given as `json` or `form`
void api.post('/x', { block: 12 });
// @ts-expect-error -- a query cannot hold objects
void api.get('/x', { query: { date: new Date() } });

expectTypeOf<IonAPIMethod>().toEqualTypeOf<'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'>();
expectTypeOf<IonAPIResponse<'GET', '/schedule/2026-11-25'>>().toEqualTypeOf<IonDay>();
expectTypeOf<IonAPIItem<'/announcements'>>().toEqualTypeOf<IonAnnouncement>();
expectTypeOf<IonAPIOptions<'GET', '/blocks'>['query']>().toEqualTypeOf<
  IonBlocksQuery | undefined
>();
expectTypeOf<IonAPIOptions<'GET', string>>().toEqualTypeOf<IonRequestOptions>();
expectTypeOf<IonAPIOptions<'POST', string>>().toEqualTypeOf<IonBodyOptions>();
expectTypeOf<IonPaths['/bus/<id>']>().toEqualTypeOf<IonGet<IonBusRoute>>();
expectTypeOf<IonGet<Own, IonDateQuery>['GET']>().toEqualTypeOf<IonEndpoint<Own, IonDateQuery>>();
expectTypeOf<IonPost<Own, IonFavoriteBody>['POST']['body']>().toEqualTypeOf<IonFavoriteBody>();
expectTypeOf<IonPut<Own, IonFavoriteBody>['PUT']['response']>().toEqualTypeOf<Own>();
expectTypeOf<IonPatch<Own, IonFavoriteBody>['PATCH']['query']>().toEqualTypeOf<undefined>();
expectTypeOf<IonDelete['DELETE']>().toEqualTypeOf<IonEndpoint<undefined>>();

// The types of the responses.
expectTypeOf<IonPage<Own>>().toEqualTypeOf<{
  count: number;
  next: string | null;
  previous: string | null;
  results: Own[];
}>();
expectTypeOf<IonAPIIndex['Emergency Announcements'][string]>().toEqualTypeOf<
  [description: string, exampleURL: string]
>();
expectTypeOf<IonDay>().toEqualTypeOf<{ url: string; date: string; day_type: IonDayType }>();
expectTypeOf<IonDayType['blocks']>().toEqualTypeOf<IonPeriod[]>();
expectTypeOf<IonPeriod>().toEqualTypeOf<{
  order: number;
  name: string;
  start: string;
  end: string;
}>();
expectTypeOf<IonAnnouncement['author']>().toEqualTypeOf<string | null>();
expectTypeOf<IonAnnouncement['user']>().toEqualTypeOf<number | null>();
expectTypeOf<IonAnnouncement['groups']>().toEqualTypeOf<number[]>();
expectTypeOf<IonEmergency['message']>().toEqualTypeOf<string | null>();
expectTypeOf<(IonEmergency & { status: true })['message']>().toEqualTypeOf<string>();
expectTypeOf<IonCompleteProfile['ion_username']>().toEqualTypeOf<string>();
expectTypeOf<IonCompleteProfile['first_name']>().toEqualTypeOf<string | null>();
expectTypeOf<NonNullable<IonCompleteProfile['counselor']>['url']>().toEqualTypeOf<string>();
expectTypeOf<IonCompleteProfile['student_id']>().toEqualTypeOf<number | null | undefined>();
expectTypeOf<IonSearchResult['grade']>().toEqualTypeOf<IonGrade | undefined>();
expectTypeOf<IonGrade>().toEqualTypeOf<{ number: number; name: string }>();
expectTypeOf<IonBusRoute['status']>().toEqualTypeOf<'a' | 'd' | 'o'>();
expectTypeOf<IonBlock>().toEqualTypeOf<{
  id: number;
  url: string;
  date: string;
  block_letter: string;
  locked: boolean;
}>();
expectTypeOf<IonBlockWithActivities['activities']>().toEqualTypeOf<
  Record<string, IonScheduledActivity>
>();
expectTypeOf<IonBlockWithActivities>().not.toHaveProperty('locked');
expectTypeOf<IonScheduledActivity['sponsors']>().toEqualTypeOf<(string | null)[]>();
expectTypeOf<IonScheduledActivity['presign_time']>().toEqualTypeOf<string>();
expectTypeOf<IonActivity>().toEqualTypeOf<{ id: number; url: string; name: string }>();
expectTypeOf<IonActivityWithBlocks['scheduled_on'][string]['roster']>().toEqualTypeOf<{
  id: number;
  url: string;
}>();
expectTypeOf<IonSignUp['block']['block_letter']>().toEqualTypeOf<string>();
expectTypeOf<IonRoster['signups']['members']>().toEqualTypeOf<IonRosterMember[]>();
expectTypeOf<IonRosterMember>().toEqualTypeOf<{
  id: number;
  full_name: string;
  username: string;
  url: string;
}>();

// The types of queries and bodies.
expectTypeOf<IonPageQuery>().toEqualTypeOf<{ page?: number | 'last' | undefined }>();
expectTypeOf<IonBlocksQuery>().toExtend<IonSizedPageQuery & IonDateQuery>();
expectTypeOf<IonSizedPageQuery>().toEqualTypeOf<{
  page?: number | 'last' | undefined;
  page_size?: number | undefined;
}>();
expectTypeOf<IonDateQuery>().toEqualTypeOf<{
  date?: string | undefined;
  start_date?: string | undefined;
}>();
expectTypeOf<{ scheduled_activity: number }>().toExtend<IonSignUpChoice>();
expectTypeOf<{ block: number; activity: number; force: boolean }>().toExtend<IonSignUpBody>();
expectTypeOf<IonFavoriteBody>().toEqualTypeOf<{ activity: number }>();
expectTypeOf<IonAnnouncementBody['groups']>().toEqualTypeOf<number[] | undefined>();

// schoolDay takes a Date or a number of milliseconds, or no argument for today.
expectTypeOf(schoolDay).toBeCallableWith(new Date());
expectTypeOf(schoolDay).toBeCallableWith(Date.now());
expectTypeOf(schoolDay()).toEqualTypeOf<string>();

// The methods for profiles and pictures, which build the path themselves.
expectTypeOf(api.profile()).toEqualTypeOf<Promise<IonProfile>>();
expectTypeOf(api.picture()).toEqualTypeOf<Promise<IonPicture>>();
expectTypeOf(api.picture('2027jdoe', { year: 'senior' })).toEqualTypeOf<Promise<IonPicture>>();
expectTypeOf(api.picture(6, {})).toEqualTypeOf<Promise<IonPicture>>();
expectTypeOf<IonPicture>().toEqualTypeOf<{ data: Buffer; contentType: string }>();
expectTypeOf<IonPictureYear>().toEqualTypeOf<
  'freshman' | 'sophomore' | 'junior' | 'senior' | 'staff'
>();
// @ts-expect-error -- there is no such year
void api.picture('2027jdoe', { year: 'graduate' });

// The options of requests to paths that have no types of their own.
expectTypeOf<IonParameterValue>().toEqualTypeOf<string | number | boolean | null | undefined>();
expectTypeOf<IonParameters>().toEqualTypeOf<
  Readonly<Record<string, IonParameterValue | readonly IonParameterValue[]>>
>();
expectTypeOf<IonRequestOptions>().toEqualTypeOf<{ query?: IonParameters | undefined }>();
expectTypeOf<IonBodyOptions>().toEqualTypeOf<{
  query?: IonParameters | undefined;
  json?: unknown;
  form?: IonParameters | undefined;
}>();
