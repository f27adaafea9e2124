// The paths of Ion's API: what each method takes and returns. Types only.

import type { IonBodyOptions, IonRequestOptions } from './request.js';
import type {
  IonActivity,
  IonActivityWithBlocks,
  IonAnnouncement,
  IonAPIIndex,
  IonBlock,
  IonBlockWithActivities,
  IonBusRoute,
  IonCompleteProfile,
  IonDay,
  IonEmergency,
  IonPage,
  IonRoster,
  IonSearchResult,
  IonSignUp,
} from './response-types.js';

/** Which page of a list. */
export interface IonPageQuery {
  /** Counted from 1. Default: 1. */
  page?: number | 'last' | undefined;
}

/** Which page of a list, and how long its pages are. */
export interface IonSizedPageQuery extends IonPageQuery {
  /** How many items a page has: 1 to 7 days of the schedule, default 1; up to 200 blocks, default 50. */
  page_size?: number | undefined;
}

/** Which days to list. Without either, those of the current school year. */
export interface IonDateQuery {
  /** One day in New York, `2026-11-25`. */
  date?: string | undefined;
  /** That day in New York and all after it, `2026-11-25`. */
  start_date?: string | undefined;
}

/** Which page of the blocks, and of which days. If `date` and `start_date` are both given, `start_date` counts. */
export interface IonBlocksQuery extends IonSizedPageQuery, IonDateQuery {}

/** What to sign up for: a scheduled activity, or an activity and a block. */
export type IonSignUpBody = IonSignUpChoice & {
  /** Whether to ignore what would prevent the sign-up. Only eighth-period admins may. Default: false. */
  force?: boolean | undefined;
};

/** An activity on a block: by the number of the two together, or by the number of each. */
export type IonSignUpChoice =
  | {
      /** From {@link IonScheduledActivity} or {@link IonActivityWithBlocks}. */
      scheduled_activity: number;
      /** Whether `scheduled_activity` counts if `block` and `activity` are given too. */
      use_scheduled_activity?: boolean | undefined;
    }
  | {
      /** The number of the block. */
      block: number;
      /** The number of the activity. */
      activity: number;
    };

/** Which activity to add to the favorites, or to remove if it is one already. */
export interface IonFavoriteBody {
  /** The number of the activity. */
  activity: number;
}

/** A changed announcement, whole. */
export interface IonAnnouncementBody {
  /** Plain text, of up to 127 characters. */
  title: string;
  /** HTML. */
  content: string;
  /** Required by Ion, and repeated in the response, but not stored (a fault of Ion's). */
  author: string;
  /** The ids of the groups that may see it. */
  groups?: number[] | undefined;
  /** Whether it stays at the top of the list. */
  pinned?: boolean | undefined;
}

/** What a request of one method to one path takes and returns. */
export interface IonEndpoint<Response, Query = undefined, Body = undefined> {
  /** The JSON of the response; undefined if the response has no body. */
  response: Response;
  /** The query that Ion takes; undefined if it takes none. */
  query: Query;
  /** The body that Ion takes; undefined if it takes none. */
  body: Body;
}

/** A path that takes GET. */
export interface IonGet<Response, Query = undefined> {
  /** Reads. */
  GET: IonEndpoint<Response, Query>;
}

/** A path that takes POST. */
export interface IonPost<Response, Body> {
  /** Adds something, or carries it out. */
  POST: IonEndpoint<Response, undefined, Body>;
}

/** A path that takes PUT. */
export interface IonPut<Response, Body> {
  /** Replaces the whole. */
  PUT: IonEndpoint<Response, undefined, Body>;
}

/** A path that takes PATCH. */
export interface IonPatch<Response, Body> {
  /** Changes a part. */
  PATCH: IonEndpoint<Response, undefined, Body>;
}

/** A path that takes DELETE. */
export interface IonDelete {
  /** Deletes. The response has no body. */
  DELETE: IonEndpoint<undefined>;
}

/**
 * The paths of Ion's API that respond with JSON, with the types of their responses, queries and
 * bodies. In a path, `<date>` and the like stand for one segment of any text.
 */
export interface IonPaths {
  /** The index of the API. */
  '/': IonGet<IonAPIIndex>;
  /**
   * The days from today on, one a page. Today is the day in UTC: from 7 or 8 p.m. in New York, the
   * list begins with tomorrow. For today, ask for `/schedule/<date>` with {@link schoolDay}.
   */
  '/schedule': IonGet<IonPage<IonDay>, IonSizedPageQuery>;
  /** One day, `2026-11-25`: a day in New York, which {@link schoolDay} gives for now. */
  '/schedule/<date>': IonGet<IonDay>;
  /**
   * The announcements that the person may see: pinned ones first, then the newest. POST is not here,
   * because no request of it can succeed (a fault of Ion's).
   */
  '/announcements': IonGet<IonPage<IonAnnouncement>, IonPageQuery>;
  /** One announcement. Only announcement admins may change it. */
  '/announcements/<id>': IonGet<IonAnnouncement> &
    IonPut<IonAnnouncement, IonAnnouncementBody> &
    IonPatch<IonAnnouncement, Partial<IonAnnouncementBody>> &
    IonDelete;
  /** Whether there is an emergency. */
  '/emerg': IonGet<IonEmergency>;
  /** The profile of the person who owns the token. */
  '/profile': IonGet<IonCompleteProfile>;
  /** The profile of another person, by Ion id or by username in any case. */
  '/profile/<id or username>': IonGet<IonCompleteProfile>;
  /**
   * The people that a search finds, sorted by id. A query of only digits finds just the person with
   * exactly that Ion id or student ID. Put the query through encodeURIComponent.
   */
  '/search/<query>': IonGet<IonPage<IonSearchResult>, IonPageQuery>;
  /** The bus routes, sorted by name. */
  '/bus': IonGet<IonPage<IonBusRoute>, IonPageQuery>;
  /** One bus route. */
  '/bus/<id>': IonGet<IonBusRoute>;
  /**
   * The eighth-period blocks: those of this school year, sorted by date and letter; or those of the days that the
   * query asks for, sorted by id.
   */
  '/blocks': IonGet<IonPage<IonBlock>, IonBlocksQuery>;
  /** One block with its activities. */
  '/blocks/<id>': IonGet<IonBlockWithActivities>;
  /** The activities, sorted by id. */
  '/activities': IonGet<IonPage<IonActivity>, IonPageQuery>;
  /** One activity with its blocks. */
  '/activities/<id>': IonGet<IonActivityWithBlocks>;
  /**
   * The person's own sign-ups: a bare list, not a page. If `date` and `start_date` are both given, `date`
   * counts. POST signs up; if Ion refuses, the `reasons` of the {@link IonAPIError} say why.
   */
  '/signups/user': IonGet<IonSignUp[], IonDateQuery> &
    IonPost<IonActivityWithBlocks, IonSignUpBody>;
  /**
   * Another person's sign-ups: an empty list unless they show their eighth period, or this person
   * is staff or an eighth-period admin. Only eighth-period admins may sign others up.
   */
  '/signups/user/<id>': IonGet<IonSignUp[], IonDateQuery> &
    IonPost<IonActivityWithBlocks, IonSignUpBody>;
  /** The person's own favorite activities: a bare list, not a page. POST adds one, or removes it. */
  '/signups/user/favorites': IonGet<IonActivity[]> &
    IonPost<IonActivityWithBlocks, IonFavoriteBody>;
  /** The roster of an activity on a block. */
  '/signups/scheduled_activity/<id>': IonGet<IonRoster>;
}

/** The methods of {@link IonAPI}, as HTTP names them. */
export type IonAPIMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * Ion's response to a request, by its path: `IonAPIResponse<'GET', '/schedule/2026-11-25'>` is
 * {@link IonDay}. It is `unknown` for a path that is not in `IonPaths`, and `T` if that is given.
 */
export type IonAPIResponse<Method extends IonAPIMethod, Path extends string, T = never> = [
  T,
] extends [never]
  ? ResponseOf<EndpointOf<Method, Path>>
  : // Otherwise TypeScript would infer T from the variable that the response is assigned to.
    NoInfer<T>;

/**
 * The items of a list, by its path: `IonAPIItem<'/announcements'>` is {@link IonAnnouncement}. It is
 * `unknown` for a path that is not a list of `IonPaths`, and `T` if that is given.
 */
export type IonAPIItem<Path extends string, T = never> = [T] extends [never]
  ? IonAPIResponse<'GET', Path> extends IonPage<infer Item>
    ? Item
    : unknown
  : NoInfer<T>;

/**
 * What a request may hold besides its path, by that path: the query and the body that Ion takes
 * there, or any for a path that is not in `IonPaths`.
 */
export type IonAPIOptions<Method extends IonAPIMethod, Path extends string> = [
  EndpointOf<Method, Path>,
] extends [never]
  ? Method extends 'GET' | 'DELETE'
    ? IonRequestOptions
    : IonBodyOptions
  : QueryOption<EndpointOf<Method, Path>> & BodyOption<EndpointOf<Method, Path>>;

type ResponseOf<Endpoint> = [Endpoint] extends [never]
  ? unknown
  : Endpoint extends { response: infer Response }
    ? Response
    : never;

type QueryOption<Endpoint> = Endpoint extends { query: infer Query extends object }
  ? { query?: Query | undefined }
  : { query?: undefined };

type BodyOption<Endpoint> = Endpoint extends { body: infer Body extends object }
  ? { json?: Body | undefined; form?: FormOf<Body> | undefined }
  : unknown;

// A form is sent as text anyway, and its values often come as text, from a form in a browser.
type FormOf<Body> = { [Name in keyof Body]: Body[Name] | string };

type EndpointOf<Method extends IonAPIMethod, Path extends string> = Path extends string
  ? Lookup<IonPaths[KeyOf<WithoutFinalSlash<WithoutQuery<Path>>>], Method>
  : never;

type Lookup<Methods, Method> = Method extends keyof Methods ? Methods[Method] : never;

type WithoutQuery<Path extends string> = Path extends `${infer Before}?${string}` ? Before : Path;

// Ion ignores a final slash, too.
type WithoutFinalSlash<Path extends string> = Path extends `${infer Before}/`
  ? Before extends ''
    ? Path
    : Before
  : Path;

// A path without variable segments goes first: /signups/user/favorites is not somebody's id.
type KeyOf<Path extends string> = Path extends keyof IonPaths
  ? Path
  : MatchOf<Path, keyof IonPaths>;

type MatchOf<Path extends string, Key extends keyof IonPaths> = Key extends string
  ? Segments<Path> extends Pattern<Segments<Key>>
    ? Key
    : never
  : never;

type Segments<Path extends string> = Path extends `/${infer First}/${infer Rest}`
  ? [First, ...Segments<`/${Rest}`>]
  : Path extends `/${infer Only}`
    ? [Only]
    : [];

type Pattern<Names extends string[]> = {
  [Index in keyof Names]: Names[Index] extends `<${string}>` ? string : Names[Index];
};
