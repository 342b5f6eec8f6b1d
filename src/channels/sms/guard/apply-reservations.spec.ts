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
const textsUnder = (...limits: Limit[]): ReservationRequest => ({ limits, costMicros: 0 });
const times = (count: number, ask: ReservationRequest): ReservationRequest[] =>
  Array.from({ length: count }, () => ask);
const told = ({ raised }: Applied): string[] =>
  raised.map(({ what, limit, used }) => `${what} ${limit.name} ${used}`);

describe('texts', () => {
  it('go until the limit is used up, and not one more', () => {
    const { stoppedBy, changes } = apply(times(12, textsUnder(APP)));
    expect(stoppedBy.map((limit) => limit?.name)).toEqual([
      ...times(10, textsUnder()).map(() => undefined),
      'perAppPerMonth.texts',
      'perAppPerMonth.texts',
    ]);
    expect(changes).toEqual([{ limit: APP, texts: 10, costMicros: 0, warned: true, stopped: true }]);
  });

  it('go on from what was counted before', () => {
    const { stoppedBy } = apply(times(3, textsUnder(APP)), { 'app_month ': counted({ texts: 8 }) });
    expect(stoppedBy).toEqual([undefined, undefined, APP]);
  });

  it('that one limit stops are counted under none', () => {
    const requests = [...times(4, textsUnder(user('ann'), APP)), textsUnder(user('bob'), APP)];
    const { stoppedBy, changes } = apply(requests);
    expect(stoppedBy.map((limit) => limit?.key)).toEqual([undefined, undefined, 'ann', 'ann', undefined]);
    expect(changes.map(({ limit, texts }) => [limit.scope, limit.key, texts])).toEqual([
      ['person_hour', 'ann', 2],
      ['app_month', '', 3],
      ['person_hour', 'bob', 1],
    ]);
  });

  it('are stopped although nothing has to be written any more', () => {
    const known = { 'app_month ': counted({ texts: 10, warned: true, stopped: true }) };
    expect(apply(times(3, textsUnder(APP)), known)).toEqual({
      stoppedBy: [APP, APP, APP],
      changes: [],
      raised: [],
    });
  });
});

describe('money', () => {
  it('is counted by what each text costs; a cheaper one may still go', () => {
    const { stoppedBy, changes } = apply([priced(600), priced(600), priced(400), priced(1)]);
    expect(stoppedBy.map((limit) => limit?.name)).toEqual([undefined, MONEY.name, undefined, MONEY.name]);
    expect(changes).toMatchObject([{ texts: 2, costMicros: 1_000 }]);
  });
});

describe('what is told', () => {
  it('is the approach at 80 % and the stop, once each', () => {
    expect(told(apply(times(15, textsUnder(APP))))).toEqual([
      'near perAppPerMonth.texts 8',
      'stopped perAppPerMonth.texts 10',
    ]);
  });

  it('is not told again within the window', () => {
    const known = { 'app_month ': counted({ texts: 8, warned: true }) };
    expect(told(apply(times(5, textsUnder(APP)), known))).toEqual(['stopped perAppPerMonth.texts 10']);
  });

  it('is not the approach where 80 % are not reached', () => {
    expect(told(apply(times(7, textsUnder(APP))))).toEqual([]);
    expect(told(apply([priced(799)]))).toEqual([]);
    expect(told(apply([priced(800)]))).toEqual([`near ${MONEY.name} 800`]);
  });

  it('is the approach of a limit once, whichever of its keys comes near', () => {
    const number: Limit = { ...user('ann', 5), scope: 'number_hour', key: 'hash' };
    expect(told(apply(times(4, textsUnder(user('ann', 5), number))))).toEqual([
      'near perPersonPerHour.texts 4',
    ]);
  });

  it('is each limit by itself', () => {
    expect(told(apply([textsUnder(user('ann', 1)), textsUnder(user('bob', 1))]))).toEqual([
      'near perPersonPerHour.texts 1',
      'near perPersonPerHour.texts 1',
    ]);
  });
});

describe('a broken glass', () => {
  it('lets everything go, counts it, and tells what would have been stopped', () => {
    const known = { 'app_month ': counted({ texts: 9, warned: true }) };
    const applied = apply(times(3, textsUnder(APP)), known, true);
    expect(applied.stoppedBy).toEqual([undefined, undefined, undefined]);
    expect(applied.changes).toEqual([{ limit: APP, texts: 3, costMicros: 0, warned: false, stopped: false }]);
    expect(told(applied)).toEqual(['overrun perAppPerMonth.texts 10', 'overrun perAppPerMonth.texts 11']);
  });
});
