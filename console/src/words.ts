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
