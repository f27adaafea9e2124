// The types of requests to Ion's API.

import { expectTypeOf } from 'expect-type';
import type {
  IonAPI,
  IonBodyOptions,
  IonParameters,
  IonParameterValue,
  IonPicture,
  IonPictureYear,
  IonProfile,
  IonRequestOptions,
  IonTokens,
} from 'passport-ion';

declare const api: IonAPI;

interface Day {
  readonly date: string;
}

expectTypeOf<IonAPI>().not.toBeAny();
expectTypeOf(api.tokens).toEqualTypeOf<IonTokens | undefined>();

// An answer is unknown, until the caller says what it is.
expectTypeOf(api.get('/schedule')).toEqualTypeOf<Promise<unknown>>();
expectTypeOf(api.post('/signups/user')).toEqualTypeOf<Promise<unknown>>();
expectTypeOf(api.put('/x')).toEqualTypeOf<Promise<unknown>>();
expectTypeOf(api.patch('/x')).toEqualTypeOf<Promise<unknown>>();
expectTypeOf(api.delete('/x')).toEqualTypeOf<Promise<unknown>>();
expectTypeOf(api.get<Day>('/schedule/2026-11-24')).toEqualTypeOf<Promise<Day>>();
expectTypeOf(api.post<Day>('/x', { json: {} })).toEqualTypeOf<Promise<Day>>();
expectTypeOf(api.put<Day>('/x', { json: {} })).toEqualTypeOf<Promise<Day>>();
expectTypeOf(api.patch<Day>('/x', { json: {} })).toEqualTypeOf<Promise<Day>>();
expectTypeOf(api.delete<Day>('/x')).toEqualTypeOf<Promise<Day>>();
expectTypeOf(api.pages('/announcements')).toEqualTypeOf<AsyncGenerator<unknown, void, undefined>>();
expectTypeOf(api.pages<Day>('/schedule')).toEqualTypeOf<AsyncGenerator<Day, void, undefined>>();

expectTypeOf(api.profile()).toEqualTypeOf<Promise<IonProfile>>();
expectTypeOf(api.picture()).toEqualTypeOf<Promise<IonPicture>>();
expectTypeOf(api.picture('2027jdoe', { year: 'senior' })).toEqualTypeOf<Promise<IonPicture>>();
expectTypeOf(api.picture(6, {})).toEqualTypeOf<Promise<IonPicture>>();
expectTypeOf<IonPicture>().toEqualTypeOf<{ data: Buffer; contentType: string }>();
expectTypeOf<IonPictureYear>().toEqualTypeOf<
  'freshman' | 'sophomore' | 'junior' | 'senior' | 'staff'
>();

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

// @ts-expect-error -- a GET has no body
void api.get('/x', { json: {} });
// @ts-expect-error -- a body is given as json or form
void api.post('/x', { block: 12 });
// @ts-expect-error -- a query holds no objects
void api.get('/x', { query: { date: new Date() } });
// @ts-expect-error -- no such year
void api.picture('2027jdoe', { year: 'graduate' });
// @ts-expect-error -- the caller says what an answer is, or looks
void api.get('/schedule').then(({ results }) => results);
