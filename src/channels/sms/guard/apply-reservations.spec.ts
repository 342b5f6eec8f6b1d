import { describe, expect, it } from '@jest/globals';
import {
  applyReservations,
  type Applied,
  type ReservationRequest,
  type Counter,
} from './apply-reservations.js';
import type { Limit } from './limits-of.js';

const APP: Limit = {
  name: 'perAppPerMonth.texts',
  scope: 'app_month',
  key: '',
  unit: 'texts',
  most: 10,
  amount: 1,
  span: 'month',
};
const MONEY: Limit = {
  ...APP,
  name: 'perAppPerMonth.money',
  scope: 'app_month_money',
  unit: 'money',
  most: 1_000,
};
const user = (uid: string, most = 2): Limit => ({
  ...APP,
  name: 'perPersonPerHour.texts',
  scope: 'person_hour',
  key: uid,
  most,
  span: 60,
});
const priced = (costMicros: number): ReservationRequest => ({
  limits: [{ ...MONEY, amount: costMicros }],
  costMicros,
});
const counted = (change: Partial<Counter>): Counter => ({
  texts: 0,
  costMicros: 0,
  warned: false,
  stopped: false,
  ...change,
});

const apply = (
  requests: readonly ReservationRequest[],
  known: Record<string, Counter> = {},
  breakGlass = false,
): Applied => applyReservations(new Map(Object.entries(known)), requests, breakGlass);
const smsUnder = (...limits: Limit[]): ReservationRequest => ({ limits, costMicros: 0 });
const times = (count: number, ask: ReservationRequest): ReservationRequest[] =>
  Array.from({ length: count }, () => ask);
const raisedBy = ({ raised }: Applied): string[] =>
  raised.map(({ what, limit, used }) => `${what} ${limit.name} ${used}`);

describe('limits in SMS', () => {
  it('allow exactly as many SMS as the limit', () => {
    const { stoppedBy, changes } = apply(times(12, smsUnder(APP)));
    expect(stoppedBy.map((limit) => limit?.name)).toEqual([
      ...times(10, smsUnder()).map(() => undefined),
      'perAppPerMonth.texts',
      'perAppPerMonth.texts',
    ]);
    expect(changes).toEqual([{ limit: APP, texts: 10, costMicros: 0, warned: true, stopped: true }]);
  });

  it('continue from the known counter', () => {
    const { stoppedBy } = apply(times(3, smsUnder(APP)), { 'app_month ': counted({ texts: 8 }) });
    expect(stoppedBy).toEqual([undefined, undefined, APP]);
  });

  it('do not count a stopped SMS under any limit', () => {
    const requests = [...times(4, smsUnder(user('ann'), APP)), smsUnder(user('bob'), APP)];
    const { stoppedBy, changes } = apply(requests);
    expect(stoppedBy.map((limit) => limit?.key)).toEqual([undefined, undefined, 'ann', 'ann', undefined]);
    expect(changes.map(({ limit, texts }) => [limit.scope, limit.key, texts])).toEqual([
      ['person_hour', 'ann', 2],
      ['app_month', '', 3],
      ['person_hour', 'bob', 1],
    ]);
  });

  it('stop without further writes once the alarm is raised', () => {
    const known = { 'app_month ': counted({ texts: 10, warned: true, stopped: true }) };
    expect(apply(times(3, smsUnder(APP)), known)).toEqual({
      stoppedBy: [APP, APP, APP],
      changes: [],
      raised: [],
    });
  });
});

describe('limits in money', () => {
  it('count the cost of each SMS and still allow a cheaper one', () => {
    const { stoppedBy, changes } = apply([priced(600), priced(600), priced(400), priced(1)]);
    expect(stoppedBy.map((limit) => limit?.name)).toEqual([undefined, MONEY.name, undefined, MONEY.name]);
    expect(changes).toMatchObject([{ texts: 2, costMicros: 1_000 }]);
  });
});

describe('raised events', () => {
  it('are the warning at 80 % and the alarm, once each', () => {
    expect(raisedBy(apply(times(15, smsUnder(APP))))).toEqual([
      'near perAppPerMonth.texts 8',
      'stopped perAppPerMonth.texts 10',
    ]);
  });

  it('are not repeated within the window', () => {
    const known = { 'app_month ': counted({ texts: 8, warned: true }) };
    expect(raisedBy(apply(times(5, smsUnder(APP)), known))).toEqual(['stopped perAppPerMonth.texts 10']);
  });

  it('have no warning below 80 %', () => {
    expect(raisedBy(apply(times(7, smsUnder(APP))))).toEqual([]);
    expect(raisedBy(apply([priced(799)]))).toEqual([]);
    expect(raisedBy(apply([priced(800)]))).toEqual([`near ${MONEY.name} 800`]);
  });

  it('have one warning for several keys of a limit', () => {
    const number: Limit = { ...user('ann', 5), scope: 'number_hour', key: 'hash' };
    expect(raisedBy(apply(times(4, smsUnder(user('ann', 5), number))))).toEqual([
      'near perPersonPerHour.texts 4',
    ]);
  });

  it('are separate for each user', () => {
    expect(raisedBy(apply([smsUnder(user('ann', 1)), smsUnder(user('bob', 1))]))).toEqual([
      'near perPersonPerHour.texts 1',
      'near perPersonPerHour.texts 1',
    ]);
  });
});

describe('breakGlass', () => {
  it('allows and counts everything, and reports overruns', () => {
    const known = { 'app_month ': counted({ texts: 9, warned: true }) };
    const applied = apply(times(3, smsUnder(APP)), known, true);
    expect(applied.stoppedBy).toEqual([undefined, undefined, undefined]);
    expect(applied.changes).toEqual([{ limit: APP, texts: 3, costMicros: 0, warned: false, stopped: false }]);
    expect(raisedBy(applied)).toEqual(['overrun perAppPerMonth.texts 10', 'overrun perAppPerMonth.texts 11']);
  });
});
