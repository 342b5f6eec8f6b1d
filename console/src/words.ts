// Every text of the console, one object per page. Texts with values are functions. Values of the API that people read
// (statuses, reasons, kinds) have their words here as well; a value that is missing is shown as it is.
import type { StateKind } from './parts/states.js';

const number = new Intl.NumberFormat();

/** `count(2, 'delivery', 'deliveries')`: "2 deliveries". */
export const count = (n: number, one: string, many: string): string =>
  `${number.format(n)} ${n === 1 ? one : many}`;

const states: Readonly<Record<StateKind, Readonly<Record<string, string>>>> = {
  status: {
    queued: 'Queued',
    sent: 'Sent',
    delivered: 'Delivered',
    failed: 'Failed',
    skipped: 'Skipped',
    expired: 'Expired',
  },
  outcome: {
    accepted: 'Accepted',
    refused: 'Refused',
    unavailable: 'Vendor unavailable',
    over_quota: 'Over quota',
    misconfigured: 'Misconfigured',
    unknown: 'Unknown',
    error: 'Error',
  },
  breaker: { closed: 'Well', half_open: 'Probing', open: 'Open', paused: 'Paused' },
  check: { ok: 'Check passed', failed: 'Check failed', unknown: 'Not checked' },
  vendor: { up: 'Up', slow: 'Slow', over_quota: 'Over quota', refusing: 'Refusing', down: 'Down' },
  severity: { critical: 'Critical', error: 'Error', warning: 'Warning', info: 'Notice' },
  replay: { running: 'Running', paused: 'Paused', cancelled: 'Cancelled', done: 'Done' },
};

/** The word of a state, or the state itself. */
export const stateWord = (kind: StateKind, state: string): string => states[kind][state] ?? state;

const channelWord = (channel: string): string => words.channels[channel] ?? channel;
const latencyKinds: Readonly<Record<string, string>> = {
  call: 'Rings',
  chat: 'Pushes of messages',
  reaction: 'Pushes of reactions',
  group_action: 'Pushes of group actions',
  api: 'Pushes from your backend',
  sms: 'SMS',
};
const utcDay = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' });
const regions = new Intl.DisplayNames(undefined, { type: 'region' });

export const words = {
  product: 'Bellhop',

  /** Used on many pages. */
  common: {
    all: 'All',
    none: 'None',
    unknown: 'Unknown',
    cancel: 'Cancel',
    close: 'Close',
    save: 'Save',
    copy: 'Copy',
    copied: 'Copied',
    copyOf: (what: string) => `Copy ${what}`,
    loading: 'Loading…',
    more: 'Show more',
    previous: 'Newer',
    next: 'Older',
    app: 'App',
    allApps: 'All apps',
    channel: 'Channel',
    tableKeys: 'Use the arrow keys to move between rows, and Enter to open one.',
  },

  channels: { push: 'Push', sms: 'SMS' } as Readonly<Record<string, string>>,
  kinds: {
    chat: 'Message',
    call: 'Call',
    reaction: 'Reaction',
    group_action: 'Group action',
    sms: 'SMS',
    api: 'From your backend',
  } as Readonly<Record<string, string>>,
  sources: {
    webhook: 'CometChat',
    api: 'Your backend',
    resend: 'Resend',
    replay: 'Replay',
    test: 'Test',
    reply: 'Reply to an SMS',
  } as Readonly<Record<string, string>>,

  failure: {
    title: 'That did not work',
    retry: 'Try again',
    noAnswer: 'The gateway did not answer. It may be restarting, or the network is down.',
    forbidden: 'Your login does not allow this.',
    notFound: 'There is nothing here.',
    requestId: (id: string) => `Request ${id}`,
    crashed: 'The page failed',
    crashedText:
      'The console has a fault on this page. Reload it; if that does not help, report it with the text below.',
    reload: 'Reload the page',
  },

  chart: {
    asTable: 'As a table',
    time: 'Time',
    summary: (title: string, parts: readonly string[]) => `${title}. Latest: ${parts.join(', ')}.`,
    noValues: 'no values',
    zoomHint: 'Drag across the chart to zoom in.',
    limit: (text: string) => `Limit: ${text}`,
  },

  pages: {
    overview: 'Overview',
    notifications: 'Notifications',
    notification: 'Notification',
    person: 'Person',
    providers: 'Providers',
    queues: 'Queues',
    replay: 'Replay',
    spend: 'SMS spend',
    rules: 'Rules',
    phones: 'Phones',
    audit: 'Audit log',
    settings: 'Settings',
    notFound: 'Page not found',
  },

  overview: {
    span: 'Span of time',
    spans: { '1h': '1 hour', '24h': '24 hours', '7d': '7 days', '30d': '30 days' },
    zoomed: (from: string, to: string) => `${from} to ${to}`,
    backToNow: 'Back to the last hour',
    now: 'What is wrong now',
    fine: 'Nothing is wrong',
    fineText: 'Stores, workers and accounts report no problem, and no job is a dead letter.',
    statusFailed: 'The current problems could not be loaded',
    open: 'Open the page',
    problemPages: {
      '/providers': 'Open the providers',
      '/queue-state': 'Open the queues',
      '/settings': 'Open the settings',
    } as Readonly<Record<string, string>>,
    freshTitle: 'No notification yet',
    freshSandbox: 'This gateway has sandbox phones. Send them a message, and watch it arrive.',
    freshConnect:
      'Enter this address as the webhook of a custom push provider in CometChat’s dashboard, with the credentials of the app. Then check that its providers accept your keys.',
    address: 'the address',
    toPhones: 'Open the phones',
    toProviders: 'Check the providers',
    statsFailed: 'The plots could not be loaded',
    nothingInSpan: 'Nothing was received or sent in this span.',
    traffic: 'Traffic',
    webhooks: 'Webhooks per minute',
    answers: { accepted: 'Accepted', duplicate: 'Duplicate', '401': 'Wrong credentials (401)' } as Readonly<
      Record<string, string>
    >,
    refusedWith: (status: string) => `Refused (${status})`,
    outcomesOf: ({ channel = '', provider = '' }: Readonly<Record<string, string>>) =>
      `${channelWord(channel)} attempts of ${provider} per minute`,
    speed: 'Seconds to the vendor',
    latencyOf: ({ channel = '', kind = '' }: Readonly<Record<string, string>>) => {
      const what = latencyKinds[kind];
      return what === undefined ? `${channelWord(channel)}: ${kind}` : what;
    },
    quantile: (percent: number) => `p${percent}`,
    noLatency: 'Nothing was sent in this span.',
    queues: 'Queues',
    waiting: 'Waiting jobs',
    oldest: 'Age of the oldest waiting job',
    devices: 'Devices',
    retired: 'Retired devices per hour',
    retiredReasons: {
      unseen: 'Not seen for long',
      token_unregistered: 'Token no longer registered',
      token_invalid: 'Invalid token',
    } as Readonly<Record<string, string>>,
    spendToday: 'SMS today',
    toSpend: 'All SMS spend',
  },

  spend: {
    intro: 'Costs follow the prices in sms.guard.prices, not the vendor’s bill. Days are in UTC.',
    span: 'Span of time',
    lastDays: (days: number) => (days === 1 ? 'Today' : `Last ${days} days`),
    csv: 'Download as CSV',
    failed: 'The spend could not be loaded',
    limits: 'Limits of this month',
    noCaps: 'No monthly limit is set. sms.guard.perAppPerMonth limits the number of SMS or their cost.',
    capOf: (appId: string, scope: string) =>
      scope.endsWith('.money') ? `Cost of ${appId} this month` : `SMS of ${appId} this month`,
    spentOf: (spent: string, cap: string) => `${spent} of ${cap}`,
    resets: 'Starts again',
    none: (days: number) => (days === 1 ? 'No SMS today' : `No SMS in the last ${days} days`),
    noneText:
      'Segments and costs appear here once a vendor has accepted an SMS. Choose a longer span to look further back.',
    totals: 'By app, provider and country',
    overTime: 'Over time',
    segmentsPerDay: 'Segments per day',
    otherCountries: 'Other countries',
    byDay: 'By day',
    day: 'Day',
    dayOf: (day: string) => utcDay.format(new Date(day)),
    provider: 'Provider',
    country: 'Country',
    countryOf: (code: string | null) => (code === null ? 'No country' : (regions.of(code) ?? code)),
    segments: 'Segments',
    cost: 'Cost',
    segmentsUnit: (segments: number) => (segments === 1 ? 'segment' : 'segments'),
    costUnit: 'cost',
    stopped: 'Stopped prefixes',
    stoppedText:
      'Too many SMS went to numbers that begin alike, so pumping protection stops further ones until the number falls.',
    prefix: 'Prefix',
    since: 'Since',
    topUsers: 'Users with most segments',
    topUsersSince: 'Since',
    user: 'User',
  },

  queues: {
    intro: 'What waits for whom. Calls have queues of their own, so that a ring never waits for messages.',
    failed: 'The queues could not be loaded',
    board: 'Open Bull Board',
    boardText: 'Bull Board shows single jobs, and retries or removes dead letters.',
    name: 'Queue',
    holds: 'Holds',
    contents: {
      plan: 'Messages whose recipients’ devices are looked up',
      'plan-calls': 'Calls whose recipients’ devices are looked up',
      push: 'Pushes',
      'push-calls': 'Pushes that ring',
      sms: 'SMS',
      devices: 'Dead devices to retire',
      replays: 'Replays',
      upkeep: 'Checks and cleaning',
    } as Readonly<Record<string, string>>,
    state: 'State',
    states: {
      idle: 'Empty',
      working: 'Working',
      paused: 'Paused',
      failed: 'Has dead letters',
      noWorker: 'No worker',
    },
    waiting: 'Waiting',
    active: 'Active',
    delayed: 'Delayed',
    oldest: 'Oldest',
    workers: 'Workers',
    deadLetters: 'Dead letters',
  },

  notFound: {
    text: 'There is no page at this address.',
    toOverview: 'Go to the overview',
  },

  shell: {
    skip: 'Skip to the content',
    navigation: 'Pages',
    menu: 'Menu',
    account: 'Account',
    logOut: 'Log out',
    roles: { operator: 'Operator', viewer: 'Viewer: reads only' } as Readonly<Record<string, string>>,
    theme: { label: 'Theme', system: 'As the system', light: 'Light', dark: 'Dark' },
    problems: 'Problems now',
    moreProblems: (n: number) => count(n, 'further problem', 'further problems'),
  },

  search: {
    label: 'Search',
    placeholder: 'Id, uid, number, token …',
    results: 'Search results',
    found: (n: number) => (n === 0 ? 'Nothing found' : count(n, 'result', 'results')),
    searching: 'Searching…',
    nothing:
      'Nothing found. Search by the id of a notification or delivery, a uid or its beginning, a phone number, a push token, a call session, a tag or a vendor’s id.',
    readAs: (readings: readonly string[]) => `Read as ${readings.join(' or ')}`,
    readings: {
      notification: 'a notification’s id',
      delivery: 'a delivery’s id',
      device: 'a device’s id',
      token: 'a push token',
      call_session: 'a call session',
      vendor_message: 'a vendor’s id',
      phone: 'a phone number',
      tag: 'a tag',
      uid: 'a uid',
    } as Readonly<Record<string, string>>,
    person: 'Person',
    device: (platform: string) => `Device, ${platform}`,
    retired: 'retired',
    notification: (kind: string) => `Notification, ${kind.toLowerCase()}`,
  },

  keys: {
    title: 'Keys',
    open: 'Keys',
    switch: 'Keys without Ctrl or Alt',
    switchHint: 'Switch them off if you speak to your computer or press keys by accident.',
    search: 'Search',
    help: 'Show this list',
    rows: 'Move between the rows of a table that has the focus',
    ends: 'First and last row',
    openRow: 'Open the row',
    close: 'Close what is open',
  },

  login: {
    title: 'Log in',
    username: 'Username',
    password: 'Password',
    submit: 'Log in',
    expired: 'Your session has ended. Log in again to go on where you were.',
    wrong: 'Username or password is wrong.',
    tooMany: (seconds: number | undefined) =>
      `Too many wrong passwords came from your address. Try again in ${count(seconds ?? 60, 'second', 'seconds')}.`,
    demo: 'This is the demo. Its credentials are filled in.',
    failed: 'You are not logged in',
  },
};
