import { createHash } from 'node:crypto';
import { toldHeaders, type Scenario } from './scenario.js';
import {
  VendorServer,
  type VendorAnswer,
  type VendorReply,
  type VendorServerOptions,
} from './vendor-server.js';

/** A text that Twilio was asked to send. */
export interface TwilioText {
  readonly to: string;
  readonly from: string | undefined;
  readonly messagingServiceSid: string | undefined;
  readonly body: string;
}

/** What to answer to a valid text; undefined: Twilio takes it. */
export type TwilioAnswer = VendorAnswer | ((text: TwilioText) => VendorAnswer | undefined) | undefined;

export interface TwilioServerOptions extends VendorServerOptions {
  readonly accountSid?: string;
  readonly authToken?: string;
  /** API key pairs that are taken beside the account's own. */
  readonly apiKeys?: Readonly<Record<string, string>>;
}

/** A local Twilio: form, credentials and limits are checked as Twilio checks them. */
export interface TwilioServer {
  /** For `endpoint`. */
  readonly url: string;
  readonly ca: string | undefined;
  readonly accountSid: string;
  readonly authToken: string;
  readonly vendor: VendorServer;
  /** Texts that Twilio took, in order. */
  readonly received: TwilioText[];
  /** Answers so from now on, or for the next `times` texts only. */
  answerWith(answer: TwilioAnswer, times?: number): void;
  close(): Promise<void>;
}

const LONGEST_TEXT = 1_600;

export async function startTwilioServer(options: TwilioServerOptions = {}): Promise<TwilioServer> {
  const accountSid = options.accountSid ?? 'AC00000000000000000000000000000001';
  const authToken = options.authToken ?? 'twilio-test-token';
  const users = new Map([[accountSid, authToken], ...Object.entries(options.apiKeys ?? {})]);
  const received: TwilioText[] = [];
  let script: { answer: TwilioAnswer; times: number } | undefined;

  const scripted = (text: TwilioText): VendorAnswer | undefined => {
    if (!script || script.times <= 0) return undefined;
    script.times -= 1;
    return typeof script.answer === 'function' ? script.answer(text) : script.answer;
  };
  const vendor = await VendorServer.start(options, ({ method, path, headers, body }) => {
    const account = /^\/2010-04-01\/Accounts\/([^/]+)\/Messages\.json$/.exec(path)?.[1];
    if (account === undefined) return twilioError(404, 20404, 'The requested resource was not found');
    if (method !== 'POST') return twilioError(405, 20004, 'Method not allowed');
    if (!isKnown(users, headers['authorization'])) return twilioError(401, 20003, 'Authenticate');
    if (account !== accountSid)
      return twilioError(404, 20404, `The requested resource ${path} was not found`);
    if (!String(headers['content-type']).startsWith('application/x-www-form-urlencoded')) {
      return twilioError(400, 21604, "A 'To' phone number is required.");
    }
    const form = new URLSearchParams(body);
    const objection = objectionTo(form);
    if (objection) return objection;
    const text = {
      to: form.get('To') ?? '',
      from: form.get('From') ?? undefined,
      messagingServiceSid: form.get('MessagingServiceSid') ?? undefined,
      body: form.get('Body') ?? '',
    };
    const answer = scripted(text);
    if (answer !== undefined) return answer;
    received.push(text);
    return twilioMessage(accountSid, text, received.length);
  });
  return {
    url: vendor.url,
    ca: vendor.ca,
    accountSid,
    authToken,
    vendor,
    received,
    answerWith: (answer, times = Number.POSITIVE_INFINITY) => {
      script = { answer, times };
    },
    close: () => vendor.close(),
  };
}

/** An error as Twilio words it. */
export function twilioError(
  status: number,
  code: number,
  message = 'Refused by the test server.',
  headers: Readonly<Record<string, string>> = {},
): VendorReply {
  const body = { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status };
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

/** The message that Twilio answers with. @param errorCode one that failed at once. */
export function twilioMessage(
  accountSid: string,
  text: TwilioText,
  count: number,
  errorCode?: number,
): VendorReply {
  const sid = `SM${createHash('md5').update(`${accountSid} ${count}`).digest('hex')}`;
  const body = {
    account_sid: accountSid,
    api_version: '2010-04-01',
    body: text.body,
    direction: 'outbound-api',
    error_code: errorCode ?? null,
    error_message: null,
    from: text.from ?? null,
    messaging_service_sid: text.messagingServiceSid ?? null,
    num_segments: '1',
    sid,
    status: errorCode === undefined ? 'queued' : 'failed',
    to: text.to,
    uri: `/2010-04-01/Accounts/${accountSid}/Messages/${sid}.json`,
  };
  return { status: 201, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** How Twilio plays a scenario. */
export function twilioAnswer(scenario: Scenario, told?: string): TwilioAnswer {
  const headers = toldHeaders(told);
  switch (scenario) {
    case 'accept':
      return undefined;
    case 'refuse_address':
      return twilioError(400, 21211);
    case 'refuse_message':
      return twilioError(400, 21617);
    case 'fault':
    case 'fault_told':
      return twilioError(503, 20503, 'Service unavailable', headers);
    case 'over_quota':
    case 'over_quota_told':
      return twilioError(429, 20429, 'Too Many Requests', headers);
    case 'garbage':
      return { status: 200, body: '<html>Welcome to the hotel Wi-Fi</html>' };
    case 'hang':
    case 'reset':
      return scenario;
  }
}

function isKnown(users: ReadonlyMap<string, string>, authorization: unknown): boolean {
  const encoded = /^Basic (.+)$/.exec(String(authorization))?.[1];
  if (encoded === undefined) return false;
  const [user = '', ...password] = Buffer.from(encoded, 'base64').toString().split(':');
  return users.get(user) === password.join(':');
}

function objectionTo(form: URLSearchParams): VendorReply | undefined {
  const to = form.get('To') ?? '';
  const body = form.get('Body') ?? '';
  if (to === '') return twilioError(400, 21604, "A 'To' phone number is required.");
  if (!/^\+[1-9]\d{1,14}$/.test(to)) return twilioError(400, 21211, "Invalid 'To' Phone Number");
  if (!form.has('From') && !form.has('MessagingServiceSid')) {
    return twilioError(400, 21603, "A 'From' phone number is required.");
  }
  if (body === '') return twilioError(400, 21602, 'Message body is required.');
  if (body.length > LONGEST_TEXT)
    return twilioError(400, 21617, 'The message body exceeds the 1600 character limit.');
  return undefined;
}
