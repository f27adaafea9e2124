// Puts nock in place of Ion, for tests that script Ion's responses and do not depend on sockets.

import nock = require('nock');

/** The origin of an Ion that does not exist: nock responds in its place. */
export const ION_ORIGIN = 'https://ion.example';

// Importing nock replaces http.request right away, and would leave it replaced in files that never call useNock.
nock.restore();

const unexpected: string[] = [];

function noteUnexpected(request: { method?: string; path?: string }): void {
  unexpected.push(`${request.method ?? ''} ${request.path ?? ''}`);
}

/**
 * Lets nock stand in for Ion in this test file. A test fails if a request that it expects is not sent, or
 * if one that it does not expect is.
 */
export function useNock(): void {
  beforeAll(() => {
    nock.activate();
    nock.disableNetConnect();
    nock.emitter.on('no match', noteUnexpected);
  });

  afterEach(() => {
    const unused = nock.pendingMocks();
    nock.cleanAll();
    expect({ unused, unexpected: unexpected.splice(0) }).toEqual({ unused: [], unexpected: [] });
  });

  // Turn nock off, because test files that run later in the same process need real requests.
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
