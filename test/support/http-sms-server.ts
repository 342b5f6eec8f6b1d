import { Ajv } from 'ajv';
import { parseJson } from './json-reply.js';
import { toldHeaders, type Scenario } from './scenario.js';
import { VendorScript, type Scripted } from './vendor-script.js';
import {
  VendorServer,
  type VendorAnswer,
  type VendorReply,
  type VendorRequest,
  type VendorServerOptions,
} from './vendor-server.js';

/** An SMS in a request to the vendor. */
export interface HttpText {
  readonly to: string;
  readonly from?: string;
  readonly text: string;
  readonly reference: string;
  readonly encoding?: string;
  readonly parts?: number;
  readonly callback?: string;
}

/** A typical SMS vendor with an HTTP API: JSON, a key in a header, and the message id within a list. */
export interface HttpSmsServer {
  /** For the setting `url`, followed by `/v1/messages`. */
  readonly url: string;
  readonly ca: string | undefined;
  readonly apiKey: string;
  readonly vendor: VendorServer;
  readonly script: VendorScript<HttpText>;
  /** The answer to `GET /v1/balance`, which a test may replace. */
  readonly account: { balance: VendorAnswer };
  /** Requests to `/echo…`, which accepts anything. */
  readonly echoed: VendorRequest[];
  close(): Promise<void>;
}

const isValid = new Ajv({ coerceTypes: false }).compile<HttpText>({
  type: 'object',
  required: ['to', 'text', 'reference'],
  additionalProperties: false,
  properties: {
    to: { type: 'string', pattern: '^\\+[1-9]\\d{6,14}$' },
    from: { type: 'string' },
    text: { type: 'string', minLength: 1, maxLength: 1_600 },
    reference: { type: 'string', pattern: '^[A-Za-z0-9-]{1,40}$' },
    encoding: { enum: ['gsm7', 'ucs2'] },
    parts: { type: 'integer', minimum: 1 },
    callback: { type: 'string' },
  },
});

export async function startHttpSmsServer(options: VendorServerOptions = {}): Promise<HttpSmsServer> {
  const apiKey = 'http-test-key';
  const script = new VendorScript<HttpText>();
  const account: HttpSmsServer['account'] = { balance: httpReply(200, { credits: 120 }) };
  const echoed: VendorRequest[] = [];
  const send = ({ headers, body }: VendorRequest): VendorAnswer => {
    script.asked += 1;
    if (headers['x-api-key'] !== apiKey) return httpReply(401, { error: 'unauthorized' });
    if (headers['content-type'] !== 'application/json') return httpReply(415, { error: 'no JSON' });
    const text = parseJson(body);
    if (!isValid(text)) return httpReply(400, { error: isValid.errors?.[0]?.instancePath ?? 'no JSON' });
    return script.conclude(text, () =>
      httpReply(200, { messages: [{ id: `m-${script.taken}`, status: 'queued' }] }),
    );
  };
  const vendor = await VendorServer.start(options, (request) => {
    if (request.path.startsWith('/echo')) {
      echoed.push(request);
      return { status: 202, body: '0: Accepted for delivery' };
    }
    if (request.method === 'GET' && request.path === '/v1/balance') {
      const isKnown = request.headers['x-api-key'] === apiKey;
      return isKnown ? account.balance : httpReply(401, { error: 'unauthorized' });
    }
    return request.method === 'POST' && request.path === '/v1/messages' ? send(request) : { status: 404 };
  });
  const { url, ca } = vendor;
  return { url, ca, apiKey, vendor, script, account, echoed, close: () => vendor.close() };
}

export const httpReply = (
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): VendorReply => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

/** The answer of the vendor to a request in this scenario. */
export function httpSmsAnswer(scenario: Scenario, told?: string): Scripted<HttpText> {
  const headers = toldHeaders(told);
  switch (scenario) {
    case 'accept':
      return undefined;
    case 'refuse_address':
      return httpReply(410, { error: 'no such subscriber' });
    case 'refuse_message':
      return httpReply(422, { error: 'not this text' });
    case 'fault':
    case 'fault_told':
      return httpReply(503, { error: 'later' }, headers);
    case 'over_quota':
    case 'over_quota_told':
      return httpReply(429, { error: 'slower' }, headers);
    case 'garbage':
      return { status: 200, body: '<html>Welcome to the hotel Wi-Fi</html>' };
    case 'hang':
    case 'reset':
      return scenario;
  }
}
