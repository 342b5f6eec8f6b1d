import { isValidateOnly, objectionTo } from './fcm-rules.js';
import { GoogleTokenEndpoint } from './google-token-endpoint.js';
import { jsonReply, parseJson } from './json-reply.js';
import { toldHeaders, type Scenario } from './scenario.js';
import {
  VendorServer,
  type VendorAnswer,
  type VendorReply,
  type VendorRequest,
  type VendorServerOptions,
} from './vendor-server.js';

/** The `message` of a `messages:send`. */
export type FcmMessage = Readonly<Record<string, unknown>> & { readonly token: string };

/** The answer to a valid message; undefined: FCM accepts it. */
export type FcmAnswer = VendorAnswer | ((message: FcmMessage) => VendorAnswer | undefined) | undefined;

export interface FcmServerOptions extends VendorServerOptions {
  readonly projectId?: string;
  /** Lifetime of an access token in seconds; default: an hour. */
  readonly tokenSeconds?: number;
  /** No message is answered before this is settled. */
  readonly answersAfter?: Promise<unknown>;
}

/** A local FCM that validates messages as Google does, with Google's token endpoint. */
export interface FcmServer {
  /** For the setting `endpoint`. */
  readonly url: string;
  /** For the setting `tokenEndpoint`. */
  readonly tokenUrl: string;
  readonly ca: string | undefined;
  readonly projectId: string;
  /** For the setting `serviceAccount`. */
  readonly serviceAccount: string;
  readonly tokens: GoogleTokenEndpoint;
  readonly vendor: VendorServer;
  /** Accepted messages, in order. */
  readonly received: FcmMessage[];
  /** Number of messages received, whatever the answer; without those to validate only. */
  readonly asked: () => number;
  /** Sets the answer from now on, or for the next `times` messages only. */
  answerWith(answer: FcmAnswer, times?: number): void;
  close(): Promise<void>;
}

export async function startFcmServer(options: FcmServerOptions = {}): Promise<FcmServer> {
  const projectId = options.projectId ?? 'test-project';
  const tokens = new GoogleTokenEndpoint(projectId, options.tokenSeconds ?? 3_599);
  const received: FcmMessage[] = [];
  let asked = 0;
  let script: { answer: FcmAnswer; times: number } | undefined;

  const scripted = (message: FcmMessage): VendorAnswer | undefined => {
    if (!script || script.times <= 0) return undefined;
    script.times -= 1;
    return typeof script.answer === 'function' ? script.answer(message) : script.answer;
  };
  const send = ({ headers, body }: VendorRequest): VendorAnswer => {
    const request = parseJson(body);
    const isCheck = isValidateOnly(request);
    if (!isCheck) asked += 1;
    const bearer = /^Bearer (.+)$/.exec(String(headers['authorization']))?.[1];
    if (bearer === undefined || !tokens.issued.includes(bearer)) return UNAUTHENTICATED;
    if (request === undefined)
      return fcmError(400, 'INVALID_ARGUMENT', { message: 'Invalid JSON payload received.' });
    const objection = objectionTo(request);
    if (objection) {
      const { field, description } = objection;
      return fcmError(400, 'INVALID_ARGUMENT', { message: description, field });
    }
    const { message } = request as { message: FcmMessage };
    const answer = scripted(message);
    if (answer !== undefined) return answer;
    if (isCheck) return json(200, { name: `projects/${projectId}/messages/fake_message_id` });
    received.push(message);
    return json(200, { name: `projects/${projectId}/messages/0:${received.length}` });
  };

  const vendor = await VendorServer.start(options, async (request) => {
    if (request.method !== 'POST') return { status: 405 };
    if (request.path === '/token') return tokens.handle(request);
    const project = /^\/v1\/projects\/([^/]+)\/messages:send$/.exec(request.path)?.[1];
    if (project === undefined)
      return { status: 404, headers: { 'content-type': 'text/html' }, body: '<h1>404</h1>' };
    if (project !== projectId) return fcmError(404, undefined, { status: 'NOT_FOUND' });
    const answer = send(request);
    await options.answersAfter;
    return answer;
  });
  return {
    url: vendor.url,
    tokenUrl: `${vendor.url}/token`,
    ca: vendor.ca,
    projectId,
    serviceAccount: tokens.serviceAccount,
    tokens,
    vendor,
    received,
    asked: () => asked,
    answerWith: (answer, times = Number.POSITIVE_INFINITY) => {
      script = { answer, times };
    },
    close: () => vendor.close(),
  };
}

export interface FcmErrorDetails {
  readonly message?: string;
  /** Google's canonical error code; default: the one of the HTTP status. */
  readonly status?: string;
  /** The field of a violation. */
  readonly field?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const STATUS_WORDS: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
};

/** An error in the format of FCM. @param code FCM's error code; undefined: the answer has Google's code only. */
export function fcmError(status: number, code: string | undefined, more: FcmErrorDetails = {}): VendorReply {
  const details = [
    ...(code === undefined
      ? []
      : [{ '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError', errorCode: code }]),
    ...(more.field === undefined
      ? []
      : [
          {
            '@type': 'type.googleapis.com/google.rpc.BadRequest',
            fieldViolations: [{ field: more.field, description: more.message ?? '' }],
          },
        ]),
  ];
  const error = {
    code: status,
    message: more.message ?? 'Request failed.',
    status: more.status ?? STATUS_WORDS[status] ?? 'UNKNOWN',
    ...(details.length > 0 ? { details } : {}),
  };
  return json(status, { error }, more.headers);
}

/** The answer of FCM to a message in this scenario. */
export function fcmAnswer(scenario: Scenario, told?: string): FcmAnswer {
  const headers = toldHeaders(told);
  switch (scenario) {
    case 'accept':
      return undefined;
    case 'refuse_address':
      return fcmError(404, 'UNREGISTERED');
    case 'refuse_message':
      return fcmError(400, 'INVALID_ARGUMENT', { field: 'message.data[0].value' });
    case 'fault':
    case 'fault_told':
      return fcmError(503, 'UNAVAILABLE', { headers });
    case 'over_quota':
    case 'over_quota_told':
      return fcmError(429, 'QUOTA_EXCEEDED', { headers });
    case 'garbage':
      return { status: 200, body: '{"name":' };
    case 'hang':
    case 'reset':
      return scenario;
  }
}

const json: typeof jsonReply = (status, body, headers) =>
  jsonReply(status, body, { 'content-type': 'application/json; charset=UTF-8', ...headers });

const UNAUTHENTICATED = fcmError(401, undefined, {
  message: 'Request had invalid authentication credentials.',
});
