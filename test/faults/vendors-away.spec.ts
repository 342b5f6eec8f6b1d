import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PUSH_VENDORS, startAllVendors, VENDORS, type AllVendors } from '../support/all-vendors.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { push, sms } from '../support/payloads.js';
import { until } from '../support/until.js';
import { ends, peopleOf } from '../support/vendor-people.js';

let vendors: AllVendors;
let gateway: TestGateway;
beforeAll(async () => {
  vendors = await startAllVendors();
  gateway = await startTestGateway({ config: { apps: [vendors.app] } });
});
afterAll(async () => {
  await gateway.close();
  await vendors.close();
});

const { userWithAll, send } = peopleOf(
  () => gateway,
  () => vendors,
);

describe('an outage of every vendor', () => {
  it('loses no delivery', async () => {
    const people = await Promise.all(Array.from({ length: 10 }, userWithAll));
    const before = VENDORS.map((name) => vendors.each[name].received.length);
    for (const name of VENDORS) vendors.each[name].play('fault');
    const ids = await Promise.all([
      ...people.map((uid) => send('push', push({ tag: `outage-${uid}` }, uid))),
      ...people.map((uid, i) => send('sms', sms(`+1415555${String(2_000 + i)}`, uid))),
    ]);
    const asked = (): number[] => VENDORS.map((name) => vendors.each[name].asked());
    const askedBefore = asked();
    await until(
      () => asked().every((times, i) => times !== askedBefore[i]),
      () => asked().map((times, i) => `${VENDORS[i]}: ${times - (askedBefore[i] ?? 0)}`),
    );
    expect(VENDORS.map((name) => vendors.each[name].received.length)).toEqual(before);
    for (const name of VENDORS) vendors.each[name].play('accept');
    // The circuit breaker of a failed vendor stays open for up to 30 s.
    const records = await gateway.notifications(ids);
    expect(records.flatMap(ends).filter((end) => !end.includes(' sent '))).toEqual([]);
    expect(records.flatMap(({ deliveries }) => deliveries).some(({ attempts }) => attempts.length > 1)).toBe(
      true,
    );
    const accepted = VENDORS.map((name, i) => vendors.each[name].received.length - (before[i] ?? 0));
    expect(accepted.slice(0, PUSH_VENDORS.length)).toEqual([50, 10, 10, 10, 10, 10]);
    // The SMS vendor that recovers first is arbitrary; exactly one of them accepts each SMS.
    const smsCounts = accepted.slice(PUSH_VENDORS.length);
    expect(smsCounts.reduce((sum, each) => sum + each, 0)).toBe(people.length);
  });
});
