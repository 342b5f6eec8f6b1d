import { createHash } from 'node:crypto';
import { jsonReply } from './json-reply.js';
import { toldHeaders, type Scenario } from './scenario.js';
import { schemaCheck } from './schema-check.js';
import { TWILIO_CREATE_MESSAGE, TWILIO_LIST_MESSAGES } from './twilio-schema.js';
import { VendorScript, type Scripted } from './vendor-script.js';
import {
  VendorServer,
  type VendorAnswer,
  type VendorReply,
  type VendorServerOptions,
} from './vendor-server.js';

/** An SMS in a request to Twilio. */
export interface TwilioText {
  readonly to: string;
  readonly from: string | undefined;
  readonly messagingServiceSid: string | undefined;
  readonly body: string;
  readonly statusCallback?: string | undefined;
  readonly validityPeriod?: number | undefined;
}

/** A message in Twilio's list. */
export interface TwilioListedMessage {
  readonly sid: string;
  readonly text: TwilioText;
  readonly createdAt: Date;
  readonly direction?: 'inbound' | 'outbound-api';
}

export interface TwilioServerOptions extends VendorServerOptions {
  readonly accountSid?: string;
  readonly authToken?: string;
  /** Accepted Standard API keys, besides the account's own credentials. */
  readonly apiKeys?: Readonly<Record<string, string>>;
}

/** The account in the answers of a local Twilio; a test may replace it. */
export interface TwilioAccount {
  details: VendorAnswer;
  balance: VendorAnswer;
  /** The account's numbers in E.164, each with whether it can send SMS. */
  numbers: Readonly<Record<string, boolean>>;
}

/** A local Twilio that checks form, credentials and limits as Twilio does. */
export interface TwilioServer {
  /** For the setting `endpoint`. */
  readonly url: string;
  readonly ca: string | undefined;
  readonly accountSid: string;
  readonly authToken: string;
  readonly vendor: VendorServer;
  readonly script: VendorScript<TwilioText>;
  readonly account: TwilioAccount;
  /** Accepted SMS, in order. */
  readonly received: TwilioText[];
  /** The message list in chronological order: accepted SMS and messages added by a test. */
  readonly listed: TwilioListedMessage[];
  /** Sets the answer from now on, or for the next `times` SMS only. */
  answerWith(answer: Scripted<TwilioText>, times?: number): void;
  /** Sets the answer to list requests; undefined restores the list. */
  answerListWith(answer: VendorAnswer | undefined): void;
  close(): Promise<void>;
}

const LONGEST_TEXT = 1_600;
const RESOURCE =
  /^\/2010-04-01\/Accounts\/([^/?.]+)(|\/Messages|\/Balance|\/IncomingPhoneNumbers)\.json(?:\?(.*))?$/;
const createFault = schemaCheck(TWILIO_CREATE_MESSAGE);
const listFault = schemaCheck(TWILIO_LIST_MESSAGES);

export async function startTwilioServer(options: TwilioServerOptions = {}): Promise<TwilioServer> {
  const accountSid = options.accountSid ?? 'AC00000000000000000000000000000001';
  const authToken = options.authToken ?? 'twilio-test-token';
  const users = new Map([[accountSid, authToken], ...Object.entries(options.apiKeys ?? {})]);
  const script = new VendorScript<TwilioText>();
  const listed: TwilioListedMessage[] = [];
  const account: TwilioAccount = {
    details: twilioAccount('active'),
    balance: jsonReply(200, { account_sid: accountSid, balance: '12.50', currency: 'USD' }),
    numbers: { '+15005550006': true },
  };
  let listAnswer: VendorAnswer | undefined;

  const vendor = await VendorServer.start(options, ({ method, path, headers, body }) => {
    const [, owner, resource, query = ''] = RESOURCE.exec(path) ?? [];
    if (owner === undefined) return twilioError(404, 20404, 'The requested resource was not found');
    const isMessages = resource === '/Messages';
    const isAllowed = method === 'GET' || (method === 'POST' && isMessages);
    if (!isAllowed) return twilioError(405, 20004, 'Method not allowed');
    if (method === 'POST') script.asked += 1;
    const user = knownUser(users, headers['authorization']);
    // Standard API keys may not read the account.
    const isKnown = resource === '' ? user === accountSid : user !== undefined;
    if (!isKnown) return twilioError(401, 20003, 'Authenticate');
    if (owner !== accountSid) return twilioError(404, 20404, `The requested resource ${path} was not found`);
    if (resource === '') return account.details;
    if (resource === '/Balance') return account.balance;
    if (!isMessages) return twilioNumbers(new URLSearchParams(query), account.numbers);
    if (method === 'GET') return listAnswer ?? twilioList(accountSid, new URLSearchParams(query), listed);
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
      statusCallback: form.get('StatusCallback') ?? undefined,
      validityPeriod: form.has('ValidityPeriod') ? Number(form.get('ValidityPeriod')) : undefined,
    };
    return script.conclude(text, () => {
      listed.push({ sid: sidOf(accountSid, script.taken), text, createdAt: new Date() });
      return twilioMessage(accountSid, text, script.taken);
    });
  });
  return {
    url: vendor.url,
    ca: vendor.ca,
    accountSid,
    authToken,
    vendor,
    script,
    account,
    received: script.received,
    listed,
    answerListWith: (answer) => {
      listAnswer = answer;
    },
    answerWith: (answer, times) => script.answerWith(answer, times),
    close: () => vendor.close(),
  };
}

/** An error in the format of Twilio. */
export function twilioError(
  status: number,
  code: number,
  message = 'Refused by the test server.',
  headers: Readonly<Record<string, string>> = {},
): VendorReply {
  const body = { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status };
  return jsonReply(status, body, headers);
}

/** The message in Twilio's answer. @param errorCode of an SMS that failed at once. */
export function twilioMessage(
  accountSid: string,
  text: TwilioText,
  count: number,
  errorCode?: number,
): VendorReply {
  const status = errorCode === undefined ? 'queued' : 'failed';
  const listed = { sid: sidOf(accountSid, count), text, createdAt: new Date() };
  return jsonReply(201, { ...messageBody(accountSid, listed), error_code: errorCode ?? null, status });
}

/** The account in the format of Twilio, reduced. */
export function twilioAccount(status: 'active' | 'suspended' | 'closed'): VendorReply {
  return jsonReply(200, { friendly_name: 'Bellhop', status, type: 'Full' });
}

/** The account's numbers with exactly this one. */
function twilioNumbers(query: URLSearchParams, numbers: TwilioAccount['numbers']): VendorReply {
  const number = query.get('PhoneNumber') ?? '';
  if ([...query].length !== 1 || !/^\+\d+$/.test(number)) return twilioError(400, 20001, 'Invalid query');
  const incoming_phone_numbers = Object.entries(numbers)
    .filter(([each]) => each === number)
    .map(([phone_number, sms]) => ({ phone_number, capabilities: { mms: false, sms, voice: true } }));
  return jsonReply(200, { incoming_phone_numbers, next_page_uri: null, page: 0, page_size: 50 });
}

/** A page of the messages to a number, newest first, in the format of Twilio. */
function twilioList(
  accountSid: string,
  query: URLSearchParams,
  listed: readonly TwilioListedMessage[],
): VendorReply {
  const asked = Object.fromEntries(
    [...query].map(([key, value]) => [key, /^Page(Size)?$/.test(key) ? Number(value) : value]),
  );
  const fault = listFault(asked);
  if (fault !== undefined) return twilioError(400, 20001, fault);
  const {
    To: to,
    PageSize: size = 50,
    Page: page = 0,
  } = asked as { To?: string; PageSize?: number; Page?: number };
  const matching = listed.filter(({ text }) => to === undefined || text.to === to).reverse();
  const start = page * size;
  const uri = (number: number): string => {
    const next = new URLSearchParams({ ...(to === undefined ? {} : { To: to }), PageSize: String(size) });
    next.set('Page', String(number));
    if (number > 0) next.set('PageToken', `PASM${number}`);
    return `/2010-04-01/Accounts/${accountSid}/Messages.json?${next.toString()}`;
  };
  return jsonReply(200, {
    end: Math.min(start + size, matching.length) - 1,
    first_page_uri: uri(0),
    messages: matching.slice(start, start + size).map((message) => messageBody(accountSid, message)),
    next_page_uri: start + size < matching.length ? uri(page + 1) : null,
    page,
    page_size: size,
    previous_page_uri: page > 0 ? uri(page - 1) : null,
    start,
    uri: uri(page),
  });
}

const sidOf = (accountSid: string, count: number): string =>
  `SM${createHash('md5').update(`${accountSid} ${count}`).digest('hex')}`;

function messageBody(
  accountSid: string,
  { sid, text, createdAt, direction = 'outbound-api' }: TwilioListedMessage,
): Readonly<Record<string, unknown>> {
  return {
    account_sid: accountSid,
    api_version: '2010-04-01',
    body: text.body,
    date_created: createdAt.toUTCString().replace('GMT', '+0000'),
    date_sent: null,
    direction,
    error_code: null,
    error_message: null,
    from: text.from ?? null,
    messaging_service_sid: text.messagingServiceSid ?? null,
    num_segments: '1',
    sid,
    status: 'queued',
    to: text.to,
    uri: `/2010-04-01/Accounts/${accountSid}/Messages/${sid}.json`,
  };
}

/** The answer of Twilio to a request in this scenario. */
export function twilioAnswer(scenario: Scenario, told?: string): Scripted<TwilioText> {
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

/** @returns undefined if the credentials are wrong. */
function knownUser(users: ReadonlyMap<string, string>, authorization: unknown): string | undefined {
  const encoded = /^Basic (.+)$/.exec(String(authorization))?.[1];
  if (encoded === undefined) return undefined;
  const [user = '', ...password] = Buffer.from(encoded, 'base64').toString().split(':');
  return users.get(user) === password.join(':') ? user : undefined;
}

const SMALLEST = { To: '+14155550100', From: 'Bellhop' };

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
  if (form.has('StatusCallback') && createFault({ ...SMALLEST, StatusCallback: form.get('StatusCallback') }))
    return twilioError(400, 21609, "Invalid 'StatusCallback' URL");
  const fields = Object.fromEntries(
    [...form].map(([key, value]) => [key, key === 'ValidityPeriod' ? Number(value) : value]),
  );
  const fault = createFault(fields);
  return fault === undefined ? undefined : twilioError(400, 21624, fault);
}
