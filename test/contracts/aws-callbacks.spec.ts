import { describe, expect, it } from '@jest/globals';
import { AwsSettings } from '../../src/providers/aws/aws-settings.js';
import { AWS_EVENTS, awsCallbacks } from '../../src/providers/aws/aws-callbacks.js';
import { aws } from '../../src/providers/aws/aws.provider.js';
import {
  UnreadableCallback,
  type CallbackReader,
  type CallbackRequest,
} from '../../src/providers/callback.js';
import {
  snsPost,
  SNS_CERTIFICATE,
  SNS_EXPIRED_CERTIFICATE,
  startAwsServer,
  type AwsServer,
} from '../support/aws-server.js';
import { closeAfterEach } from '../support/close-after-each.js';

const closeLater = closeAfterEach();

/** An account of AWS, and the callbacks that it reads. */
async function started(
  over: Partial<AwsSettings> = {},
): Promise<{ server: AwsServer; callbacks: CallbackReader }> {
  const server = await startAwsServer();
  const settings = Object.assign(new AwsSettings(), {
    ...{ id: 'aws', type: 'aws', region: server.region, accessKeyId: 'AKIA', secretAccessKey: 'unused' },
    ...{ ca: server.ca, endpoint: server.url, snsEndpoint: server.url, topicArns: [server.topicArn] },
  });
  const provider = aws.create(Object.assign(settings, over));
  closeLater(server, provider);
  if (!provider.callbacks) throw new Error('The provider reads no callbacks.');
  return { server, callbacks: provider.callbacks };
}

const posted = (body: unknown): CallbackRequest => ({
  method: 'POST',
  url: 'https://bellhop.example.com/callbacks/app123/sms/aws/status',
  query: new URLSearchParams(),
  headers: { 'content-type': 'text/plain; charset=UTF-8', 'x-amz-sns-message-type': 'Notification' },
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
});

const isSigned = (callbacks: CallbackReader, body: unknown): Promise<boolean> => {
  if (!callbacks.isSigned) throw new Error('Nothing verifies signatures.');
  return Promise.resolve(callbacks.isSigned(posted(body)));
};

const EVENT = {
  eventType: 'TEXT_DELIVERED',
  eventVersion: '1.0',
  eventTimestamp: 1_686_975_103_470,
  isFinal: true,
  originationPhoneNumber: '+12065550152',
  destinationPhoneNumber: '+14255550156',
  isoCountryCode: 'US',
  messageId: '862a8790-60c0-4430-9b2b-658bdexample',
  messageEncoding: 'GSM',
  messageType: 'TRANSACTIONAL',
  messageStatus: 'DELIVERED',
  messageStatusDescription: 'Message has been accepted by phone',
  context: { reference: '01234567-89ab-7def-8123-000000000001-1' },
  totalMessageParts: 1,
};
const REPLY = {
  originationNumber: '+14255550182',
  destinationNumber: '+12125550101',
  messageKeyword: 'JOIN',
  messageBody: 'STOP\nplease',
  inboundMessageId: 'cae173d2-66b9-564c-8309-21f858e9fb84',
};

describe('the AWS callback reader checking a post of SNS', () => {
  it.each(['1', '2'] as const)('accepts signature version %s', async (version) => {
    const { server, callbacks } = await started();
    const posts = [{ message: EVENT }, { message: 'two\nlines', subject: 'And a subject' }];
    for (const post of posts)
      await expect(isSigned(callbacks, snsPost(server, { version, ...post }))).resolves.toBe(true);
  });

  it('fetches one certificate for concurrent posts', async () => {
    const { server, callbacks } = await started();
    const posts = Array.from({ length: 20 }, () => isSigned(callbacks, snsPost(server, { message: EVENT })));
    expect(await Promise.all(posts)).toEqual(Array.from({ length: 20 }, () => true));
    expect(server.snsRequests).toEqual([SNS_CERTIFICATE]);
  });

  it.each(['Message', 'MessageId', 'Timestamp', 'Subject'])(
    'refuses a post with a changed %s',
    async (key) => {
      const { server, callbacks } = await started();
      const post = snsPost(server, { message: EVENT, subject: 'A subject' });
      const changed = key === 'Timestamp' ? new Date(Date.now() - 1_000).toISOString() : 'changed';
      await expect(isSigned(callbacks, { ...post, [key]: changed })).resolves.toBe(false);
      await expect(isSigned(callbacks, post)).resolves.toBe(true);
    },
  );

  it('refuses a missing signature, another version, and a body that is no SNS message', async () => {
    const { server, callbacks } = await started();
    const post = snsPost(server, { message: EVENT });
    const { Signature: _, ...unsigned } = post;
    const swapped = { ...post, SignatureVersion: '2' };
    for (const body of [unsigned, swapped, { ...post, SignatureVersion: '3' }, EVENT, 'no JSON', '[]', ''])
      await expect(isSigned(callbacks, body)).resolves.toBe(false);
  });

  it('refuses another topic, although SNS signed it, and fetches nothing', async () => {
    const { server, callbacks } = await started();
    const topicArn = `arn:aws:sns:${server.region}:210987654321:texts`;
    const subscribe = snsPost(server, { topicArn, type: 'SubscriptionConfirmation' });
    for (const body of [snsPost(server, { topicArn, message: EVENT }), subscribe])
      await expect(isSigned(callbacks, body)).resolves.toBe(false);
    expect(server.snsRequests).toEqual([]);
  });

  it.each([
    'https://sns.us-east-1.amazonaws.com',
    'https://sns.eu-central-1.amazonaws.com.example.net',
    'https://sns.eu-central-1.amazonaws.com:8443',
    'https://sns.eu-central-1.amazonaws.com@example.net',
    'https://user:word@sns.eu-central-1.amazonaws.com',
    'https://sns.eu-central-1.amazonaws.com.cn',
    'https://sns-eu-central-1.s3.amazonaws.com',
    'http://sns.eu-central-1.amazonaws.com',
    'https://169.254.169.254',
    'file://',
    'no address',
  ])('refuses a certificate on the host %s and does not fetch it', async (host) => {
    const { server, callbacks } = await started();
    const subscribe = snsPost(server, { host, type: 'SubscriptionConfirmation' });
    for (const body of [snsPost(server, { host, message: EVENT }), subscribe])
      await expect(isSigned(callbacks, body)).resolves.toBe(false);
    expect(server.snsRequests).toEqual([]);
  });

  it.each(['/other.pem', `${SNS_CERTIFICATE}?x=1`, `${SNS_CERTIFICATE}#x`, '/a/..%2f', '/'])(
    'refuses a certificate with the path %s',
    async (certificate) => {
      const { server, callbacks } = await started();
      await expect(isSigned(callbacks, snsPost(server, { certificate, message: EVENT }))).resolves.toBe(
        false,
      );
      expect(server.snsRequests).toEqual([]);
    },
  );

  it('refuses an expired certificate', async () => {
    const { server, callbacks } = await started();
    const post = snsPost(server, { certificate: SNS_EXPIRED_CERTIFICATE, message: EVENT });
    await expect(isSigned(callbacks, post)).resolves.toBe(false);
    expect(server.snsRequests).toEqual([SNS_EXPIRED_CERTIFICATE]);
  });

  it.each([
    ['an hour old', -3_600_000, true],
    ['older', -4_000_000, false],
    ['of a clock that is ahead', 200_000, true],
    ['of tomorrow', 86_400_000, false],
  ])('checks the timestamp of a post that is %s', async (_, shiftMs, expected) => {
    const { server, callbacks } = await started();
    const post = snsPost(server, { message: EVENT, at: new Date(Date.now() + shiftMs) });
    await expect(isSigned(callbacks, post)).resolves.toBe(expected);
  });

  it('is unavailable while the certificate cannot be fetched, and accepts the repeated post', async () => {
    const { server, callbacks } = await started();
    const post = snsPost(server, { message: EVENT });
    for (const answer of [{ status: 503 }, { status: 200, body: 'no certificate' }, 'reset'] as const) {
      server.answerSnsWith(answer);
      await expect(isSigned(callbacks, post)).rejects.toMatchObject({ name: 'ProviderUnavailable' });
    }
    server.answerSnsWith(undefined);
    await expect(isSigned(callbacks, post)).resolves.toBe(true);
  });

  it('confirms a subscription once its signature is verified', async () => {
    const { server, callbacks } = await started();
    const post = snsPost(server, { type: 'SubscriptionConfirmation', version: '2' });
    await expect(isSigned(callbacks, { ...post, Token: 'another' })).resolves.toBe(false);
    expect(server.snsRequests).toEqual([SNS_CERTIFICATE]);
    await expect(isSigned(callbacks, post)).resolves.toBe(true);
    const { pathname, search } = new URL(post['SubscribeURL'] ?? '');
    expect(server.snsRequests).toEqual([SNS_CERTIFICATE, pathname + search]);
    expect(callbacks.readStatus(posted(post))).toEqual([]);
    expect(callbacks.readInbound?.(posted(post))).toEqual([]);
  });

  it.each([
    'https://example.net/?Action=ConfirmSubscription&TopicArn=TOPIC&Token=t',
    'https://sns.eu-central-1.amazonaws.com/?Action=DeleteTopic&TopicArn=TOPIC',
    'https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=other&Token=t',
    'https://sns.eu-central-1.amazonaws.com/path?Action=ConfirmSubscription&TopicArn=TOPIC&Token=t',
  ])('does not confirm a subscription at %s', async (url) => {
    const { server, callbacks } = await started();
    const subscribeUrl = url.replace('TOPIC', server.topicArn);
    await isSigned(callbacks, snsPost(server, { type: 'SubscriptionConfirmation', subscribeUrl }));
    expect(server.snsRequests).toEqual([SNS_CERTIFICATE]);
  });

  it('is unavailable if a subscription cannot be confirmed', async () => {
    const { server, callbacks } = await started();
    await isSigned(callbacks, snsPost(server, { message: EVENT }));
    server.answerSnsWith({ status: 500 });
    const post = snsPost(server, { type: 'SubscriptionConfirmation' });
    await expect(isSigned(callbacks, post)).rejects.toMatchObject({ vendorCode: 'sns_500' });
  });

  it('confirms nothing when a subscription ends', async () => {
    const { server, callbacks } = await started();
    const post = snsPost(server, { type: 'UnsubscribeConfirmation' });
    await expect(isSigned(callbacks, post)).resolves.toBe(true);
    expect(server.snsRequests).toEqual([SNS_CERTIFICATE]);
    expect(callbacks.readStatus(posted(post))).toEqual([]);
  });

  it('is off without a configured topic, so that the secret of the callback URL is required', async () => {
    const { callbacks } = await started({ topicArns: [] });
    expect(callbacks.isSigned).toBeUndefined();
  });
});

describe('the AWS callback reader reading delivery reports', () => {
  it('reads SNS messages and raw delivery', async () => {
    const { server, callbacks } = await started();
    const report = {
      vendorMessageId: EVENT.messageId,
      reference: EVENT.context.reference,
      status: 'delivered',
      reason: null,
      vendorCode: 'DELIVERED',
      at: new Date(EVENT.eventTimestamp),
    };
    expect(callbacks.readStatus(posted(snsPost(server, { message: EVENT })))).toEqual([report]);
    expect(callbacks.readStatus(posted(EVENT))).toEqual([report]);
    const { context: _, eventTimestamp: __, messageStatus: ___, ...bare } = EVENT;
    expect(callbacks.readStatus(posted(bare))).toEqual([
      { ...report, reference: null, at: null, vendorCode: 'TEXT_DELIVERED' },
    ]);
    expect(callbacks.readStatus(posted({ ...EVENT, eventTimestamp: 1e300 }))[0]?.at).toBeNull();
  });

  const EVENTS: Readonly<Record<string, readonly [string, string | null]>> = {
    TEXT_QUEUED: ['accepted', null],
    TEXT_PENDING: ['accepted', null],
    TEXT_SENT: ['accepted', null],
    TEXT_SUCCESSFUL: ['accepted', null],
    TEXT_DELIVERED: ['delivered', null],
    TEXT_UNKNOWN: ['accepted', null],
    TEXT_INVALID: ['failed', 'number_unreachable'],
    TEXT_UNREACHABLE: ['failed', 'number_unreachable'],
    TEXT_CARRIER_UNREACHABLE: ['failed', 'undelivered'],
    TEXT_BLOCKED: ['failed', 'undelivered'],
    TEXT_CARRIER_BLOCKED: ['failed', 'message_refused'],
    TEXT_INVALID_MESSAGE: ['failed', 'message_refused'],
    TEXT_SPAM: ['failed', 'message_refused'],
    TEXT_PROTECT_BLOCKED: ['failed', 'message_refused'],
    TEXT_TTL_EXPIRED: ['failed', 'undelivered'],
  };

  it('lists the outcome of every event type', () => {
    expect(Object.keys(EVENTS)).toEqual(Object.keys(AWS_EVENTS));
  });

  it.each(Object.entries(EVENTS))('maps event type %s', async (eventType, [status, reason]) => {
    const { callbacks } = await started();
    const messageStatus = eventType.slice('TEXT_'.length);
    expect(callbacks.readStatus(posted({ ...EVENT, eventType, messageStatus }))).toMatchObject([
      { status, reason, vendorCode: messageStatus },
    ]);
  });

  it.each([{ eventType: 'TEXT_NEW' }, { eventType: 'VOICE_COMPLETED' }, { eventType: undefined }])(
    'ignores %j',
    async (change) => {
      const { callbacks } = await started();
      expect(callbacks.readStatus(posted({ ...EVENT, ...change }))).toEqual([]);
    },
  );

  it('ignores an inbound SMS', async () => {
    const { callbacks } = await started();
    expect(callbacks.readStatus(posted(REPLY))).toEqual([]);
  });

  it.each(['no JSON', '[]', '', { ...EVENT, messageId: 5 }])('rejects the body %j', async (body) => {
    const { server, callbacks } = await started();
    expect(() => callbacks.readStatus(posted(body))).toThrow(UnreadableCallback);
    const wrapped = snsPost(server, { message: body });
    expect(() => callbacks.readStatus(posted(wrapped))).toThrow(UnreadableCallback);
  });
});

describe('the AWS callback reader reading inbound SMS', () => {
  it('reads SNS messages and raw delivery', async () => {
    const { server, callbacks } = await started();
    const text = {
      from: '+14255550182',
      to: '+12125550101',
      text: 'STOP\nplease',
      vendorMessageId: REPLY.inboundMessageId,
    };
    expect(callbacks.readInbound?.(posted(snsPost(server, { message: REPLY })))).toEqual([text]);
    expect(callbacks.readInbound?.(posted(REPLY))).toEqual([text]);
    const { originationNumber, messageBody } = REPLY;
    expect(callbacks.readInbound?.(posted({ originationNumber, messageBody }))).toEqual([
      { ...text, to: null, vendorMessageId: null },
    ]);
  });

  it('reports which opt-out keywords AWS has answered, unless the account manages opt-outs itself', async () => {
    const { callbacks } = await started();
    const kinds = ['td', 'HELP', 'START', 'hello'].map(
      (messageBody) => callbacks.readInbound?.(posted({ ...REPLY, messageBody }))[0]?.takenFor,
    );
    expect(kinds).toEqual(['stop', 'help', undefined, undefined]);
    const own = awsCallbacks(undefined, false);
    expect(own.readInbound?.(posted({ ...REPLY, messageBody: 'STOP' }))[0]).not.toHaveProperty('takenFor');
  });

  it('ignores a delivery report and rejects half an inbound SMS', async () => {
    const { callbacks } = await started();
    expect(callbacks.readInbound?.(posted(EVENT))).toEqual([]);
    const { messageBody: _, ...half } = REPLY;
    expect(() => callbacks.readInbound?.(posted(half))).toThrow(UnreadableCallback);
    expect(() => callbacks.readInbound?.(posted('no JSON'))).toThrow(UnreadableCallback);
  });
});
