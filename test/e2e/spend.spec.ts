import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEMO } from '../../src/platform/config/demo-config.js';
import { OPERATOR_AUTH, startTestGateway, type TestGateway } from '../support/gateway.js';
import { sms } from '../support/payloads.js';
import { until } from '../support/until.js';

/** Per segment; chosen so that the sums are exact. */
const PRICE = 0.005;
const GUARDS: Readonly<Record<string, object>> = {
  capped: { prices: [{ perSegment: PRICE }], perAppPerMonth: { texts: 100, money: 2 } },
  pumped: { pumping: { texts: 2 } },
};
const operator = { authorization: OPERATOR_AUTH };

interface SpendJson {
  caps: {
    appId: string;
    scope: string;
    spent: number;
    cap: number;
    currency: string | null;
    resetsAt: string;
  }[];
  days: { segments: number }[];
  stopped: { appId: string; prefix: string; since: string }[];
  topUsers: object[];
  topUsersSince: string;
  from: string;
  to: string;
}

let gateway: TestGateway;
let today: string;
beforeAll(async () => {
  const apps = Object.entries(GUARDS).map(([appId, guard]) => ({
    appId,
    region: 'us',
    webhook: { basicAuth: [DEMO.webhook] },
    clients: { apiKeys: [`key-of-${appId}`] },
    sms: { defaultCountry: 'US', providers: [{ id: 'sandbox', type: 'sandbox' }], guard },
  }));
  gateway = await startTestGateway({ config: { apps } });
  await send('capped', 'ann', '+14155559001', 2);
  await send('capped', 'bob', '+447400123456', 1);
  await send('pumped', 'eve', '+14155559002', 4);
  today = new Date().toISOString().slice(0, 10);
  // A request shows the counts of up to a second ago.
  await until(async () => (await spend()).days.reduce((sum, { segments }) => sum + segments, 0) === 5);
});
afterAll(() => gateway.close());

/** Sends SMS of one segment each, one after another. */
async function send(appId: string, uid: string, phno: string, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const body = { ...sms(phno, uid), appId };
    body.data['smsContent'] = `You have ${i} messages.`;
    const answer = await gateway.webhook('sms', body);
    expect(answer.statusCode).toBe(200);
    const { notificationId } = answer.json<{ notificationId: string }>();
    await gateway.notification(notificationId, undefined, `key-of-${appId}`);
  }
}

const ask = (query: string, headers: Record<string, string> = operator) =>
  gateway.request({ method: 'GET', url: `/v1/spend${query}`, headers });
async function spend(query = '', headers: Record<string, string> = operator): Promise<SpendJson> {
  const answer = await ask(query, headers);
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([
    200,
    expect.stringContaining('application/json'),
  ]);
  return answer.json<SpendJson>();
}

const route = (appId: string, country: string) => ({ day: today, appId, provider: 'sandbox', country });
const CAPPED = () => [
  { ...route('capped', 'GB'), segments: 1, cost: 0.005, currency: 'USD' },
  { ...route('capped', 'US'), segments: 2, cost: 0.01, currency: 'USD' },
];

describe('GET /v1/spend', () => {
  it('shows segments and cost by day, app, provider and country', async () => {
    const { days, from, to } = await spend();
    expect(days).toEqual([
      ...CAPPED(),
      { ...route('pumped', 'US'), segments: 2, cost: null, currency: null },
    ]);
    expect(Date.parse(to) - Date.parse(from)).toBe(31 * 86_400_000);
  });

  it('shows limits of apps with what this month has spent of them', async () => {
    const { caps } = await spend();
    expect(caps).toEqual([
      {
        ...{ appId: 'capped', scope: 'perAppPerMonth.texts', spent: 3, cap: 100, currency: null },
        resetsAt: expect.stringMatching(/-01T00:00:00\.000Z$/),
      },
      {
        ...{ appId: 'capped', scope: 'perAppPerMonth.money', spent: 0.015, cap: 2, currency: 'USD' },
        resetsAt: caps[0]?.resetsAt,
      },
    ]);
    expect(Date.parse(caps[0]?.resetsAt ?? '')).toBeGreaterThan(Date.now());
  });

  it('shows the prefixes that are stopped, shortened', async () => {
    const { stopped } = await spend();
    expect(stopped).toEqual([{ appId: 'pumped', prefix: '+1415…', since: expect.any(String) }]);
    expect(Date.parse(stopped[0]?.since ?? '')).toBeLessThanOrEqual(Date.now());
  });

  it('shows the users with most segments, by what a vendor has taken', async () => {
    const { topUsers, topUsersSince, from } = await spend();
    expect(topUsers).toEqual([
      { appId: 'capped', uid: 'ann', segments: 2, cost: 0.01, currency: 'USD' },
      { appId: 'pumped', uid: 'eve', segments: 2, cost: null, currency: null },
      { appId: 'capped', uid: 'bob', segments: 1, cost: 0.005, currency: 'USD' },
    ]);
    expect(topUsersSince).toBe(from);
  });

  it('shows a backend only its app', async () => {
    const own = await spend('', { apikey: 'key-of-capped' });
    expect(own).toMatchObject({ days: CAPPED(), stopped: [], caps: [{}, {}], topUsers: [{}, {}] });
    expect(await spend('?appId=capped')).toEqual(own);
    const other = await ask('?appId=pumped', { apikey: 'key-of-capped' });
    expect(other.json()).toMatchObject({ code: 'APP.UNKNOWN' });
  });

  it.each([
    ['?format=csv&appId=capped', operator],
    ['?appId=capped', { ...operator, accept: 'text/csv' }],
  ])('gives the days as CSV: %s', async (query, headers) => {
    const answer = await ask(query, headers);
    expect(answer.headers['content-type']).toMatch(/^text\/csv/);
    expect(answer.body).toBe(
      [
        'day,appId,provider,country,segments,cost,currency',
        `${today},capped,sandbox,GB,1,0.005,USD`,
        `${today},capped,sandbox,US,2,0.01,USD`,
        '',
      ].join('\r\n'),
    );
  });

  it.each([
    ['from=2026-03-02&to=2026-03-01', 'to', 'must be later than from'],
    ['from=2024-03-02&to=2026-03-01', 'to', 'must be at most 366 days after from'],
    ['format=xml', 'format', 'must be one of the following values: json, csv'],
  ])('refuses %s', async (query, path, problem) => {
    const answer = await ask(`?${query}`);
    expect([answer.statusCode, answer.json()]).toEqual([
      400,
      expect.objectContaining({ code: 'REQUEST.INVALID_QUERY', errors: [{ path, problem }] }),
    ]);
  });
});
