import { createHash, createSign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readAwsText, type AwsText } from './aws-rules.js';
import { jsonReply } from './json-reply.js';
import { toldHeaders, type Scenario } from './scenario.js';
import { objectionToSignature } from './signature-v4.js';
import { VendorScript, type Scripted } from './vendor-script.js';
import {
  VendorServer,
  type VendorAnswer,
  type VendorReply,
  type VendorRequest,
  type VendorServerOptions,
} from './vendor-server.js';

const fixture = (name: string): string =>
  readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url), 'utf8');

/** A local AWS End User Messaging SMS with SNS. */
export interface AwsServer {
  /** For the settings `endpoint` and `snsEndpoint`. */
  readonly url: string;
  readonly ca: string | undefined;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Secret and session token by access key id. */
  readonly keys: Map<string, { secret: string; sessionToken?: string | undefined }>;
  readonly topicArn: string;
  readonly vendor: VendorServer;
  readonly script: VendorScript<AwsText>;
  /** SMS of dry runs, which are validated and not sent. */
  readonly dryRuns: AwsText[];
  /** Sets the answer to valid dry runs from now on; undefined restores the default. */
  answerDryRunsWith(answer: VendorAnswer | undefined): void;
  /** Paths requested from SNS: certificates and confirmations. */
  readonly snsRequests: string[];
  /** Sets the answer of SNS from now on; undefined restores the default. */
  answerSnsWith(answer: VendorAnswer | undefined): void;
  close(): Promise<void>;
}

export const SNS_CERTIFICATE = '/SimpleNotificationService-7ff5318490ec183fbaddaa2a969abfda.pem';
export const SNS_EXPIRED_CERTIFICATE = '/SimpleNotificationService-00000000000000000000000000expired.pem';

export async function startAwsServer(options: VendorServerOptions = {}): Promise<AwsServer> {
  const region = 'eu-central-1';
  const accessKeyId = 'AKIATESTTESTTESTTEST';
  const secretAccessKey = 'aws-test/secret+key';
  const topicArn = `arn:aws:sns:${region}:123456789012:texts`;
  const keys: AwsServer['keys'] = new Map([[accessKeyId, { secret: secretAccessKey }]]);
  const script = new VendorScript<AwsText>();
  const dryRuns: AwsText[] = [];
  let dryRunAnswer: VendorAnswer | undefined;
  const snsRequests: string[] = [];
  let snsAnswer: VendorAnswer | undefined;

  const sns = ({ path }: VendorRequest): VendorAnswer => {
    snsRequests.push(path);
    if (snsAnswer !== undefined) return snsAnswer;
    if (path === SNS_CERTIFICATE) return { status: 200, body: fixture('sns.pem') };
    if (path === SNS_EXPIRED_CERTIFICATE) return { status: 200, body: fixture('sns-expired.pem') };
    return path.startsWith('/?Action=ConfirmSubscription&') ? { status: 200 } : { status: 404 };
  };
  const send = (request: VendorRequest): VendorAnswer => {
    const text = readAwsText(request.body);
    const isDryRun = typeof text !== 'string' && text.DryRun === true;
    if (!isDryRun) script.asked += 1;
    if (request.path !== '/') return awsError(404, 'UnknownOperationException');
    const objection = objectionToSignature(request, { service: 'sms-voice', region, keys });
    if (objection !== undefined) return awsError(objection === 'IncompleteSignature' ? 400 : 403, objection);
    if (request.headers['content-type'] !== 'application/x-amz-json-1.0')
      return awsError(400, 'SerializationException');
    if (request.headers['x-amz-target'] !== 'PinpointSMSVoiceV2.SendTextMessage')
      return awsError(400, 'UnknownOperationException');
    if (typeof text === 'string') return awsError(400, 'ValidationException', { Fields: [{ Name: text }] });
    if (isDryRun) {
      dryRuns.push(text);
      return dryRunAnswer ?? json(200, { MessageId: idOf(0) });
    }
    return script.conclude(text, () => json(200, { MessageId: idOf(script.taken) }));
  };
  const vendor = await VendorServer.start(options, (request) =>
    request.method === 'POST' ? send(request) : sns(request),
  );
  return {
    url: vendor.url,
    ca: vendor.ca,
    region,
    accessKeyId,
    secretAccessKey,
    keys,
    topicArn,
    vendor,
    script,
    dryRuns,
    answerDryRunsWith: (answer) => {
      dryRunAnswer = answer;
    },
    snsRequests,
    answerSnsWith: (answer) => {
      snsAnswer = answer;
    },
    close: () => vendor.close(),
  };
}

/** An error in the format of the service. */
export function awsError(
  status: number,
  type: string,
  more: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
): VendorReply {
  const body = { __type: `com.amazonaws.pinpointsmsvoicev2#${type}`, Message: 'Said by the test server.' };
  return json(status, { ...body, ...more }, headers);
}

/** The answer of the service to a request in this scenario. */
export function awsAnswer(scenario: Scenario, told?: string): Scripted<AwsText> {
  const headers = toldHeaders(told);
  switch (scenario) {
    case 'accept':
      return undefined;
    case 'refuse_address': {
      const Fields = [{ Name: 'DestinationPhoneNumber', Message: 'Said by the test server.' }];
      return awsError(400, 'ValidationException', { Reason: 'INVALID_PARAMETER', Fields });
    }
    case 'refuse_message':
      return awsError(400, 'ValidationException', { Reason: 'MAXIMUM_SIZE_EXCEEDED' });
    case 'fault':
    case 'fault_told':
      return awsError(500, 'InternalServerException', {}, headers);
    case 'over_quota':
    case 'over_quota_told':
      return awsError(400, 'ThrottlingException', {}, headers);
    case 'garbage':
      return { status: 200, body: '{"MessageId":' };
    case 'hang':
    case 'reset':
      return scenario;
  }
}

export interface SnsPost {
  readonly type?: 'Notification' | 'SubscriptionConfirmation' | 'UnsubscribeConfirmation';
  readonly message?: unknown;
  readonly topicArn?: string;
  readonly subject?: string;
  readonly version?: '1' | '2';
  readonly at?: Date;
  readonly host?: string;
  readonly certificate?: string;
  readonly subscribeUrl?: string;
}

/** A signed notification as SNS posts it. */
export function snsPost(server: AwsServer, post: SnsPost = {}): Record<string, string> {
  const { type = 'Notification', version = '1', topicArn = server.topicArn } = post;
  const host = post.host ?? `https://sns.${server.region}.amazonaws.com`;
  const token = createHash('sha256').update(topicArn).digest('hex');
  const fields: Record<string, string> = {
    Type: type,
    MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
    TopicArn: topicArn,
    Message: typeof post.message === 'string' ? post.message : JSON.stringify(post.message ?? {}),
    Timestamp: (post.at ?? new Date()).toISOString(),
    ...(post.subject === undefined ? {} : { Subject: post.subject }),
  };
  if (type !== 'Notification') {
    const query = `Action=ConfirmSubscription&TopicArn=${topicArn}&Token=${token}`;
    fields['Token'] = token;
    fields['SubscribeURL'] = post.subscribeUrl ?? `${host}/?${query}`;
  }
  const signed = Object.entries(fields)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}\n${value}\n`)
    .join('');
  const algorithm = version === '1' ? 'RSA-SHA1' : 'RSA-SHA256';
  return {
    ...fields,
    SignatureVersion: version,
    Signature: createSign(algorithm).update(signed).sign(fixture('sns.key'), 'base64'),
    SigningCertURL: `${host}${post.certificate ?? SNS_CERTIFICATE}`,
    ...(type === 'Notification' ? { UnsubscribeURL: `${host}/?Action=Unsubscribe` } : {}),
  };
}

const idOf = (count: number): string => `862a8790-60c0-4430-9b2b-${String(count).padStart(12, '0')}`;

const json: typeof jsonReply = (status, body, headers) =>
  jsonReply(status, body, { 'content-type': 'application/x-amz-json-1.0', ...headers });
