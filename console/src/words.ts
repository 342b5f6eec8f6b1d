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

  phones: {
    intro:
      'Phones that exist only here. Play CometChat on one side, and watch the message travel: webhook, plan, vendor, phone. Nothing leaves this gateway.',
    arriving: 'Adding two phones…',

    none: {
      title: 'No phones yet',
      text: 'Add a phone, then send it a message.',
      add: 'Add a phone',
    },
    noSandbox: {
      title: 'No sandbox provider',
      text: 'Phones are drawn for providers of type `sandbox`, which keep every message and send none. This gateway has none, so there is nothing that this page could show without reaching real people.',
      todo: 'To rehearse, give a test app a sandbox in the configuration file, and restart the gateway:',
      example: `apps:
  - appId: your-test-app
    push:
      providers: [{ id: rehearsal, type: sandbox }]
    sms:
      providers: [{ id: rehearsal, type: sandbox, from: Rehearsal }]`,
      demo: 'Or start a gateway without a configuration file: that is the demo, with two phones.',
      otherApp: (appId: string) =>
        `The app ${appId} has no sandbox provider. Choose another app, or all of them.`,
    },
    ofApp: (appId: string) => `Phones of the app ${appId}.`,
    more: (shown: number, all: number) =>
      `${shown} of ${all} phones are drawn: those of the users below, then the first ones by name.`,
    viewer: 'Your login may look and not play. Contents are hidden from it.',

    empty: {
      open: 'Empty all phones',
      title: 'Empty all phones?',
      text: 'Deletes every message that the sandboxes of this gateway keep, of all apps. The ledger keeps its records.',
      action: 'Empty',
      done: (n: number) => `${count(n, 'message', 'messages')} deleted`,
    },

    add: {
      open: 'Add a phone',
      title: 'Add a phone',
      text: 'It gets a made-up address, registered as an app would do it.',
      uid: 'User (uid)',
      platform: 'Kind',
      platforms: {
        android: 'Android phone',
        ios: 'iPhone, with VoIP token',
        web: 'Browser (Web Push)',
        sms: 'Number for SMS',
      },
      action: 'Add',
      done: (uid: string) => `${uid} has a new phone`,
    },

    play: {
      heading: 'Play CometChat',
      kind: 'Event',
      kinds: {
        message: 'Message',
        group: 'Group',
        reaction: 'Reaction',
        call: 'Call',
        missed_call: 'Missed call',
        sms: 'SMS',
      },
      hints: {
        message: 'A message in a one-on-one chat.',
        group: 'One message in a group. CometChat calls the webhook once for every member except the sender.',
        reaction: 'A reaction to a message of the recipient.',
        call: 'The phone rings until somebody answers, declines or hangs up, at most 45 seconds.',
        missed_call: 'Rings for five seconds; nobody answers.',
        sms: 'The summary of unread messages that CometChat sends to the SMS webhook.',
      },
      from: 'From (uid)',
      to: 'To (uid)',
      swap: 'Swap sender and recipient',
      text: 'Text',
      emoji: 'Reaction',
      size: 'Members',
      actions: {
        message: 'Send a message',
        group: 'Send to the group',
        reaction: 'React',
        call: 'Ring',
        missed_call: 'Call without an answer',
        sms: 'Send an SMS',
      },
      texts: {
        message: 'Are you there?',
        group: 'Lunch at noon?',
        reaction: '🎉',
        sms: 'Are you coming tonight?',
      },
    },

    plays: {
      heading: 'On its way',
      earlier: 'Earlier',
      none: 'Send something: each step appears here.',
      message: (from: string, to: string) => `Message from ${from} to ${to}`,
      group: (from: string, size: number) => `Message from ${from} to a group of ${size}`,
      reaction: (from: string, to: string) => `Reaction from ${from} to ${to}`,
      call: (from: string, to: string) => `Call from ${from} to ${to}`,
      missed_call: (from: string, to: string) => `Call from ${from} to ${to}, not answered`,
      sms: (from: string, to: string) => `SMS to ${to} about a message from ${from}`,
      answered: (to: string) => `${to} answered`,
      declined: (to: string) => `${to} declined`,
      hungUp: (to: string) => `${to} hung up`,
      cancelled: (from: string) => `${from} hung up`,
      cancel: 'Hang up as the caller',
      story: 'See its story',
      webhooks: (n: number) => count(n, 'webhook', 'webhooks'),
      replay: 'Replay what failed',
      skipped: 'Members without a phone are skipped: nobody to send to.',
    },

    journey: {
      label: 'Its way',
      stations: { webhook: 'Webhook', plan: 'Plan', vendor: 'Vendor', phone: 'Phone' },
      states: {
        done: 'Done',
        now: 'In progress',
        waiting: 'Waiting',
        failed: 'Failed',
        never: 'Not reached',
      },
      accepted: 'Accepted',
      planning: 'Looking for devices…',
      addresses: (n: number) => count(n, 'address', 'addresses'),
      noAddress: 'Nobody to send to',
      sending: 'Sending…',
      retries: (n: number) => `Waiting, ${count(n, 'attempt', 'attempts')}`,
      taken: (n: number) => (n > 1 ? `Accepted at attempt ${n}` : 'Accepted'),
      refused: 'Refused',
      notAsked: 'Not asked',
      shown: 'Arrived',
      nothing: 'Nothing arrived',
      why: (outcome: string) =>
        outcome === 'over_quota'
          ? 'The vendor says that the account is over its quota.'
          : outcome === 'unavailable'
            ? 'The vendor does not answer.'
            : 'The last attempt failed.',
      nextAttempt: (ms: number) =>
        `Bellhop keeps the message and tries again ${ms < 1_500 ? 'in a moment' : `in ${Math.round(ms / 1_000)} s`}, and then less and less often. Once the vendor is up, it arrives.`,
      nextProbe:
        'Bellhop keeps the message and asks the vendor again within seconds. Once the vendor is up, it arrives.',
    },

    vendors: {
      heading: 'Vendors',
      text: 'Switch one off and send something.',
      of: (channel: string, provider: string) => `${channel}: ${provider}`,
      label: (channel: string, provider: string) => `How ${provider} answers to ${channel}`,
      next: {
        up: 'Accepts every message at once.',
        slow: 'Accepts every message after 3 seconds. Others do not wait for it: each delivery has an attempt of its own.',
        down: 'Does not answer. Messages stay queued and are tried again: after about a second, then twice as long each time. Ten failures in a row open the circuit breaker: one message probes, the others wait without losing attempts. A ring expires once the call is over.',
        over_quota:
          'Answers “too many requests”. The account pauses as long as the vendor asks, here 2 seconds; the wait counts as no failure. Rings are tried all the same.',
        refusing:
          'Refuses every message for good. It is not sent again: the notification fails, and its story says why. Devices stay registered.',
      },
      switched: (provider: string, state: string) => `${provider} is now: ${state}`,
      failed: 'The vendor could not be switched',
    },

    phone: {
      name: { android: 'Android', ios: 'iPhone', web: 'Browser', sms: 'Phone' },
      heading: (uid: string, look: string) => `${uid} · ${look}`,
      transports: {
        fcm: 'FCM',
        apns: 'APNs',
        'apns-voip': 'VoIP',
        webpush: 'Web Push',
        expo: 'Expo',
        hms: 'HMS',
      } as Readonly<Record<string, string>>,
      lockScreen: 'Lock screen',
      sms: (n: number) => `SMS (${n})`,
      views: 'What the phone shows',
      chatApp: 'Chat',
      smsApp: 'Messages',
      phoneApp: 'Phone',
      badge: (n: number) => `${n} unread`,
      noCards: 'No notifications',
      noSms: 'No SMS yet',
      now: 'now',
      missed: (isVideo: boolean) => (isVideo ? 'Missed video call' : 'Missed call'),
      site: 'chat.example',
      tab: 'Team page',
      payload: 'Latest payload',
      payloadOf: (heading: string) => `Latest payload of ${heading}`,
      segments: (n: number) => count(n, 'segment', 'segments'),
      encodings: { gsm7: 'GSM-7', ucs2: 'UCS-2' } as Readonly<Record<string, string>>,
      unknownSender: 'Unknown sender',
    },

    call: {
      incoming: (isVideo: boolean) => (isVideo ? 'Incoming video call' : 'Incoming call'),
      ongoing: 'Call in progress',
      answer: 'Answer',
      decline: 'Decline',
      hangUp: 'Hang up',
      failed: 'The call could not be changed',
    },

    /** For screen readers. */
    arrivals: {
      push: (uid: string, title: string, body: string) => `${uid} got a notification. ${title}: ${body}`,
      sms: (uid: string, text: string) => `${uid} got an SMS: ${text}`,
      rings: (uid: string, name: string) => `The phone of ${uid} rings: ${name} calls.`,
      stopped: (uid: string) => `The phone of ${uid} no longer rings.`,
    },
  },
};
