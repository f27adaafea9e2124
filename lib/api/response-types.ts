// Types for the responses from Ion's API: every key that Ion sends, and null exactly where Ion sends null.

import type { IonPersonResponse, IonProfileResponse, IonUserType } from '../profile.js';

/** One page of a list. {@link IonAPI.pages} iterates over the items of all pages. */
export interface IonPage<Item> {
  /** How many items the whole list has. */
  count: number;
  /** The URL of the next page; null on the last page. */
  next: string | null;
  /** The URL of the previous page; null on the first page. */
  previous: string | null;
  /** The items of this page, in the order of the list. */
  results: Item[];
}

/**
 * The index of the API: for each section, the patterns of its paths, each with a description and the URL of
 * an example.
 */
export type IonAPIIndex = Record<
  | 'Schedule'
  | 'Announcements'
  | 'Emergency Announcements'
  | 'Profile'
  | 'Search'
  | 'Blocks'
  | 'Activities'
  | 'Signups'
  | 'Bus',
  Record<string, [description: string, exampleURL: string]>
>;

/** A day in the bell schedule. */
export interface IonDay {
  /** The URL of this day in Ion's API. */
  url: string;
  /**
   * The date in New York, such as `2026-11-25`. For a day that is not in Ion's calendar, this is the text
   * that you asked for: for `/schedule/2026-1-5`, it is `2026-1-5`.
   */
  date: string;
  /** The kind of day, with its bell schedule. */
  day_type: IonDayType;
}

/** The kind of a day, such as a blue day, with its bell schedule. */
export interface IonDayType {
  /**
   * The name, such as `Blue Day`. It can contain HTML; a day that is not in Ion's calendar is called
   * `NO SCHOOL<br>`.
   */
  name: string;
  /** Whether the schedule differs from the usual one. False on a day without school. */
  special: boolean;
  /** The periods in order. Empty on a day without school. */
  blocks: IonPeriod[];
}

/** A period in the bell schedule. */
export interface IonPeriod {
  /** The period's position in the day. Several periods can have the same number. */
  order: number;
  /** The name, such as `Period 1`, `Lunch`, or `8A`. It can contain HTML. */
  name: string;
  /** When the period starts, in New York time, on a 24-hour clock without a leading zero: `8:40`. */
  start: string;
  /** When the period ends, in the same form as `start`: `16:00`. */
  end: string;
}

/** An announcement. */
export interface IonAnnouncement {
  /** The URL of this announcement in Ion's API. */
  url: string;
  /** The number of the announcement. */
  id: number;
  /** Plain text, up to 127 characters. */
  title: string;
  /** The text, as HTML written by the person who posted it: clean it before you show it on a page. */
  content: string;
  /**
   * The author's name, as shown on the announcement. If the announcement shows no author, this is the name
   * of the person who posted it, or null if Ion no longer knows that person.
   */
  author: string | null;
  /** The Ion id of the person who posted it; null if Ion no longer knows that person. */
  user: number | null;
  /**
   * When the announcement was posted, in UTC: `2026-11-25T11:37:05.591195Z`. The fraction has six digits,
   * and is left out if it is zero. `new Date(added)` reads both forms.
   */
  added: string;
  /** When the announcement was last changed, in the same form as `added`. */
  updated: string;
  /** The ids of the groups that may see the announcement. Empty if everyone may see it. */
  groups: number[];
  /** Whether the announcement stays at the top of the list. */
  pinned: boolean;
}

/**
 * The emergency announcement of the school system (FCPS).
 *
 * - `status` true: there is one, and `message` is its HTML.
 * - `status` false: there is none, and `message` is empty. But if `message` is null, the school system's
 *   page did not load in time, so there might be one.
 * - `status` null: this Ion is not set up to check for one.
 */
export type IonEmergency =
  | {
      /** An emergency was announced. */
      status: true;
      /** The announcement, as HTML. */
      message: string;
    }
  | {
      /** Ion found no emergency. */
      status: false;
      /** Null if the school system's page did not load in time. */
      message: '' | null;
    }
  | {
      /** This Ion does not check for emergencies. */
      status: null;
      /** Always null. */
      message: null;
    };

/** A profile with every key that Ion sends. `api.profile()` returns a profile in Passport's form. */
export interface IonCompleteProfile extends Required<
  Omit<IonProfileResponse, 'student_id' | 'counselor' | 'administrator'>
> {
  /** Sent only to teachers, counselors and eighth-period admins. Null for people who have no student ID. */
  student_id?: number | null;
  /** Null if the person has none. */
  counselor: Required<IonPersonResponse> | null;
  /** Null if the person has none. */
  administrator: Required<IonPersonResponse> | null;
}

/** A person that a search found. */
export interface IonSearchResult {
  /** The Ion id, as in their profile. */
  id: number;
  /** The URL of their profile in Ion's API. */
  url: string;
  /** See {@link IonUserType}. */
  user_type: IonUserType;
  /** The name that they sign in with. */
  username: string;
  /** First and last name. A name that is null becomes the word `None`. */
  full_name: string;
  /** Null if Ion has none. */
  first_name: string | null;
  /** Null if Ion has none. */
  last_name: string | null;
  /** In search results, only students have a grade; it is left out for everyone else. */
  grade?: IonGrade;
}

/** A person's grade. */
export interface IonGrade {
  /**
   * The grade as a number: 9 to 12; 13 for graduates, staff, and people without a graduation year; 8 or less
   * for future students.
   */
  number: number;
  /** The name of the grade: `freshman`, `sophomore`, `junior`, `senior`, or `graduate` for everyone else. */
  name: string;
}

/** A bus route, and whether its bus is at school. */
export interface IonBusRoute {
  /** Ion's number for the route, not the number on the bus. */
  id: number;
  /** The name of the route, such as `JT-101`. */
  route_name: string;
  /** The space of the bus in the bus lot. Empty while the bus is not there. */
  space: string;
  /** The number on the bus. Empty if Ion has none. */
  bus_number: string;
  /** The status of the bus: `a` for arrived, `d` for delayed, `o` for on time. */
  status: 'a' | 'd' | 'o';
}

/** An eighth-period block in a list of blocks. */
export interface IonBlock {
  /** The number of the block, for use in other paths. */
  id: number;
  /** The URL of this block, with its activities, in Ion's API. */
  url: string;
  /** The date in New York, such as `2026-11-25`. */
  date: string;
  /** The block's letter: `A` or `B`; on special days, any text up to 10 characters long. */
  block_letter: string;
  /** Whether sign-ups are closed. */
  locked: boolean;
}

/** An eighth-period block with its activities. Unlike a block in a list, it has no `locked`. */
export interface IonBlockWithActivities {
  /** The number of the block. */
  id: number;
  /**
   * The activities by id: `Object.values(activities)` lists them. Their order in Ion's JSON is lost,
   * because JavaScript sorts numeric keys.
   */
  activities: Record<string, IonScheduledActivity>;
  /** The date in New York, such as `2026-11-25`. */
  date: string;
  /** The block's letter: `A` or `B`; on special days, any text up to 10 characters long. */
  block_letter: string;
  /** A note about the block. Empty if there is none. */
  comments: string;
}

/** An activity on a certain block, as the owner of the token sees it. */
export interface IonScheduledActivity {
  /** The number of the activity, which is the same on all its blocks. */
  id: number;
  /** The same as `id`. */
  aid: number;
  /** This activity on this block. */
  scheduled_activity: {
    /** The number to sign up with: `scheduled_activity` of {@link IonSignUpBody}. */
    id: number;
    /** The URL of the roster in Ion's API. */
    url: string;
  };
  /** The URL of the activity in Ion's API. */
  url: string;
  /** The name of the activity. */
  name: string;
  /**
   * The name with everything that Ion adds: `Special: ` before it; ` - ` and the title after it; then ` (R)`
   * if it is restricted for this person, ` (S)` if it is sticky, ` (BB)` if it takes both blocks, ` (A)` if
   * it is administrative, and ` (Deleted)` if it was deleted.
   */
  name_with_flags: string;
  /** The name with the flags that matter to this person. */
  name_with_flags_for_user: string;
  /** The description, as plain text. Empty if there is none. */
  description: string;
  /** Whether the activity was canceled on this block. It stays in the list even then. */
  cancelled: boolean;
  /** Whether this person has marked the activity as a favorite. */
  favorited: boolean;
  /** Whether this person has subscribed to the activity. */
  subscribed_to: boolean;
  /** Whether the activity can be subscribed to. */
  subscriptions_enabled: boolean;
  /** How full the activity is. */
  roster: {
    /** How many people have signed up. */
    count: number;
    /** The total capacity of the rooms, in which a room without a limit counts as -1. */
    capacity: number;
    /** The URL of the roster in Ion's API. */
    url: string;
  };
  /** The names of the rooms. */
  rooms: string[];
  /** The names of the sponsors; null for a sponsor whose name Ion does not know. */
  sponsors: (string | null)[];
  /** Whether only certain people may sign up. */
  restricted: boolean;
  /** Whether this person may not sign up. */
  restricted_for_user: boolean;
  /** Whether a sign-up counts for both blocks of the day. */
  both_blocks: boolean;
  /** Whether a person may take the activity on only one block per day. */
  one_a_day: boolean;
  /** Whether Ion marks the activity as special. */
  special: boolean;
  /** Whether this is something other than an activity that people choose, such as an absence. */
  administrative: boolean;
  /** Whether sign-ups open only shortly before the block. */
  presign: boolean;
  /** When sign-ups open, as text in New York time and without a year: `Monday, November 23 at 8:00 PM`. */
  presign_time: string;
  /** Whether people who are signed up cannot switch to another activity. */
  sticky: boolean;
  /** Whether this person is signed up and cannot switch to another activity. */
  user_sticky: boolean;
  /** Empty in everything that Ion sends today. */
  finance: string;
  /** The title of the activity on this block. Empty if there is none. */
  title: string;
  /** A note about the activity on this block. Empty if there is none. */
  comments: string;
  /** Empty in everything that Ion sends today. */
  display_text: string;
  /** 0 in everything that Ion sends today. */
  waitlist_count: number;
  /** False in everything that Ion sends today. */
  waitlisted: boolean;
  /** 0 in everything that Ion sends today. */
  waitlist_position: number;
  /** Whether Ion recommends the activity to this person. */
  is_recommended: boolean;
}

/** An activity in a list. */
export interface IonActivity {
  /** The number of the activity. */
  id: number;
  /** The URL of the activity in Ion's API. */
  url: string;
  /** The name of the activity. */
  name: string;
}

/** An activity with all of its blocks. */
export interface IonActivityWithBlocks {
  /** The number of the activity. */
  id: number;
  /** The name of the activity. */
  name: string;
  /** The description, as plain text. Empty if there is none. */
  description: string;
  /** Whether this is something other than an activity that people choose, such as an absence. */
  administrative: boolean;
  /** Whether only certain people may sign up. */
  restricted: boolean;
  /** Whether sign-ups open only shortly before the block. */
  presign: boolean;
  /** Whether a person may take the activity on only one block per day. */
  one_a_day: boolean;
  /** Whether a sign-up counts for both blocks of the day. */
  both_blocks: boolean;
  /** Whether people who are signed up cannot switch to another activity. */
  sticky: boolean;
  /** Whether Ion marks the activity as special. */
  special: boolean;
  /** The blocks in all years, including past years, by block id. */
  scheduled_on: Record<
    string,
    {
      /** The number of the block. */
      id: number;
      /** The date in New York, such as `2026-11-25`. */
      date: string;
      /** The block's letter: `A` or `B`; on special days, any text up to 10 characters long. */
      block_letter: string;
      /** The URL of the block in Ion's API. */
      url: string;
      /** The roster for this block. */
      roster: {
        /** The number to sign up with: `scheduled_activity` of {@link IonSignUpBody}. */
        id: number;
        /** The URL of the roster in Ion's API. */
        url: string;
      };
    }
  >;
}

/** A person's sign-up for an activity on a block. */
export interface IonSignUp {
  /** The number of the sign-up. */
  id: number;
  /** The block. */
  block: {
    /** The number of the block. */
    id: number;
    /** The date in New York, such as `2026-11-25`. */
    date: string;
    /** The URL of the block in Ion's API. */
    url: string;
    /** The block's letter: `A` or `B`; on special days, any text up to 10 characters long. */
    block_letter: string;
  };
  /** The activity. */
  activity: {
    /** The number of the activity. */
    id: number;
    /** The name with its flags, and ` (Cancelled)` if it was canceled. */
    title: string;
    /** The URL of the activity in Ion's API. */
    url: string;
  };
  /** The number of the activity on this block. */
  scheduled_activity: number;
  /** The person's Ion id. */
  user: number;
}

/** The people who are signed up for an activity on a block. */
export interface IonRoster {
  /** The number of the activity on this block. */
  id: number;
  /** The name of the activity with its flags. */
  name: string;
  /** The block. */
  block: {
    /** The number of the block. */
    id: number;
    /** The date in New York, such as `2026-11-25`. */
    date: string;
    /** The URL of the block in Ion's API. */
    url: string;
  };
  /** The activity. */
  activity: {
    /** The number of the activity. */
    id: number;
    /** The name with its flags. */
    title: string;
    /** The URL of the activity in Ion's API. */
    url: string;
  };
  /** The people who are signed up. */
  signups: {
    /**
     * The people whom the owner of the token may see: the owner, and people who show their eighth period to
     * everyone. Staff and eighth-period admins see everyone.
     */
    members: IonRosterMember[];
    /** How many people are signed up, including those who are not shown. */
    count: number;
    /** How many `members` there are. */
    viewable_count: number;
  };
  /** The total capacity of the rooms, in which a room without a limit counts as -1. */
  capacity: number;
}

/** A person on a roster. */
export interface IonRosterMember {
  /** The Ion id, as in their profile. */
  id: number;
  /** First and last name. A name that is null becomes the word `None`. */
  full_name: string;
  /** The name that they sign in with. */
  username: string;
  /** The URL of their profile in Ion's API. */
  url: string;
}
