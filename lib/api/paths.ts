// Types for the paths of Ion's API: what each method takes and returns.

import type { IonBodyOptions, IonRequestOptions } from './request-options.js';
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

/** Query parameters that choose a page of a list. */
export interface IonPageQuery {
  /** The number of the page, starting from 1. Default: 1. */
  page?: number | 'last' | undefined;
}

/** Query parameters that choose a page of a list, and how long the pages are. */
export interface IonSizedPageQuery extends IonPageQuery {
  /** How many items a page has: 1 to 7 days of the schedule (default 1), or up to 200 blocks (default 50). */
  page_size?: number | undefined;
}

/** Query parameters that choose which days to list. Default: the days in the current school year. */
export interface IonDateQuery {
  /** Only this day in New York, such as `2026-11-25`. */
  date?: string | undefined;
  /** This day in New York and every day after it, such as `2026-11-25`. */
  start_date?: string | undefined;
}

/**
 * Query parameters for the list of blocks. If `date` and `start_date` are both given, only `start_date`
 * counts.
 */
export interface IonBlocksQuery extends IonSizedPageQuery, IonDateQuery {}

/** What to sign up for: a scheduled activity, or an activity and a block. */
export type IonSignUpBody = IonSignUpChoice & {
  /**
   * Whether to sign up despite anything that would prevent it. Only eighth-period admins may do this.
   * Default: false.
   */
  force?: boolean | undefined;
};

/** An activity on a block, chosen by one number for the two together, or by the number of each. */
export type IonSignUpChoice =
  | {
      /**
       * The number of the activity on the block, from {@link IonScheduledActivity} or
       * {@link IonActivityWithBlocks}.
       */
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

/** The activity to add to the favorites, or to remove if it is already there. */
export interface IonFavoriteBody {
  /** The number of the activity. */
  activity: number;
}

/** The complete announcement that replaces the old one. */
export interface IonAnnouncementBody {
  /** Plain text, up to 127 characters. */
  title: string;
  /** HTML. */
  content: string;
  /** Ion requires this field and repeats it in the response, but does not store it (a bug in Ion). */
  author: string;
  /** The ids of the groups that may see the announcement. */
  groups?: number[] | undefined;
  /** Whether the announcement stays at the top of the list. */
  pinned?: boolean | undefined;
}

/** The types for one method on one path. */
export interface IonEndpoint<Response, Query = undefined, Body = undefined> {
  /** The JSON of the response; undefined if the response has no body. */
  response: Response;
  /** The query that Ion takes; undefined if it takes none. */
  query: Query;
  /** The body that Ion takes; undefined if it takes none. */
  body: Body;
}

/** A path that accepts GET requests. */
export interface IonGet<Response, Query = undefined> {
  /** The types for GET, which reads. */
  GET: IonEndpoint<Response, Query>;
}

/** A path that accepts POST requests. */
export interface IonPost<Response, Body> {
  /** The types for POST, which adds or does something. */
  POST: IonEndpoint<Response, undefined, Body>;
}

/** A path that accepts PUT requests. */
export interface IonPut<Response, Body> {
  /** The types for PUT, which replaces everything. */
  PUT: IonEndpoint<Response, undefined, Body>;
}

/** A path that accepts PATCH requests. */
export interface IonPatch<Response, Body> {
  /** The types for PATCH, which changes a part. */
  PATCH: IonEndpoint<Response, undefined, Body>;
}

/** A path that accepts DELETE requests. */
export interface IonDelete {
  /** The types for DELETE, which deletes. The response has no body. */
  DELETE: IonEndpoint<undefined>;
}

/**
 * The paths of Ion's API that respond with JSON, with the types of their responses, queries, and bodies. In
 * a path, a name such as `<date>` stands for one segment with any text.
 */
export interface IonPaths {
  /** The index of the API. */
  '/': IonGet<IonAPIIndex>;
  /**
   * The days starting today, one per page. For Ion, today is the current day in UTC, so after 7 or 8 p.m.
   * in New York, the list begins with tomorrow. To get today in New York, use `/schedule/<date>` with
   * {@link schoolDay}.
   */
  '/schedule': IonGet<IonPage<IonDay>, IonSizedPageQuery>;
  /** One day in New York, such as `2026-11-25`. {@link schoolDay} returns today's date there. */
  '/schedule/<date>': IonGet<IonDay>;
  /**
   * The announcements that the person may see: pinned ones first, then newest first. There is no POST here,
   * because it can never succeed (a bug in Ion).
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
   * The people that a search finds, sorted by id. A query of only digits finds just the person with exactly
   * that Ion id or student ID. Encode the query with encodeURIComponent.
   */
  '/search/<query>': IonGet<IonPage<IonSearchResult>, IonPageQuery>;
  /** The bus routes, sorted by name. */
  '/bus': IonGet<IonPage<IonBusRoute>, IonPageQuery>;
  /** One bus route. */
  '/bus/<id>': IonGet<IonBusRoute>;
  /**
   * The eighth-period blocks in this school year, sorted by date and letter. If the query asks for certain
   * days, the blocks on those days, sorted by id.
   */
  '/blocks': IonGet<IonPage<IonBlock>, IonBlocksQuery>;
  /** One block with its activities. */
  '/blocks/<id>': IonGet<IonBlockWithActivities>;
  /** The activities, sorted by id. */
  '/activities': IonGet<IonPage<IonActivity>, IonPageQuery>;
  /** One activity with its blocks. */
  '/activities/<id>': IonGet<IonActivityWithBlocks>;
  /**
   * The person's own sign-ups, as a plain list without pages. If `date` and `start_date` are both given,
   * only `date` counts. POST signs up; if Ion refuses, the `reasons` of the {@link IonAPIError} say why.
   */
  '/signups/user': IonGet<IonSignUp[], IonDateQuery> &
    IonPost<IonActivityWithBlocks, IonSignUpBody>;
  /**
   * Another person's sign-ups. The list is empty unless that person shows their eighth period, or the owner
   * of the token is staff or an eighth-period admin. Only eighth-period admins may sign others up.
   */
  '/signups/user/<id>': IonGet<IonSignUp[], IonDateQuery> &
    IonPost<IonActivityWithBlocks, IonSignUpBody>;
  /**
   * The person's own favorite activities, as a plain list without pages. POST adds an activity, or removes
   * it if it is already there.
   */
  '/signups/user/favorites': IonGet<IonActivity[]> &
    IonPost<IonActivityWithBlocks, IonFavoriteBody>;
  /** The roster of an activity on a block. */
  '/signups/scheduled_activity/<id>': IonGet<IonRoster>;
}

/** The methods of {@link IonAPI}, as HTTP names them. */
export type IonAPIMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * The type of Ion's response, which the path determines: `IonAPIResponse<'GET', '/schedule/2026-11-25'>` is
 * {@link IonDay}. If `T` is given, the type is `T`. Without `T`, it is `unknown` for a path that is not in
 * `IonPaths`.
 */
export type IonAPIResponse<Method extends IonAPIMethod, Path extends string, T = never> = [
  T,
] extends [never]
  ? ResponseOf<EndpointOf<Method, Path>>
  : // Without `NoInfer`, TypeScript would infer T from the variable that the response is assigned to.
    NoInfer<T>;

/**
 * The type of a list's items, which the path determines: `IonAPIItem<'/announcements'>` is
 * {@link IonAnnouncement}. If `T` is given, the type is `T`. Without `T`, it is `unknown` for a path that
 * is not a list in `IonPaths`.
 */
export type IonAPIItem<Path extends string, T = never> = [T] extends [never]
  ? IonAPIResponse<'GET', Path> extends IonPage<infer Item>
    ? Item
    : unknown
  : NoInfer<T>;

/**
 * The type of a request's options, which the path determines: the query and the body that Ion takes there.
 * For a path that is not in `IonPaths`, any query and body are allowed.
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

// In a form, a number or a boolean may be given as text, because a form is sent as text anyway, and its
// values often come from a form in a browser, as text.
type FormOf<Body> = { [Name in keyof Body]: Body[Name] | string };

type EndpointOf<Method extends IonAPIMethod, Path extends string> = Path extends string
  ? Lookup<IonPaths[KeyOf<WithoutFinalSlash<WithoutQuery<Path>>>], Method>
  : never;

type Lookup<Methods, Method> = Method extends keyof Methods ? Methods[Method] : never;

type WithoutQuery<Path extends string> = Path extends `${infer Before}?${string}` ? Before : Path;

// Ion ignores a trailing slash, too.
type WithoutFinalSlash<Path extends string> = Path extends `${infer Before}/`
  ? Before extends ''
    ? Path
    : Before
  : Path;

// A path without variable segments goes first: `favorites` in /signups/user/favorites is not a person's id.
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
