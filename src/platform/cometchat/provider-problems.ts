import type { Channel } from '../../domain/notification.js';
import type { BuiltInProvider, CustomProvider } from './custom-provider.js';
import type { AppSettings } from '../config/app-settings.js';

/** A difference between CometChat's setting and the one that the gateway needs. */
export interface ProviderProblem {
  readonly text: string;
  readonly fix: string;
  /** Whether it keeps webhooks away. Others concern some users, or double notifications. */
  readonly isBlocking: boolean;
}

/** What CometChat's setting is compared with. */
export interface ExpectedProvider {
  readonly app: AppSettings;
  readonly channel: Channel;
  /** `PUBLIC_URL`; undefined: only the path of the URL is compared. */
  readonly publicUrl: string | undefined;
}

const WHERE = 'in CometChat’s dashboard under Notifications → Notifications → Configure';

/** The path of a channel's webhook. */
export const webhookPathOf = (channel: Channel): string => `/webhooks/cometchat/${channel}`;

/** Compares CometChat's custom provider of a channel with the gateway's configuration. */
export function problemsOf(
  provider: CustomProvider | undefined,
  expected: ExpectedProvider,
): ProviderProblem[] {
  const { app, channel } = expected;
  if (app[channel].providers.length === 0) return provider?.isEnabled ? [notServed(expected)] : [];
  const url = `${expected.publicUrl ?? 'https://<PUBLIC_URL>'}${webhookPathOf(channel)}`;
  if (!provider)
    return [
      {
        text: `CometChat has no custom provider for ${wordOf(channel)}: it calls no webhook.`,
        fix: `Add it ${WHERE}, with the URL ${url}.`,
        isBlocking: true,
      },
    ];
  return [
    ...(provider.isEnabled ? [] : [disabled(channel)]),
    ...urlProblems(provider.webhookUrl, expected, url),
    ...authProblems(provider, app),
    ...(channel === 'sms' && provider.storedNumbersOnly ? [STORED_NUMBERS_ONLY] : []),
  ];
}

const disabled = (channel: Channel): ProviderProblem => ({
  text: `The custom provider for ${wordOf(channel)} is disabled: CometChat calls no webhook.`,
  fix: `Enable it ${WHERE}.`,
  isBlocking: true,
});

const notServed = ({ channel }: ExpectedProvider): ProviderProblem => ({
  text: `CometChat’s custom provider for ${wordOf(channel)} is enabled, but the gateway has no provider for them: they end as \`skipped\`.`,
  fix: `Add providers under \`apps[].${channel}.providers\`, or disable the custom provider in CometChat.`,
  isBlocking: false,
});

const STORED_NUMBERS_ONLY: ProviderProblem = {
  text: 'CometChat calls the webhook for SMS only for users whose phone number is stored with CometChat (`useStoredPhNo`).',
  fix: `Switch off “Trigger only if phone number is stored with CometChat” ${WHERE}: the gateway has its own contacts.`,
  isBlocking: false,
};

function urlProblems(
  webhookUrl: string,
  { channel, publicUrl }: ExpectedProvider,
  wanted: string,
): ProviderProblem[] {
  const fix = `Set the webhook URL to ${wanted} ${WHERE}.`;
  if (!URL.canParse(webhookUrl))
    return [{ text: 'The webhook URL in CometChat is not a URL.', fix, isBlocking: true }];
  const url = new URL(webhookUrl);
  const path = url.pathname.replace(/\/+$/, '');
  const other: Channel = channel === 'push' ? 'sms' : 'push';
  if (path.endsWith(webhookPathOf(other)))
    return [
      {
        text: `The webhook URL for ${wordOf(channel)} is that for ${wordOf(other)}: each webhook is answered 400.`,
        fix,
        isBlocking: true,
      },
    ];
  const isRight = publicUrl === undefined ? path.endsWith(webhookPathOf(channel)) : isSame(url, wanted);
  if (isRight) return [];
  const text = `CometChat calls ${shownUrl(webhookUrl)}, which is not the gateway’s webhook${publicUrl === undefined ? '' : ` by \`PUBLIC_URL\` (${wanted})`}.`;
  return [{ text, fix, isBlocking: true }];
}

function isSame(url: URL, wanted: string): boolean {
  const other = new URL(wanted);
  const pathOf = ({ pathname }: URL): string => pathname.replace(/\/+$/, '');
  return url.origin === other.origin && pathOf(url) === pathOf(other);
}

/** CometChat's documentation knows no signature, so that Basic Auth is needed unless it is not configured at all. */
function authProblems(
  { usesBasicAuth, username, password }: CustomProvider,
  { webhook }: AppSettings,
): ProviderProblem[] {
  if (webhook.basicAuth === undefined) return [];
  if (!usesBasicAuth)
    return [
      {
        text: 'Basic Auth is off in CometChat: the gateway answers each webhook with 401.',
        fix: `Switch on Basic Authentication ${WHERE}, with a username and password of \`apps[].webhook.basicAuth\`.`,
        isBlocking: true,
      },
    ];
  const named = webhook.basicAuth.filter((pair) => pair.username === username);
  const isKnown = named.some((pair) => password === null || pair.password === password);
  if (isKnown) return [];
  return [
    {
      text: `The ${named.length === 0 ? 'username' : 'password'} in CometChat is not one of \`apps[].webhook.basicAuth\`: the gateway answers each webhook with 401.`,
      fix: `Enter the username and password of \`basicAuth\` ${WHERE}.`,
      isBlocking: true,
    },
  ];
}

const NAMES = { fcm: 'FCM', apns: 'APNs', twilio: 'Twilio' } as const;

/** A built-in provider as a problem: CometChat does not document whether it stays silent beside a custom provider. */
export function problemOfBuiltIn({ channel, type, id }: BuiltInProvider): ProviderProblem {
  const name = `${NAMES[type]}${id === null ? '' : ` provider \`${id.replaceAll(/[^\w.:-]/g, '')}\``}`;
  return {
    text: `CometChat’s own ${name} is still configured: it may notify instead of the gateway, or a second time.`,
    fix: `Disable or remove it in CometChat’s dashboard, so that only the custom provider sends ${wordOf(channel)}.`,
    isBlocking: false,
  };
}

/** A URL without credentials and query, which may be secret. */
export function shownUrl(url: string): string {
  if (!URL.canParse(url)) return '…';
  const { origin, pathname, search } = new URL(url);
  return `${origin}${pathname}${search === '' ? '' : '?…'}`;
}

const wordOf = (channel: Channel): string => (channel === 'push' ? 'pushes' : 'SMS');
