// The words that `npm run words` keeps out, what to write instead, and where it looks.

/**
 * @typedef {object} Rule
 * @property {string} word as it is reported
 * @property {string} use what to write instead
 * @property {RegExp} pattern
 * @property {'name' | 'prose'} kind `name`: also in identifiers and file names; `prose`: in comments, pages and
 *   sentences only
 * @property {readonly string[]} [within] only in these paths, where the word has another meaning elsewhere
 * @property {readonly string[]} [outside] everywhere but in these paths
 */

/** Checked by `npm run check`. */
export const CHECKED = [
  '*.md',
  '*.yaml',
  '*.yml',
  '*.mjs',
  '*.cjs',
  'Dockerfile',
  '.env.example',
  'src',
  'console',
  'test',
  'docs',
  'docker',
  'scripts',
  'prisma',
  'tools',
];

/** Excluded: generated code, applied migrations, recorded fixtures, the names of the past, and these rules. */
export const IGNORED = [
  'node_modules',
  'src/platform/database/generated',
  'console/src/api/schema.ts',
  'prisma/migrations',
  'CHANGELOG.md',
  'test/fixtures',
  'scripts/word-list.mjs',
  'test/docs/words.spec.ts',
];

/** Names that users know and terms of third parties: they stay. */
export const ALLOWED = [
  // field of a stored job's progress
  /(?<=[{.']\s?|readonly )deaths\b(?!\()/g,
  // paths: a file is named where it lies
  /(?<![\w./-])[\w./-]+\.(?:ts|js|mjs|cjs|md|sql|prisma)\b/g,
  // settings, reasons, log events, metrics, tables and columns
  /\b(?:push\.)?storm\.(?=[a-z])|\bpush\.storm\b|\bconversation_storm\b|\bsms_(?:pace|receipt)\b/g,
  /\b(?:sms\.)?receiptTimeoutSeconds\b|['"`]set[_-]aside['"`]|\bset_aside:/g,
  // names in the spool's files
  /['"]adopted-['"]/g,
  /[`"]lane[`"]|\blane: queueName\b|\{ lane, \.\.\.job \}|\bqueueName: lane\b/gi,
  /\bperPersonPer(?:Hour|Day)\b|\bperson_(?:hour|day)(?:_money)?\b|\bperson-(?=\$)/g,
  /\.texts\b|\btexts: (?=\d)|`texts`|\b(?:sum\(texts\)::int AS|no more|get) texts\b|`texted`|\bseen, texted\b/g,
  /(?<=[.'`])storm\b|\bstorm(?=\??:)|\b(?:previous_)?carrier(?=")/g,
  // terms of others
  /https?:\/\/\S+/g,
  /\b(?:US|mobile|wireless) carriers?\b/gi,
  /\b(?:read|delivery|Expo(?:'s)?|push) receipts?\b|\b(?:time|date|moment) of receipt\b|\bon receipt\b/gi,
  /\bhash slots?\b|\bcluster slots?\b|\bslots? of a (?:Redis )?Cluster\b/gi,
  // ordinary English
  /\bin turns?\b|\bturns? (?:[\w']+ ){0,6}?(?:into|off|on|out|to|around|away)\b/gi,
  /\ba lot\b|\blots of\b/gi,
  /\bso long as\b|\bin order\b/gi,
];

/**
 * A word inside identifiers, too: `laneOf`, `PlanLane`, `plan-lane`, `LANE`, but not `planet`.
 *
 * @param {string} words alternatives in lower case
 */
function named(words) {
  const capital = words.replaceAll(/(?<=^|\|)[a-z]/g, (letter) => letter.toUpperCase());
  return new RegExp(
    `(?<![A-Za-z])(?:${words})(?![a-z])|(?:${capital})(?![a-z])|(?<![A-Z])(?:${words.toUpperCase()})(?![A-Z])`,
    'g',
  );
}

/** Words of a sentence, which may go on in the next line of a comment. @param {string} words */
function spoken(words) {
  const gap = String.raw`(?:\s+(?:(?:\*|//|--|#|>)\s+)?)`;
  return new RegExp(String.raw`\b(?:${words.replaceAll(' ', gap)})\b`, 'gi');
}

/** @param {string} word @param {string} use @param {string} [words] @param {Partial<Rule>} [where] @returns {Rule} */
const name = (word, use, words = word, where = {}) => ({
  word,
  use,
  pattern: named(words),
  kind: 'name',
  ...where,
});

/** @param {string} word @param {string} use @param {string} [words] @param {Partial<Rule>} [where] @returns {Rule} */
const prose = (word, use, words = word, where = {}) => ({
  word,
  use,
  pattern: spoken(words),
  kind: 'prose',
  ...where,
});

/** @param {string} word @param {string} use @param {RegExp} pattern @returns {Rule} */
const symbol = (word, use, pattern) => ({ word, use, pattern, kind: 'name' });

/** @type {readonly Rule[]} */
export const RULES = [
  // the field's terms
  name('lane', 'queue', 'lanes?'),
  name('set aside', 'dead-letter', 'set[ _-]?aside|sets[ _-]?aside|setting aside'),
  symbol('DeadLetter', 'DeadLetter', /(?<![A-Z])[sS]etAside/g),
  symbol('RetryLater', 'RetryLater', /[tT]ryAgain|\btry-again\b/g),
  symbol('ProviderCircuitBreaker', 'ProviderCircuitBreaker', /[pP]roviderGate|\bprovider-gate\b/g),
  prose(
    'left alone',
    'circuit breaker open, rate-limited, or unchanged',
    'left alone|leaves? (?:it |them )?alone',
  ),
  name('turns', 'job isolation, or event-loop tick', 'turns?', {
    outside: ['bench', 'tools', 'test/bench', 'test/tools'],
  }),
  name('danger', 'risk level', 'danger|dangers|dangerous', { outside: ['console'] }),
  name('death', 'crash', 'deaths?'),
  name('pace', 'adaptive concurrency, or rate limit', 'pace|paces|paced|unpaced|pacing'),
  name('pacer', 'SMS rate limiter', 'pacers?'),
  name('slot', 'reservation', 'slots?', {
    within: ['src/channels/sms', 'test/integration/channels', 'docs/sms.md', 'docs/adr'],
  }),
  name('lot', 'reservation', 'lots?'),
  symbol('turn connector', 'write coalescing', /\bturn[ -]connectors?\b/gi),
  symbol('spread worker', 'sharded worker', /[sS]preadWorker|\bspread[ -]workers?\b/g),
  symbol('old shards', 'orphaned shards', /[oO]ldShards|\bold[ -]shards\b/g),
  name('orders', 'send requests, jobs, or verb "enqueue"', 'orders'),
  symbol(
    'Order',
    'send request, job, queued delivery, or reservation request',
    /Order(?=[A-Z])|(?:\b(?:class|interface|type|new) |[:<] ?)Order\b/g,
  ),
  prose('receipt', 'delivery report, accept result, or read receipt', 'receipts?', {
    outside: ['src/providers/expo', 'test/contracts/expo.spec.ts'],
  }),
  name('desk', 'SMS preparer', 'desks?'),
  symbol('ready text', 'prepared SMS', /[rR]eadyText|\bready[ -]texts?\b/g),
  symbol('ways left', 'remaining providers', /[wW]ays(?:Left|ToTry)|\bways[ -](?:left|to[ -]try)\b/g),
  symbol('Way', 'candidate provider', /\bWay\b(?= \{|\[\]|>|;)/g),
  prose('unreached way', 'unreachable channel', 'unreached ways?'),
  prose('texts', 'SMS (a string stays a text)', 'texts|texted|an? text(?! of| with)', {
    outside: [
      'console',
      'src/platform/expressions',
      'src/platform/http',
      'scripts',
      'src/channels/sms/guard/counters.sql.ts',
      'tools/bench/guard.mjs',
    ],
  }),
  symbol(
    'own name for a repository',
    '*Repository',
    /\b(?:ContactBook|DeviceRegistry|SeenMessages|OptOuts|ProviderStates|LedgerReader)\b|\/(?:contact-book|device-registry|seen-messages|opt-outs|provider-states|ledger-reader)\.ts$/g,
  ),
  prose('contact book', 'contacts', 'contact book|device book'),
  symbol(
    'guard',
    'authenticator',
    /\b(?:Webhook|Backend|Client|Operator|Vendor|Request)Guards?\b|\.guard\.ts$|\/request-guard\.ts$/g,
  ),
  name('admit', 'authenticate', 'admit|admits|admitted'),
  name('occasion', 'push type', 'occasions?'),
  name('storm', 'burst', 'storms?'),
  // not in SQL, where it is a column
  name('carrier', 'digest push', 'carriers?', {
    outside: ['src/deliveries/sql/burst.sql.ts'],
    within: [
      'src/deliveries',
      'src/channels/push',
      'src/recipients',
      'src/domain',
      'prisma',
      'test/integration/deliveries',
      'test/e2e/queue',
      'docs/adr',
      'docs/glossary.md',
    ],
  }),
  name('patience', 'deadline', 'patience'),
  prose('give up', 'fail, abandon, or deadline exceeded', 'gave up|gives? up|given up|giving up'),
  symbol('giveUp', 'deadline exceeded, reject', /[gG](?:ive|ave|iven)Up(?![a-z])/g),
  name('beat', 'heartbeat', 'beat|beats|beating', { outside: ['docs/chaos.md'] }),
  name('adopt', 'take over', 'adopt|adopts|adopted|adopting|adoption'),
  symbol('settle in', 'claim', /[sS]ettles?In(?![a-z])|\bsettles?[ -]in\b/g),
  symbol('move in, move out', 'claim, reclaim', /[mM]ove(?:In|Out)(?![a-z])|\bmoves?[ -](?:in|out)\b/g),
  name('heir', 'the process that takes over', 'heirs?'),
  // The console's page is called so by its users.
  name('person', 'user or recipient', 'persons?', { outside: ['console', 'test/browser'] }),

  // prose
  prose('whoever', 'the noun: the client, the process', 'whoever|whomever|whosoever'),
  prose('that which', 'the noun'),
  symbol('What as a subject', 'a noun first', /(?<=(?:[.;:]|\*|\/\/|^-|^\|)\s)What (?![^.\n]*\?)(?=[a-z])/gm),
  prose(
    'some ten',
    'about ten',
    String.raw`some (?:two|three|five|ten|twenty|fifty|hundreds?|thousands?|dozens?|\d[\d,.]*)`,
  ),
  prose('as it likes', 'any', 'as (?:it|they|he|she|one|you|we) likes?'),
  prose('of late', 'recently', 'of late|lately'),
  prose('be it', 'whether', 'be it|be they'),
  prose('so long', 'for that time, until', 'so long'),
  prose('in hand', 'in progress'),
  prose('in vain', 'without success'),
  prose('reckon', 'compute, estimate', 'reckon|reckons|reckoned|reckoning'),
  prose('in a circle', 'deadlock, cycle', 'in a circle|in circles|no circles?'),
  prose('tell of', 'report', 'tells? of|told of|telling of'),
  prose('heed', 'respect', 'heed|heeds|heeded'),
  prose('dear', 'expensive', 'is dear|are dear|too dear|dearer'),
  prose('at its turn', 'when it is due', 'at (?:its|their) turn'),
];
