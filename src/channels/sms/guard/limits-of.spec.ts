import { describe, expect, it } from '@jest/globals';
import { SmsGuardSettings } from '../../../platform/config/sms-settings.js';
import { limitsOf, windowAt, type GuardedSms } from './limits-of.js';

const SMS: GuardedSms = {
  appId: 'app123',
  uid: 'ann',
  conversation: 'group_1',
  phno: '+14155550100',
  provider: 'twilio',
  country: 'US',
  segments: 2,
};
const HASH: unknown = expect.stringMatching(/^[\w-]{43}$/);
const PRICE = { micros: 15_800, currency: 'USD' };

function guardWith(change: Partial<SmsGuardSettings>): SmsGuardSettings {
  const guard = new SmsGuardSettings();
  guard.pumping.texts = 0;
  return Object.assign(guard, change);
}

describe('limitsOf', () => {
  it('has none if all are unset, and the pumping limit by default', () => {
    expect(limitsOf(guardWith({}), SMS, PRICE)).toEqual([]);
    expect(limitsOf(new SmsGuardSettings(), SMS, PRICE)).toEqual([
      { name: 'pumping', scope: 'prefix', key: '+14155550', unit: 'texts', most: 1_000, amount: 1, span: 60 },
    ]);
  });

  it('counts per user, conversation and app', () => {
    const each = { texts: 5 };
    const guard = guardWith({
      perPersonPerHour: each,
      perPersonPerDay: each,
      perConversationPerDay: each,
      perAppPerMonth: each,
    });
    expect(limitsOf(guard, SMS, PRICE).map(({ name, key, span }) => [name, key, span])).toEqual([
      ['perPersonPerHour.texts', 'ann', 60],
      ['perPersonPerHour.texts', HASH, 60],
      ['perPersonPerDay.texts', 'ann', 1_440],
      ['perPersonPerDay.texts', HASH, 1_440],
      ['perConversationPerDay.texts', HASH, 1_440],
      ['perAppPerMonth.texts', '', 'month'],
    ]);
  });

  it('counts a user by uid and by number, also if others share the number', () => {
    const guard = guardWith({ perPersonPerHour: { texts: 5 }, perPersonPerDay: { money: 5 } });
    const keysOf = (change: Partial<GuardedSms>): string[] =>
      limitsOf(guard, { ...SMS, ...change }, PRICE).map(({ scope, key }) => `${scope} ${key}`);
    const [hour, numberHour, day, numberDay] = keysOf({});
    expect([hour, day]).toEqual(['person_hour ann', 'person_day_money ann']);
    expect([numberHour, numberDay]).toEqual([
      expect.stringMatching(/^number_hour [\w-]{43}$/),
      expect.stringMatching(/^number_day_money [\w-]{43}$/),
    ]);
    expect(keysOf({ uid: 'bob' })).toEqual([
      'person_hour bob',
      numberHour,
      'person_day_money bob',
      numberDay,
    ]);
    const moved = keysOf({ phno: '+14155550199' });
    expect([moved[0], moved[2]]).toEqual([hour, day]);
    expect(moved).not.toContain(numberHour);
  });

  it('counts a conversation separately for each member', () => {
    const guard = guardWith({ perConversationPerDay: { texts: 5 } });
    const keyOf = (uid: string, conversation: string): string | undefined =>
      limitsOf(guard, { ...SMS, uid, conversation }, PRICE)[0]?.key;
    expect(keyOf('ann', 'bob')).toBe(keyOf('ann', 'bob'));
    const others = [keyOf('cat', 'bob'), keyOf('ann', 'cat'), keyOf('bob', 'ann'), keyOf('annb', 'ob')];
    expect(others).not.toContain(keyOf('ann', 'bob'));
    expect(new Set(others).size).toBe(4);
  });

  it('accepts any conversation id, and an SMS without one', () => {
    const guard = guardWith({ perConversationPerDay: { texts: 5 } });
    const keyOf = (conversation: string): string | undefined =>
      limitsOf(guard, { ...SMS, conversation }, PRICE)[0]?.key;
    expect(keyOf('\0')).toMatch(/^[\w-]{43}$/);
    expect(keyOf('x'.repeat(10_000))).toMatch(/^[\w-]{43}$/);
    expect(keyOf('group_1')).not.toBe(keyOf('group_2'));
    expect(limitsOf(guard, { ...SMS, conversation: undefined }, PRICE)).toEqual([]);
  });

  it('counts money in separate counters if the SMS has a price', () => {
    const guard = guardWith({ perAppPerMonth: { texts: 5, money: 12.5 } });
    const amounts = limitsOf(guard, SMS, PRICE).map(({ name, scope, unit, most, amount }) => [
      name,
      scope,
      unit,
      most,
      amount,
    ]);
    expect(amounts).toEqual([
      ['perAppPerMonth.texts', 'app_month', 'texts', 5, 1],
      ['perAppPerMonth.money', 'app_month_money', 'money', 12_500_000, 15_800],
    ]);
    expect(limitsOf(guard, SMS, null).map(({ unit }) => unit)).toEqual(['texts']);
    expect(limitsOf(guard, SMS, { ...PRICE, micros: 0 }).map(({ unit }) => unit)).toEqual(['texts']);
  });

  it('omits the configured number of digits from the prefix', () => {
    const guard = guardWith({ pumping: { texts: 7, windowMinutes: 5, omitDigits: 4 } });
    expect(limitsOf(guard, SMS, null)).toMatchObject([{ key: '+1415555', most: 7, span: 5 }]);
  });
});

describe('windowAt', () => {
  const NOW = new Date('2026-03-01T10:58:31.250Z');

  it.each([
    ['an hour', 60, '2026-03-01T10:55:00.000Z', '2026-03-01T09:55:00.000Z'],
    ['a day', 1_440, '2026-03-01T10:00:00.000Z', '2026-02-28T10:00:00.000Z'],
    ['a minute', 1, '2026-03-01T10:58:30.000Z', '2026-03-01T10:57:30.000Z'],
    ['a calendar month', 'month', '2026-03-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z'],
  ] as const)('starts and looks back for %s', (_, span, start, since) => {
    expect(windowAt(span, NOW)).toEqual({ start: new Date(start), since: new Date(since) });
  });

  it('covers the whole preceding span', () => {
    for (let minute = 0; minute < 120; minute++) {
      const now = new Date(NOW.getTime() + minute * 61_001);
      const anHourAgo = new Date(now.getTime() - 3_600_000);
      expect(windowAt(60, anHourAgo).start.getTime()).toBeGreaterThanOrEqual(
        windowAt(60, now).since.getTime(),
      );
    }
  });
});
