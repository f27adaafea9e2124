// Tests the types of the local Ion.

import { expectTypeOf } from 'expect-type';
import type { IonStrategyOptions } from 'passport-ion';
import { differences, maintenance, people, startLocalIon } from 'passport-ion/local-ion';
import type {
  Application,
  Difference,
  EndpointName,
  Failure,
  LocalIon,
  LocalIonError,
  LocalIonErrorCode,
  LocalIonOptions,
  Person,
  PersonType,
} from 'passport-ion/local-ion';

expectTypeOf(startLocalIon).toEqualTypeOf<(options?: LocalIonOptions) => Promise<LocalIon>>();
expectTypeOf<LocalIonOptions>().toEqualTypeOf<{
  readonly port?: number;
  readonly host?: string;
  readonly allowHosts?: readonly string[];
  readonly people?: readonly Person[];
  readonly applications?: readonly Application[];
  readonly now?: () => number;
  readonly log?: (line: string) => void;
}>();
// @ts-expect-error -- there is no such option
void startLocalIon({ ports: 8080 });

declare const ion: LocalIon;
// A local Ion's properties can be passed as a strategy's options.
const { baseURL, clientID, clientSecret } = ion;
({ baseURL, clientID, clientSecret, callbackURL: '/' }) satisfies IonStrategyOptions;
type PlayPerson = (url: string | URL, choice: { readonly as: string }) => Promise<string>;
expectTypeOf<LocalIon['approve']>().toEqualTypeOf<PlayPerson>();
expectTypeOf<LocalIon['deny']>().toEqualTypeOf<PlayPerson>();
expectTypeOf<LocalIon['failNext']>().toEqualTypeOf<
  (endpoint: EndpointName, failure: Failure) => void
>();
expectTypeOf<LocalIon['setMaintenance']>().toEqualTypeOf<(on: boolean) => void>();
expectTypeOf(maintenance).toEqualTypeOf<Failure>();
expectTypeOf<LocalIon['revokeTokens']>().toEqualTypeOf<
  (usernameOrID: string, options?: { readonly only?: 'access' }) => void
>();
expectTypeOf<LocalIon['stop']>().toEqualTypeOf<() => Promise<void>>();
ion.failNext('token', { status: 503, body: { detail: 'down' }, delay: 10 });
// @ts-expect-error -- there is no such endpoint
ion.failNext('tokens', { status: 503 });
// @ts-expect-error -- there is no such failure
ion.failNext('token', { code: 503 });
// @ts-expect-error -- `as` is required: someone has to approve
void ion.approve('http://127.0.0.1/');

expectTypeOf<Failure>().toEqualTypeOf<{
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly delay?: number;
  readonly drop?: 'before-response' | 'mid-body';
}>();
expectTypeOf<string>().not.toExtend<EndpointName>();
expectTypeOf<Application>().toEqualTypeOf<{
  readonly name?: string;
  readonly clientID: string;
  readonly clientSecret?: string;
  readonly redirectURIs?: readonly string[];
  readonly sanctioned?: boolean;
  readonly grantType?: 'authorization-code' | 'client-credentials';
}>();

expectTypeOf(people).toEqualTypeOf<readonly Person[]>();
expectTypeOf<Person['user_type']>().toEqualTypeOf<PersonType | undefined>();
expectTypeOf<string>().not.toExtend<PersonType>();
({ ion_username: '2027jdoe' }) satisfies Person;
// @ts-expect-error -- the username is required
({ first_name: 'Jane' }) satisfies Person;
// @ts-expect-error -- there is no such kind of person
({ ion_username: '2027jdoe', user_type: 'pupil' }) satisfies Person;

expectTypeOf(differences).toEqualTypeOf<readonly Difference[]>();
expectTypeOf<Difference>().toEqualTypeOf<{
  readonly about: string;
  readonly ion: string;
  readonly local: string;
}>();

expectTypeOf<LocalIonError>().toExtend<Error>();
expectTypeOf<LocalIonError['code']>().toEqualTypeOf<LocalIonErrorCode>();
expectTypeOf<LocalIonErrorCode>().toExtend<`ERR_LOCAL_ION_${string}`>();
expectTypeOf<string>().not.toExtend<LocalIonErrorCode>();
