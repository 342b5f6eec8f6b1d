// A process of `guard.mjs`: reserves SMS to many users under limits that are never reached.
import 'reflect-metadata';
import pg from 'pg';
import { pino } from 'pino';
import '../../scripts/typescript/register.mjs';
import { measure } from './runs.mjs';

const { CostGuard } = await import('../../src/channels/sms/guard/cost-guard.js');
const { AppSettings } = await import('../../src/platform/config/app-settings.js');
const { GatewayConfig } = await import('../../src/platform/config/gateway-config.js');
const { Metrics } = await import('../../src/platform/metrics/metrics.js');

const unreached = { texts: 1_000_000_000, money: 1_000_000_000 };
const settings = {
  'pumping limit': {},
  'nine limits': {
    prices: [{ perSegment: 0.0079 }],
    perPersonPerHour: unreached,
    perPersonPerDay: unreached,
    perConversationPerDay: unreached,
    perAppPerMonth: unreached,
  },
};

const sql = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 20 });
// The server stops before the last idle connection is closed.
sql.on('error', () => undefined);
const guards = new Map(
  Object.entries(settings).map(([limits, own]) => {
    const app = Object.assign(new AppSettings(), { appId: 'app123' });
    Object.assign(app.sms.guard, own);
    app.sms.guard.pumping.texts = unreached.texts;
    const config = Object.assign(new GatewayConfig(), { apps: [app] });
    return [limits, new CostGuard(sql, config, new Metrics(), pino({ level: 'silent' }))];
  }),
);

/** @typedef {{ readonly limits: string, readonly from: number, readonly count: number, readonly concurrency: number }} RunRequest */

process.on('message', (/** @type {RunRequest} */ { limits, from, count, concurrency }) => {
  const guard = guards.get(limits);
  void measure(count, concurrency, async (index) => {
    const user = from + index;
    const answer = await guard?.reserve({
      appId: 'app123',
      uid: `user-${user}`,
      conversation: `user_${user}`,
      phno: `+1415${String(1_000_000 + user).padStart(7, '0')}`,
      provider: 'twilio',
      country: 'US',
      segments: 1,
    });
    if (!answer?.allowed) throw new Error('An SMS was stopped.');
  }).then((run) => process.send?.(run));
});
process.on('disconnect', () => void sql.end());
process.send?.('ready');
