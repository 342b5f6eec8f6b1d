import { LOG_REASONS, type LogReason } from '../../src/platform/cometchat/notification-log.js';
import { jsonReply, parseJson } from './json-reply.js';
import { push } from './payloads.js';
import type { VendorAnswer, VendorRequest } from './vendor-server.js';

/** A custom provider, spelled as CometChat spells it. */
export interface CustomProviderJson {
  isEnabled: boolean;
  webhookURL: string;
  useBasicAuth: boolean;
  basicAuthUsername: string;
  basicAuthPassword: string;
  useStoredPhNo?: boolean;
}

/** A row of the notification log; CometChat's rows have more fields. */
export interface LogRowJson {
  _id: string;
  processingStartedAtMS: number;
  channel: 'push' | 'sms' | 'email';
  provider: string;
  messageId: number;
  trigger: string;
  messageSentAtMS: number;
  sender: string;
  receiver: string;
  receiverType: 'user' | 'group';
  member?: string;
  pushToken?: string;
  payload?: object;
  notificationTriggered: boolean;
  success?: boolean;
  reason?: LogReason | (string & {});
}

/** The REST API's data of one app. Tests and `npm run vendors` change it. */
export interface CometChatState {
  readonly appId: string;
  /** The key of the scope `fullAccess`. */
  restApiKey: string;
  /** A key of another scope. */
  readonly authOnlyKey: string;
  /** Phone numbers by uid; null for a user without a number. */
  readonly numbers: Map<string, string | null>;
  /** The uids whose number was requested so far. */
  readonly askedNumbers: string[];
  /** Whether events are logged. Off by default, as at CometChat. */
  isLogging: boolean;
  /** Oldest first. */
  readonly log: LogRowJson[];
  /** Custom providers by channel. */
  readonly custom: Partial<Record<'push' | 'sms', CustomProviderJson>>;
  /** CometChat's own push providers, and its Twilio account. */
  readonly builtIn: { fcm: object[]; apns: object[]; twilio: object };
  /** Reasons for which users are not notified, by uid. */
  readonly suppressed: Map<string, LogReason>;
  /** Messages sent by REST so far. */
  readonly messages: { id: number; sender: string; receiver: string; text: string }[];
}

export const newCometChatState = (appId: string): CometChatState => ({
  ...{ appId, restApiKey: 'rest-api-key', authOnlyKey: 'auth-only-key', isLogging: false },
  ...{ numbers: new Map(), askedNumbers: [], log: [], custom: {}, suppressed: new Map(), messages: [] },
  builtIn: { fcm: [], apns: [], twilio: {} },
});

export const CONTACT_DETAILS = '/v3/notifications/v1/contact-details';
const LOGS = '/v3/notifications/v1/logs';
const CUSTOM = /^\/v3\/notifications\/(push|sms)\/v1\/providers\/custom$/;
const OWN_PUSH = /^\/v3\/notifications\/push\/v1\/providers\/(fcm|apns)$/;
const TWILIO = '/v3/notifications/sms/v1/providers/twilio';
const PAGE = 20;
/** CometChat's limit for the answer to a webhook. */
const WEBHOOK_TIMEOUT_MS = 2_000;

const refuse = (status: number, code: string): VendorAnswer =>
  jsonReply(status, { error: { message: code, code } });
const badRequest = (): VendorAnswer => refuse(400, 'ERR_BAD_REQUEST');

/**
 * Answers a request to the REST API.
 * Paths and bodies: https://www.cometchat.com/docs/rest-api/notifications-apis/overview
 * Codes: https://www.cometchat.com/docs/rest-api/notifications-apis/error-codes
 */
export function restAnswer(request: VendorRequest, state: CometChatState): VendorAnswer {
  const { method, headers } = request;
  const key = headers['apikey'];
  if (!key) return refuse(401, 'AUTH_ERR_EMPTY_APIKEY');
  if (key === state.authOnlyKey) return refuse(403, 'AUTH_ERR_NO_ACCESS');
  if (key !== state.restApiKey) return refuse(401, 'AUTH_ERR_APIKEY_NOT_FOUND');
  const url = new URL(request.path, 'https://cometchat');
  const [, channel] = CUSTOM.exec(url.pathname) ?? [];
  if (channel === 'push' || channel === 'sms') return customProvider(request, channel, state);
  if (method === 'POST' && url.pathname === '/v3/messages') return message(request, state);
  if (method !== 'GET') return refuse(405, 'ERR_BAD_REQUEST');
  if (url.pathname === CONTACT_DETAILS) return contactDetails(request, state);
  if (url.pathname === LOGS) return logPage(url.searchParams, state);
  if (url.pathname === TWILIO) return jsonReply(200, { data: state.builtIn.twilio });
  const [, own] = OWN_PUSH.exec(url.pathname) ?? [];
  if (own === 'fcm' || own === 'apns') return jsonReply(200, { data: { pushProviders: state.builtIn[own] } });
  return refuse(404, 'ERR_API_NOT_FOUND');
}

function contactDetails({ headers }: VendorRequest, { numbers }: CometChatState): VendorAnswer {
  const phno = numbers.get(String(headers['onbehalfof']));
  if (phno === undefined) return refuse(404, 'ERR_UID_NOT_FOUND');
  return jsonReply(200, { data: { email: 'someone@example.com', ...(phno === null ? {} : { phno }) } });
}

type LogFilter = (row: LogRowJson, value: string, query: URLSearchParams) => boolean;

const FILTERS: Readonly<Record<string, LogFilter>> = {
  messageId: (row, value) => String(row.messageId) === value,
  // CometChat's documentation: no results without the type.
  receiver: (row, value, query) => query.has('receiverType') && row.receiver === value,
  receiverType: (row, value) => row.receiverType === value,
  member: (row, value) => row.member === value,
  channel: (row, value) => row.channel === value,
  provider: (row, value) => row.provider === value,
  reason: (row, value) => row.reason === value,
  from: (row, value) => row.messageSentAtMS >= Number(value),
  to: (row, value) => row.messageSentAtMS <= Number(value),
};

function logPage(query: URLSearchParams, { log }: CometChatState): VendorAnswer {
  const filters = [...query];
  if (filters.some(([name]) => !Object.hasOwn(FILTERS, name))) return badRequest();
  if (!/^\d*$/.test(query.get('messageId') ?? '')) return badRequest();
  const found = log.filter((row) => filters.every(([name, value]) => FILTERS[name]?.(row, value, query)));
  const data = found.toReversed().slice(0, PAGE);
  return jsonReply(200, { data, meta: { current: { limit: PAGE, count: data.length } } });
}

function customProvider(
  { method, body }: VendorRequest,
  channel: 'push' | 'sms',
  { custom }: CometChatState,
): VendorAnswer {
  const known = custom[channel];
  if (method === 'GET') return shown(channel, known);
  if (method === 'DELETE') {
    delete custom[channel];
    return jsonReply(200, { data: { success: true } });
  }
  if (method === 'POST' && known) return refuse(409, 'ERR_PROVIDER_ALREADY_EXISTS');
  if (method === 'PUT' && !known) return refuse(404, 'ERR_PROVIDER_NOT_FOUND');
  if (method !== 'POST' && method !== 'PUT') return refuse(405, 'ERR_BAD_REQUEST');
  const given = { ...known, ...(parseJson(body) as Partial<CustomProviderJson> | undefined) };
  if (!isCustomProvider(given, channel)) return badRequest();
  custom[channel] = given;
  return shown(channel, given);
}

const shown = (channel: 'push' | 'sms', provider: CustomProviderJson | undefined): VendorAnswer =>
  jsonReply(200, {
    data: channel === 'push' ? { pushProviders: provider ? [provider] : [] } : (provider ?? {}),
  });

/** CometChat accepts HTTPS only; here, plain HTTP on the loopback interface as well. */
const WEBHOOK_URL = /^https:\/\/|^http:\/\/(127\.0\.0\.1|localhost)[:/]/;

function isCustomProvider(
  given: Partial<CustomProviderJson>,
  channel: 'push' | 'sms',
): given is CustomProviderJson {
  const { isEnabled, webhookURL, useBasicAuth, basicAuthUsername, basicAuthPassword, useStoredPhNo } = given;
  return (
    typeof isEnabled === 'boolean' &&
    typeof webhookURL === 'string' &&
    WEBHOOK_URL.test(webhookURL) &&
    typeof useBasicAuth === 'boolean' &&
    typeof basicAuthUsername === 'string' &&
    typeof basicAuthPassword === 'string' &&
    (channel === 'push' || typeof useStoredPhNo === 'boolean')
  );
}

function message({ headers, body }: VendorRequest, state: CometChatState): VendorAnswer {
  const sender = headers['onbehalfof'];
  const { category, type, receiver, receiverType, data } = (parseJson(body) ?? {}) as Record<string, unknown>;
  const text = data !== null && typeof data === 'object' ? (data as { text?: unknown }).text : undefined;
  if (typeof sender !== 'string' || sender === '') return badRequest();
  if (category !== 'message' || type !== 'text' || receiverType !== 'user') return badRequest();
  if (typeof receiver !== 'string' || typeof text !== 'string' || text === '') return badRequest();
  const sent = { id: state.messages.length + 1, sender, receiver, text };
  state.messages.push(sent);
  void notify(sent, state);
  return jsonReply(200, { data: { ...sent, id: String(sent.id), category, type, receiverType } });
}

/** Notifies the receiver as CometChat does: preferences first, then the custom provider, then the log. */
async function notify(
  { id, sender, receiver, text }: CometChatState['messages'][number],
  state: CometChatState,
): Promise<void> {
  const provider = state.custom.push;
  if (!provider?.isEnabled) return;
  const reason = state.suppressed.get(receiver);
  const sentAt = Date.now();
  const details = {
    ...{ title: sender, body: text, sender, senderName: sender, receiver, receiverName: receiver },
    ...{ tag: String(id), conversationId: `${sender}_user_${receiver}`, sentAt: String(sentAt) },
  };
  const payload = { ...push(details, receiver), appId: state.appId };
  const outcome: Partial<LogRowJson> =
    reason === undefined ? await callWebhook(provider, payload) : { notificationTriggered: false, reason };
  if (!state.isLogging) return;
  state.log.push({
    ...{ _id: `log-${state.log.length + 1}`, channel: 'push', provider: 'custom', messageId: id },
    ...{ trigger: 'after_message', messageSentAtMS: sentAt, processingStartedAtMS: sentAt },
    ...{ sender, receiver, receiverType: 'user', payload, notificationTriggered: true, ...outcome },
  });
}

async function callWebhook(
  { webhookURL, useBasicAuth, basicAuthUsername, basicAuthPassword }: CustomProviderJson,
  payload: object,
): Promise<Partial<LogRowJson>> {
  const pair = Buffer.from(`${basicAuthUsername}:${basicAuthPassword}`).toString('base64');
  const authorization = `Basic ${pair}`;
  try {
    const { status } = await fetch(webhookURL, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(useBasicAuth ? { authorization } : {}) },
      body: JSON.stringify(payload),
      signal: AbortSignal.timeout(WEBHOOK_TIMEOUT_MS),
    });
    return { success: status === 200 };
  } catch (error) {
    const isLate = error instanceof Error && error.name === 'TimeoutError';
    return isLate ? { notificationTriggered: false, reason: 'TIMED_OUT' } : { success: false };
  }
}

/** Whether a word is a reason of the log. */
export const isLogReason = (word: unknown): word is LogReason =>
  LOG_REASONS.some((reason) => reason === word);
