import { afterAll, beforeAll, beforeEach, expect } from '@jest/globals';
import { DEMO } from '../../../src/platform/config/demo-config.js';
import { startTestGateway, type NotificationJson, type TestGateway } from '../../support/gateway.js';
import { sms } from '../../support/payloads.js';
import { startPlivoServer, type PlivoServer } from '../../support/plivo-server.js';
import { startTwilioServer, type TwilioServer } from '../../support/twilio-server.js';
import { SHORT_TIMEOUT_MS } from '../../support/until.js';

const CALLBACK_SECRET = 'callback-secret-of-the-sandbox';

/** A gateway with one app per scenario. The default route is Plivo, which has no message lookup, then Twilio, which has. */
export interface SmsFailover {
  readonly gateway: TestGateway;
  readonly plivo: PlivoServer;
  readonly twilio: TwilioServer;
  /** Log lines. */
  readonly logged: readonly string[];
  /** Sends an SMS to a new user. @returns the notification once `holds` is true of it. */
  send(appId: string, holds?: (record: NotificationJson) => boolean): Promise<NotificationJson>;
  notification(
    appId: string,
    id: string,
    holds?: (record: NotificationJson) => boolean,
  ): Promise<NotificationJson>;
  /** Calls back as the sandbox provider. */
  callback(appId: string, kind: 'status' | 'inbound', payload: object): Promise<void>;
  /** Reports on the first delivery as the sandbox provider. */
  report(appId: string, record: NotificationJson, status: string, code?: string): Promise<void>;
  /** The number of a user, 0: the newest, 1: the one before. */
  numberOf(age: number): string;
  /** The vendors that accepted an SMS to this user. */
  acceptedBy(age: number): string[];
}

function apps({ plivo, twilio }: Pick<SmsFailover, 'plivo' | 'twilio'>): object[] {
  const vendors = [
    {
      ...{ id: 'plivo', type: 'plivo', authId: plivo.authId, authToken: plivo.authToken },
      ...{ from: '15005550006', endpoint: plivo.url, requestTimeoutMs: SHORT_TIMEOUT_MS },
    },
    {
      ...{ id: 'twilio', type: 'twilio', accountSid: twilio.accountSid, authToken: twilio.authToken },
      ...{ from: '+15005550006', endpoint: twilio.url, requestTimeoutMs: SHORT_TIMEOUT_MS },
    },
  ];
  const sandbox = { id: 'sandbox', type: 'sandbox', callbackSecret: CALLBACK_SECRET };
  const sandboxFirst = { providers: [sandbox, ...vendors] };
  const app = (appId: string, settings: object = {}, more: object = {}): object => ({
    appId,
    region: 'us',
    webhook: { basicAuth: [DEMO.webhook] },
    clients: { apiKeys: [`key-of-${appId}`] },
    sms: { defaultCountry: 'US', providers: vendors, ...settings },
    ...more,
  });
  return [
    app('plain'),
    app('over-quota'),
    app('over-quota-waits', { routes: [{ use: ['plivo', 'twilio'], onOverQuota: 'wait' }] }),
    app('accepts-doubles', { acceptPossibleDouble: true }),
    app('with-lookup', { routes: [{ use: ['twilio', 'plivo'] }] }),
    app('opting-out', { providers: [...vendors, sandbox], routes: [{ use: ['plivo'] }] }),
    app('report-timeout', { receiptTimeoutSeconds: 1 }),
    app('never-reported', { ...sandboxFirst, receiptTimeoutSeconds: 1 }),
    app('reported-before', { ...sandboxFirst, receiptTimeoutSeconds: 2 }),
    app('reporting', sandboxFirst),
    app('dry-run', { guard: { prices: [{ countries: ['US'], perSegment: 0.0079 }] } }, { dryRun: true }),
  ];
}

/** Starts the gateway and its vendors for all tests of the file. */
export function startSmsFailover(): SmsFailover {
  const logged: string[] = [];
  let plivo: PlivoServer;
  let twilio: TwilioServer;
  let gateway: TestGateway;
  let users = 0;
  beforeAll(async () => {
    plivo = await startPlivoServer({ tls: false });
    twilio = await startTwilioServer({ tls: false });
    gateway = await startTestGateway({
      config: { apps: apps({ plivo, twilio }) },
      // Needed for the status URL of each SMS.
      settings: { publicUrl: 'https://sms.example.com' },
      log: (line) => logged.push(line),
    });
  });
  afterAll(async () => {
    await gateway.close();
    await plivo.close();
    await twilio.close();
  });
  beforeEach(() => {
    plivo.answerWith(undefined);
    twilio.answerWith(undefined);
    plivo.received.length = 0;
    twilio.received.length = 0;
  });

  const numberOf = (age: number): string => `+1415555${2_000 + users - age}`;
  const notification: SmsFailover['notification'] = (appId, id, holds) =>
    gateway.notification(id, holds, `key-of-${appId}`);
  const callback: SmsFailover['callback'] = async (appId, kind, payload) => {
    const url = `/callbacks/${appId}/sms/sandbox/${kind}?secret=${CALLBACK_SECRET}`;
    expect((await gateway.request({ method: 'POST', url, payload })).statusCode).toBe(200);
  };
  return {
    get gateway() {
      return gateway;
    },
    get plivo() {
      return plivo;
    },
    get twilio() {
      return twilio;
    },
    logged,
    numberOf,
    notification,
    callback,
    send: async (appId, holds) => {
      users += 1;
      const answer = await gateway.webhook('sms', { ...sms(numberOf(0), `user-${users}`), appId });
      expect(answer.statusCode).toBe(200);
      return notification(appId, answer.json<{ notificationId: string }>().notificationId, holds);
    },
    report: (appId, { deliveries }, status, code) =>
      callback(appId, 'status', { reference: `${deliveries[0]?.id}-1`, status, code }),
    acceptedBy: (age) => [
      ...plivo.received.filter(({ dst }) => `+${String(dst)}` === numberOf(age)).map(() => 'plivo'),
      ...twilio.received.filter(({ to }) => to === numberOf(age)).map(() => 'twilio'),
    ],
  };
}

/** Provider and outcome of each attempt; `double?` marks a possible double. */
export const attemptsOf = ({ deliveries }: NotificationJson): string[] =>
  deliveries.flatMap(({ attempts }) =>
    attempts.map(
      ({ provider, outcome, possibleDouble }) => `${provider} ${outcome}${possibleDouble ? ' double?' : ''}`,
    ),
  );

/** Provider, status and reason of each delivery. */
export const endOf = ({ deliveries }: NotificationJson): string[] =>
  deliveries.map(
    ({ provider, status, reason }) => `${provider} ${status}${reason === null ? '' : `: ${reason}`}`,
  );

export const hasTwoSent = ({ deliveries }: NotificationJson): boolean =>
  deliveries.length === 2 && deliveries.every(({ status }) => status === 'sent');
