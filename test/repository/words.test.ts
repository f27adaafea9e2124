// Tests that the sources, tests, and documents use none of the phrases that readers had to decode.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const ROOT = join(__dirname, '../..');

/** The wording that the test rejects, and what to write instead. */
const SIGNS: readonly [RegExp, instead: string][] = [
  [/\bfor who\b/i, '"for people who", "for anyone who"'],
  [/\b(by|from|of|than|to|with) who (?!is\b|are\b)/i, '"people who", "anyone who"'],
  [/\b(tell|tells|told) who\b/i, '"tell people who"'],
  [/\bwhoever\b/i, '"anyone who", "the person who"'],
  [/(?<!\d )\bof whom\b/i, '"whose", or two sentences'],
  [/\bin vain\b/i, 'what failed'],
  [/, ever\b/, '"at any time", or "never" before the verb'],
  [/\bfor ever\b/i, '"forever", or how long'],
  [/\bas ever\b/i, '"as usual"'],
  [/\banew\b/i, '"again"'],
  [/\bbut for\b/i, '"except for"'],
  [/\bdo(es)? without\b/i, '"works without", "does not need"'],
  [
    /\b(?<!there )(is|are|was|were) no (a|an|callback|error|header|IonTokens|JSON|module|page|path|profile|string|text|token|tokens|URL|user)\b/i,
    '"is not a"',
  ],
  [/\b(that|which) is none\b/i, '"that is not one"'],
  [/\bis nobody[’']s\b/i, '"nobody handles", "belongs to nobody"'],
  [
    /(^|[.:] |\/\/ |\* )Where (one|they|nothing|nobody|somebody) (is|are|has|have|does|can|comes|turns)\b/,
    '"if"',
  ],
  [/\bwhere (nothing|nobody|none) (is|was|has|comes)\b/i, '"if nothing", "if nobody"'],
  [/\b(is|are) not looked at\b/i, '"is ignored"'],
  [/\bas (it|they) comes?\b/i, '"unchanged"'],
  [/\bthat it leads there\b/i, 'what leads where'],
  [/\bmistake of who\b/i, '"a mistake that only an app in JavaScript can make"'],
  [
    /\b(hence|hitherto|thence|thereby|therein|thereof|whence|whereby|wherein|whereupon)\b/i,
    '"so", "from there", "by which"',
  ],
  [
    /\b(amongst|behaviour|colour|favour|normalise[ds]?|organise[ds]?|recognise[ds]?|whilst)\b/i,
    'the American spelling',
  ],
  [/\brenew(s|ed|ing|al|als)?\b/i, '"refresh"'],
  [/\bwhole URL/i, '"full URL"'],
  [/\bfinal slash/i, '"trailing slash"'],
  [/\bwhite space\b/i, '"whitespace"'],
  [
    /\b(JSON|promises?|responses?|states?) of (another|other|the API)\b/i,
    '"from", "for", or a noun in front',
  ],
  [/\bby how (many|much)\b/i, '"how much larger", or a noun such as "the growth"'],
  [/\b(passes|passed) on alone\b/i, 'what is passed on without what'],
  [/\bswitch(es|ed|ing)? (it |them )?off\b/i, '"turn off", "disable"'],
  [/\bof its own making\b/i, '"that it makes"'],
  [/\btimers? fires? at once\b/i, '"immediately"'],
  [/\b(hand|hands|handed) over (a|an|the)\b/i, '"pass", "give"'],
  [
    /\b(BIGGEST|LARGEST|LEAST|LONGEST|MOST|SHORTEST|SMALLEST)_[A-Z]/,
    '"MAX_…" or "MIN_…", with the unit at the end',
  ],
];

/** Files that are not checked, because they are generated or in other people's words. */
const NOT_OURS = /^docs\/reference\/|^LICENSE|(^|\/)package-lock\.json$|\.(pem|png|svg|woff2?)$/;

function listTrackedFiles(): string[] {
  const files = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' })
    .trim()
    .split('\n');
  return files.filter(
    (file) =>
      !NOT_OURS.test(file) && file !== relative(ROOT, __filename) && existsSync(join(ROOT, file)),
  );
}

/** Returns each hit in a text: the line, the words, and what to write instead. */
function findSigns(text: string): string[] {
  return text.split('\n').flatMap((line, index) =>
    SIGNS.flatMap(([sign, instead]) => {
      const found = sign.exec(line)?.[0].trim();
      return found === undefined ? [] : [`${index + 1}: "${found}": write ${instead}`];
    }),
  );
}

describe('the words of sources, tests and documents', () => {
  it('are plain English, without the phrases on the list', () => {
    const hits = listTrackedFiles().flatMap((file) =>
      findSigns(readFileSync(join(ROOT, file), 'utf8')).map((hit) => `${file}:${hit}`),
    );

    expect(hits).toEqual([]);
  });
});

describe('findSigns', () => {
  it.each([
    ['// For who has no session', 'people who'],
    ['/** The casts are the mistake of who has no types. */', 'people who'],
    ["it('is refused where nothing is kept')", 'if nothing'],
    ['const LONGEST_PATH = 8192;', 'MAX_'],
    ['// A refresh renews the tokens.', 'refresh'],
    ['// null, which is no string', 'is not a'],
    ['// It is sent twice in vain.', 'what failed'],
    ['/** A whole URL, such as this one. */', 'full URL'],
    ['// Ion ignores a final slash.', 'trailing slash'],
    ['// Without white space', 'whitespace'],
    ['// Promises of other libraries count, too.', 'from'],
    ['/** By how many bytes the process grew. */', 'growth'],
    ['/** `false` switches it off. */', 'turn off'],
    ['// How userProfile hands over the profile', 'pass'],
  ])('finds %s', (line, instead) => {
    const [hit] = findSigns(`\n${line}\n`);

    expect(hit).toMatch(/^2: "/);
    expect(hit).toContain(instead);
  });

  it.each([
    '// There is no page for this path.',
    '// The person is no longer signed in.',
    '// Shows who is signed in, and to whom the tokens belong.',
    '// The file where it is stored',
  ])('accepts %s', (line) => {
    expect(findSigns(line)).toEqual([]);
  });
});
