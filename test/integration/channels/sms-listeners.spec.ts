import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Queue } from 'bullmq';
import { pino } from 'pino';
import { SmsListeners } from '../../../src/channels/sms/callbacks/sms-listeners.js';
import { VendorReports } from '../../../src/channels/sms/callbacks/vendor-reports.js';
import { SuccessorRelay } from '../../../src/channels/sms/successor-relay.js';
import { InboundSmsHandler } from '../../../src/channels/sms/opt-out/inbound-sms.js';
import type { ReplyIntake } from '../../../src/channels/sms/opt-out/reply-intake.js';
import { OptOutRepository } from '../../../src/channels/sms/opt-out/opt-out.repository.js';
import { Ledger } from '../../../src/deliveries/ledger.js';
import { SmsLedger } from '../../../src/deliveries/sms-ledger.js';
import { GatewayConfig } from '../../../src/platform/config/gateway-config.js';
import type { DeliveryOptions } from '../../../src/domain/delivery.js';
import { newId, successorIdOf } from '../../../src/platform/ids/new-id.js';
import { Metrics } from '../../../src/platform/metrics/metrics.js';
import type { VendorListener } from '../../../src/providers/callback.js';
import type { SmsProviderFactory } from '../../../src/providers/provider-factory.js';
import { ProviderRegistry } from '../../../src/providers/provider-registry.js';
import { JobQueue } from '../../../src/queue/job-queue.js';
import { Shards } from '../../../src/queue/shards.js';
import type { QueueName } from '../../../src/queue/jobs.js';
import { startDatabase, type TestDatabase } from '../../support/database.js';
import { testApp } from '../../support/recipients.js';

let database: TestDatabase;
let ledger: Ledger;
let smsLedger: SmsLedger;
let optOuts: OptOutRepository;
beforeAll(async () => {
  database = await startDatabase();
  // Without replies.
  const optOut = { stopReply: '', startReply: '', helpReply: '' };
  const providers = ['one', 'two', 'mute'].map((id) => ({ id, type: 'sandbox' }));
  const app = testApp('app123', { push: { providers: [] }, sms: { providers, optOut } });
  const config = Object.assign(new GatewayConfig(), { apps: [app] });
  ledger = new Ledger(database.sql, database.prisma, config);
  smsLedger = new SmsLedger(database.sql, database.prisma);
  optOuts = new OptOutRepository(database.sql, database.prisma);
  const logger = pino({ level: 'silent' });
  const metrics = new Metrics();
  const queue = new JobQueue(new Map<QueueName, Queue[]>(), new Shards(1));
  const intake: ReplyIntake = { accept: () => Promise.reject(new Error('unexpected reply')) };
  const inbound = new InboundSmsHandler(config, optOuts, intake, metrics, logger);
  const relay = new SuccessorRelay(smsLedger, queue, logger);
  const reports = new VendorReports(smsLedger, optOuts, inbound, metrics, logger, relay);
  new SmsListeners(config, new ProviderRegistry(config, [vendor]), reports).onApplicationBootstrap();
});
afterAll(() => database.close());

describe('SmsListeners', () => {
  it('listens to every account whose vendor reports on its own connection', () => {
    expect([...heard.keys()]).toEqual(['one', 'two']);
  });

  it('handles reports and inbound SMS like callbacks', async () => {
    const id = await linkSms('A1');
    const report = {
      vendorMessageId: '161',
      otherIds: ['A1'],
      reference: null,
      status: 'delivered',
      reason: null,
      vendorCode: '000',
      at: null,
    } as const;
    await heard.get('two')?.reports([report]);
    expect(await database.prisma.delivery.findUnique({ where: { id } })).toMatchObject({ status: 'queued' });
    await heard.get('one')?.reports([report]);
    expect(await database.prisma.delivery.findUnique({ where: { id } })).toMatchObject({
      status: 'delivered',
    });
    await heard.get('two')?.inbound([
      { from: '+14155550100', to: null, text: 'START', vendorMessageId: null },
      { from: '+14155550100', to: null, text: 'Stop', vendorMessageId: null },
    ]);
    expect(await optOuts.isOptedOut('app123', '+14155550100')).toBe(true);
  });

  it('accepts reports while the queue is down, and stores a failed SMS for the next vendor', async () => {
    const sms = { route: ['one', 'two'], onOverQuota: 'moveOn', country: 'US' } as const;
    const id = await linkSms('A2', { sms });
    const { notificationId } = await database.prisma.delivery.update({
      where: { id },
      data: { status: 'sent' },
    });
    await heard.get('one')?.reports([
      {
        vendorMessageId: 'A2',
        reference: null,
        status: 'failed',
        reason: null,
        vendorCode: null,
        at: null,
      },
    ]);
    const successor = { notificationId, provider: 'two', deliveryId: successorIdOf(id) };
    // This queue accepts no jobs, so the successor stays stored.
    expect(await smsLedger.dueSuccessors(10)).toEqual([expect.objectContaining(successor)]);
  });
});

const heard = new Map<string, VendorListener>();

/** A vendor that reports on its own connection, except for the account `mute`. */
const vendor: SmsProviderFactory = {
  channel: 'sms',
  type: 'sandbox',
  create: ({ id }) => ({
    send: async () => ({ outcome: 'accepted', vendorMessageId: null }),
    check: async () => ({ outcome: 'ok', code: null, text: '' }),
    close: async () => undefined,
    ...(id === 'mute' ? {} : { listen: (listener: VendorListener) => void heard.set(id, listener) }),
  }),
};

/** Plans, claims and links an SMS of provider `one`. @returns the id of its delivery. */
async function linkSms(vendorMessageId: string, options?: DeliveryOptions): Promise<string> {
  const notificationId = newId();
  const id = newId();
  const address = { phno: '+14155550100' };
  const delivery = { id, provider: 'one', kind: 'sms', deviceId: null, address, options };
  await ledger.plan(
    {
      id: notificationId,
      appId: 'app123',
      channel: 'sms',
      kind: 'sms',
      uid: 'ann',
      receivedAt: new Date(),
      content: '{}',
      expiresAt: new Date(Date.now() + 60_000),
    },
    { deliveries: [delivery] },
  );
  await ledger.claim(id);
  await smsLedger.linkMessage({
    appId: 'app123',
    provider: 'one',
    vendorMessageId,
    deliveryId: id,
    attempt: 1,
  });
  return id;
}
