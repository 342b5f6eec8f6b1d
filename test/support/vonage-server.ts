import { jsonReply } from './json-reply.js';
import { toldHeaders, type Scenario } from './scenario.js';
import { VendorScript, type Scripted } from './vendor-script.js';
import {
  VendorServer,
  type VendorAnswer,
  type VendorReply,
  type VendorRequest,
  type VendorServerOptions,
} from './vendor-server.js';
import { objectionToQuery, objectionToText } from './vonage-schema.js';

/** The fields of a send request. */
export type VonageText = Readonly<Record<string, string>>;

export interface VonageServerOptions extends VendorServerOptions {
  /** Maximum records in an answer of the Reports API. */
  readonly pageSize?: number;
}

/** A local Vonage: the SMS API, the SMS records of the Reports API, and the balance of the Account API. */
export interface VonageServer {
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly vendor: VendorServer;
  readonly script: VendorScript<VonageText>;
  readonly received: VonageText[];
  /** Answers about the account, which a test may replace. */
  readonly account: { balance: VendorAnswer };
  /** Queries to the Reports API. */
  readonly queries: VonageText[];
  answerWith(answer: Scripted<VonageText>, times?: number): void;
  /** Sets the answer to queries from now on; undefined restores the default. */
  answerQueriesWith(answer: VendorAnswer | undefined): void;
  /** Adds an SMS sent at this time. @returns the ids of its parts. */
  record(text: VonageText, at?: Date): readonly string[];
  close(): Promise<void>;
}

const JSON_TYPE = { 'content-type': 'application/json' };
const DAY_MS = 86_400_000;
const GSM7 = /^[\n\r !-Z_a-z¡£¤¥§¿ÄÅÆÇÉÑÖØÜßàäåæèéìñòöøùüΓΔΘΛΞΠΣΦΨΩ€[\\\]^{|}~]*$/;

export async function startVonageServer(options: VonageServerOptions = {}): Promise<VonageServer> {
  const apiKey = 'abcd1234';
  const apiSecret = 'vonage-test-secret';
  const script = new VendorScript<VonageText>();
  const records: Readonly<Record<string, string>>[] = [];
  const queries: VonageText[] = [];
  const account: VonageServer['account'] = { balance: vonageBalance(12.5) };
  const credentials = `Basic ${Buffer.from(`${apiKey}:${apiSecret}`).toString('base64')}`;
  let queryAnswer: VendorAnswer | undefined;

  const record = (text: VonageText, at = new Date()): readonly string[] => {
    const ids = Array.from(
      { length: partCount(text) },
      (_, n) => `0A00${String(records.length + n).padStart(8, '0')}ABCD`,
    );
    const common = { account_id: apiKey, direction: 'outbound', status: 'accepted', to: text['to'] ?? '' };
    const more = { client_ref: text['client-ref'] ?? '', date_received: at.toISOString() };
    for (const id of ids) records.push({ ...common, ...more, message_id: id });
    return ids;
  };

  const send = ({ headers, body }: VendorRequest): VendorAnswer => {
    script.asked += 1;
    if (!String(headers['content-type']).startsWith('application/x-www-form-urlencoded')) {
      return vonageAnswer([{ status: '2', 'error-text': 'Missing api_key' }]);
    }
    const fields = Object.fromEntries(new URLSearchParams(body));
    const objection = objectionToText(fields);
    if (objection?.keyword === 'required') return vonageAnswer([{ status: '2' }]);
    if (objection) return vonageAnswer([{ status: '3', 'error-text': objection.instancePath }]);
    if (fields['api_key'] !== apiKey || fields['api_secret'] !== apiSecret) {
      return vonageAnswer([{ status: '4' }]);
    }
    // Vonage replaces characters outside the alphabet with question marks.
    if (fields['type'] !== 'unicode' && !GSM7.test(fields['text'] ?? '')) {
      return vonageAnswer([{ status: '3' }]);
    }
    const ref = fields['client-ref'] === undefined ? {} : { 'client-ref': fields['client-ref'] };
    return script.conclude(fields, () =>
      vonageAnswer(
        record(fields).map((id) => ({ to: fields['to'] ?? '', 'message-id': id, status: '0', ...ref })),
      ),
    );
  };

  const read = ({ headers, path }: VendorRequest): VendorAnswer => {
    if (queryAnswer !== undefined) return queryAnswer;
    if (headers['authorization'] !== credentials) return { status: 401 };
    const query = Object.fromEntries(new URL(path, 'http://vonage').searchParams);
    queries.push(query);
    const { account_id: owner, date_start: start = '', date_end: end = '', to, cursor } = query;
    if (objectionToQuery(query))
      return { status: 422, headers: JSON_TYPE, body: '{"title":"Invalid filter"}' };
    if (owner !== apiKey) return { status: 403 };
    if (Date.parse(end) - Date.parse(start) > DAY_MS) return { status: 422 };
    const found = records
      .filter((each) => to === undefined || each['to'] === to)
      .filter(({ date_received: at = '' }) => at >= start && at < end);
    const from = Number(cursor ?? 0);
    const page = found.slice(from, from + (options.pageSize ?? 1_000));
    const next = from + page.length;
    const nextQuery = new URLSearchParams({ ...query, cursor: String(next), iv: 'iv' });
    const link = `https://api.nexmo.com/v2/reports/records?${nextQuery.toString()}`;
    const links = next < found.length ? { _links: { next: { href: link } } } : {};
    const body = { request_status: 'SUCCESS', items_count: page.length, records: page, ...links };
    return { status: 200, headers: JSON_TYPE, body: JSON.stringify(body) };
  };

  const balance = ({ method, headers }: VendorRequest): VendorAnswer => {
    if (method !== 'GET') return { status: 405 };
    return headers['authorization'] === credentials ? account.balance : vonageUnauthorized();
  };

  const vendor = await VendorServer.start(options, (request) => {
    if (request.path === '/account/get-balance') return balance(request);
    if (request.path === '/sms/json') return request.method === 'POST' ? send(request) : { status: 405 };
    if (request.path.startsWith('/v2/reports/records?') && request.method === 'GET') return read(request);
    return { status: 404 };
  });
  return {
    url: vendor.url,
    apiKey,
    apiSecret,
    vendor,
    script,
    received: script.received,
    account,
    queries,
    answerWith: (answer, times) => script.answerWith(answer, times),
    answerQueriesWith: (answer) => {
      queryAnswer = answer;
    },
    record,
    close: () => vendor.close(),
  };
}

/** The answer for an SMS, part by part; its status is always 200. */
export function vonageAnswer(
  messages: readonly Readonly<Record<string, string>>[],
  headers: Readonly<Record<string, string>> = {},
): VendorReply {
  const body = JSON.stringify({ 'message-count': String(messages.length), messages });
  return { status: 200, headers: { ...JSON_TYPE, ...headers }, body };
}

/** The answer of `GET /account/get-balance`. @param value in euros. */
export function vonageBalance(value: number): VendorReply {
  return jsonReply(200, { value, autoReload: false });
}

/** The Account API refuses the credentials. */
function vonageUnauthorized(): VendorReply {
  return jsonReply(401, { 'error-code': '401', 'error-code-label': 'authentication failed' });
}

/** The answer of Vonage to a request in this scenario. */
export function playVonage(scenario: Scenario, told?: string): VendorAnswer | undefined {
  const headers = toldHeaders(told);
  switch (scenario) {
    case 'accept':
      return undefined;
    case 'refuse_address':
      return vonageAnswer([{ status: '33' }]);
    case 'refuse_message':
      return vonageAnswer([{ status: '12' }]);
    case 'fault':
    case 'fault_told':
      return { status: 503, headers };
    case 'over_quota':
    case 'over_quota_told':
      return vonageAnswer([{ status: '1' }], headers);
    case 'garbage':
      return { status: 200, body: '<html>Welcome to the hotel Wi-Fi</html>' };
    case 'hang':
    case 'reset':
      return scenario;
  }
}

/** Parts by Vonage's count: 160 or 153 characters each, or 70 or 67 in UCS-2. */
function partCount({ text = '', type }: VonageText): number {
  const [whole, part] = type === 'unicode' ? [70, 67] : [160, 153];
  return text.length <= whole ? 1 : Math.ceil(text.length / part);
}
