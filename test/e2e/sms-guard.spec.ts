import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEMO } from '../../src/platform/config/demo-config.js';
import { startTestGateway, type NotificationJson, type TestGateway } from '../support/gateway.js';
import { sms } from '../support/payloads.js';

/** Per segment; chosen so that the sums are exact. */
const PRICE = 0.005;
const LIMITS: Readonly<Record<string, object>> = {
  pumped: { pumping: { texts: 20 } },
  user: { perPersonPerHour: { texts: 3 } },
  crowd: { perConversationPerDay: { texts: 4 } },
  money: { prices: [{ perSegment: PRICE }], perAppPerMonth: { money: 5 * PRICE } },
  broken: { perAppPerMonth: { texts: 2 }, breakGlass: true },
};

const logged: { msg: string; appId?: string; limit?: string; used?: number; of?: number }[] = [];
let gateway: TestGateway;
beforeAll(async () => {
  const apps = Object.entries(LIMITS).map(([appId, guard]) => ({
    appId,
    region: 'us',
    webhook: { basicAuth: [DEMO.webhook] },
    clients: { apiKeys: [`key-of-${appId}`] },
    sms: { defaultCountry: 'US', providers: [{ id: 'sandbox', type: 'sandbox' }], guard },
  }));
  gateway = await startTestGateway({
    config: { apps },
    log: (line) => void logged.push(JSON.parse(line) as (typeof logged)[number]),
  });
});
afterAll(() => gateway.close());

/** Sends SMS concurrently. @returns how many ended with each reason or status. */
async function ends(
  appId: string,
  recipients: readonly { uid: string; phno: string }[],
): Promise<Record<string, number>> {
  const records = await Promise.all(
    recipients.map(async ({ uid, phno }, index): Promise<NotificationJson> => {
      const body = { ...sms(phno, uid), appId };
      // Distinct content: identical webhooks are duplicates.
      body.data['smsContent'] = `You have ${index} messages.`;
      const answer = await gateway.webhook('sms', body);
      expect(answer.statusCode).toBe(200);
      const { notificationId } = answer.json<{ notificationId: string }>();
      return gateway.notification(notificationId, undefined, `key-of-${appId}`);
    }),
  );
  const counts: Record<string, number> = {};
  for (const { deliveries } of records) {
    const end = deliveries[0]?.reason ?? deliveries[0]?.status ?? '';
    counts[end] = (counts[end] ?? 0) + 1;
  }
  return counts;
}

const number = (last: number): string => `+14155559${String(last).padStart(3, '0')}`;
const recipients = (count: number, uid: (i: number) => string): { uid: string; phno: string }[] =>
  Array.from({ length: count }, (_, i) => ({ uid: uid(i), phno: number(i) }));
const events = (msg: string, appId: string): unknown[] =>
  logged.filter((line) => line.msg === msg && line.appId === appId);

describe('the cost guard', () => {
  it('limits the SMS to one number prefix, and logs one alarm', async () => {
    expect(
      await ends(
        'pumped',
        recipients(80, (i) => `victim-${i}`),
      ),
    ).toEqual({ sent: 20, pumping_suspected: 60 });
    expect(events('sms.limit_near', 'pumped')).toHaveLength(1);
    expect(events('sms.pumping_suspected', 'pumped')).toHaveLength(1);
  });

  it('applies the limit of a user to each user separately', async () => {
    expect(
      await ends(
        'user',
        recipients(10, () => 'ann'),
      ),
    ).toEqual({ sent: 3, limit_reached: 7 });
    expect(
      await ends(
        'user',
        recipients(2, () => 'bob'),
      ),
    ).toEqual({ sent: 2 });
  });

  it('applies the limit of a user to a number that several users share', async () => {
    const shared = recipients(10, (i) => `owner-${i}`).map(({ uid }) => ({ uid, phno: number(900) }));
    expect(await ends('user', shared)).toEqual({ sent: 3, limit_reached: 7 });
  });

  it('limits a conversation, and not other conversations of its sender', async () => {
    // One sender: ten SMS to one user, and one to each of six others.
    const conversations = [...recipients(10, () => 'ann'), ...recipients(6, (i) => `member-${i}`)];
    expect(await ends('crowd', conversations)).toEqual({ sent: 10, limit_reached: 6 });
  });

  it('applies a limit in money, and counts cost and segments in the metrics', async () => {
    expect(
      await ends(
        'money',
        recipients(10, (i) => `payer-${i}`),
      ),
    ).toEqual({ sent: 5, limit_reached: 5 });
    const { body } = await gateway.request({ url: '/metrics' });
    expect(body).toContain(
      'bellhop_sms_cost_total{app="money",provider="sandbox",country="US",currency="USD"} 0.025',
    );
    expect(body).toContain('bellhop_sms_segments_total{app="money",provider="sandbox",country="US"} 5');
    expect(body).toContain('bellhop_sms_guard_stopped_total{app="money",limit="perAppPerMonth.money"} 5');
  });

  it('sends every SMS while breakGlass is set, and logs the overrun', async () => {
    expect(
      await ends(
        'broken',
        recipients(6, (i) => `lucky-${i}`),
      ),
    ).toEqual({ sent: 6 });
    expect(events('sms.limit_overrun', 'broken')).toHaveLength(1);
  });

  it('logs no phone number', () => {
    const lines = logged.filter(({ msg }) => msg.startsWith('sms.')).map((line) => JSON.stringify(line));
    expect(lines.length).toBeGreaterThan(3);
    for (const line of lines) expect(line).not.toMatch(/4155559/);
  });
});
