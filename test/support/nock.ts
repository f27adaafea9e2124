// nock in place of Ion, for tests that script a response and in which no socket matters.

import nock = require('nock');

/** An Ion that does not exist: nock answers in its place. */
export const ION_ORIGIN = 'https://ion.example';

const unexpected: string[] = [];

function noteUnexpected(request: { method?: string; path?: string }): void {
  unexpected.push(`${request.method ?? ''} ${request.path ?? ''}`);
}

/**
 * Has nock stand in for Ion in this test file. A test fails if it does not send each request that it
 * expects, and if it sends one that it does not expect.
 */
export function useNock(): void {
  beforeAll(() => {
    if (!nock.isActive()) nock.activate();
    nock.disableNetConnect();
    nock.emitter.on('no match', noteUnexpected);
  });

  afterEach(() => {
    const unused = nock.pendingMocks();
    nock.cleanAll();
    expect({ unused, unexpected: unexpected.splice(0) }).toEqual({ unused: [], unexpected: [] });
  });

  // Files that run later in the same process need real requests.
  afterAll(() => {
    nock.emitter.off('no match', noteUnexpected);
    nock.enableNetConnect();
    nock.restore();
  });
}

/** Expects requests to Ion that have the `reqheaders` and none of the `badheaders`. */
export function ion(
  reqheaders: Record<string, nock.RequestHeaderMatcher> = {},
  badheaders: string[] = [],
): nock.Scope {
  return nock(ION_ORIGIN, { reqheaders, badheaders });
}
