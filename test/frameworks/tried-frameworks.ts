// The frameworks that passport-ion is tested with. The table in the "Works with" guide has the same rows.

/** One framework, with the packages that its app installs. */
export interface Row {
  /** The name in the guide's table. */
  readonly name: string;
  /** Where the app keeps in-flight sign-ins, in the words of the guide's table. */
  readonly keptIn: 'the session' | 'CookieStateStore';
  /** The file in apps/. */
  readonly app: string;
  readonly packages: readonly string[];
  /** Whether the whole session is in its cookie. If so, a copy of the cookie still works after a sign-out. */
  readonly sessionIsInCookie?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
}

const WITH_SESSION = ['express-session@1', 'passport@0.7'];

const EXPRESS: readonly Row[] = ['4.16', '4.18', '4.22', '5'].map((version) => ({
  name: `Express ${version}`,
  keptIn: 'the session',
  app: 'express.mjs',
  packages: [`express@${version}`, ...WITH_SESSION],
}));

const PASSPORT: readonly Row[] = ['0.4', '0.5', '0.6'].map((version) => ({
  name: `Express 5 with Passport ${version}`,
  keptIn: 'the session',
  app: 'express.mjs',
  packages: ['express@5', 'express-session@1', `passport@${version}`],
}));

const NEST: readonly Row[] = ['11', '12'].flatMap((version) =>
  (['no', 'yes'] as const).map((arity) => ({
    name: `NestJS ${version}, \`PassportStrategy(IonStrategy, 'ion'${arity === 'yes' ? ', true' : ''})\``,
    keptIn: 'the session' as const,
    app: 'nest.mjs',
    packages: [
      ...['common', 'core', 'platform-express'].map((name) => `@nestjs/${name}@${version}`),
      `@nestjs/passport@${version}`,
      'reflect-metadata@0.2',
      'rxjs@7',
      ...WITH_SESSION,
    ],
    environment: { ARITY: arity },
  })),
);

const STATE_SECRET = 'kept-secret-by-nobody-0123456789abcdef';

const KOA_PACKAGES = ['@koa/router@15', 'koa-passport@6', 'koa-session@7'];

const KOA: readonly Row[] = [
  ...['2', '3'].map((version) => ({
    name: `Koa ${version}`,
    keptIn: 'CookieStateStore' as const,
    app: 'koa.mjs',
    packages: [`koa@${version}`, ...KOA_PACKAGES],
    environment: { STATE_SECRET },
  })),
  {
    name: 'Koa 3, with a session that has no store',
    keptIn: 'CookieStateStore',
    app: 'koa.mjs',
    packages: ['koa@3', ...KOA_PACKAGES],
    sessionIsInCookie: true,
    environment: { STATE_SECRET, SESSION_IN_COOKIE: 'yes' },
  },
];

const FASTIFY: readonly Row[] = (['session', 'secure-session'] as const).map((session) => ({
  name: `Fastify 5 with @fastify/${session}`,
  keptIn: 'CookieStateStore',
  app: 'fastify.mjs',
  packages: [
    'fastify@5',
    '@fastify/cookie@11',
    '@fastify/passport@4',
    '@fastify/session@11',
    '@fastify/secure-session@8',
  ],
  sessionIsInCookie: session === 'secure-session',
  environment: { STATE_SECRET, SESSION: session },
}));

// Both rows use the same app and packages. They differ only in where the app keeps in-flight sign-ins.
const NEXT: readonly Row[] = (['the session', 'CookieStateStore'] as const).map((keptIn) => ({
  name: 'Next.js 16, API routes of the Pages Router',
  keptIn,
  app: 'next.mjs',
  packages: ['next@16', 'react@19', 'react-dom@19', 'next-connect@1', ...WITH_SESSION],
  environment: {
    NEXT_TELEMETRY_DISABLED: '1',
    ...(keptIn === 'CookieStateStore' ? { STATE_SECRET } : {}),
  },
}));

export const rows: readonly Row[] = [...EXPRESS, ...PASSPORT, ...NEST, ...NEXT, ...KOA, ...FASTIFY];
