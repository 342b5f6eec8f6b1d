import { describe, expect, it } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import type { ConfigTransformOptions } from '../../platform/config/provider-settings.js';
import { SmsSettings } from '../../platform/config/sms-settings.js';
import { PROVIDER_TYPES } from '../../providers/provider-types.js';
import { routeFor, type RoutedSms } from './sms-route.js';

const providers = ['a', 'b', 'c'].map((id) => ({ id, type: 'sandbox' }));
const OPTIONS: ConfigTransformOptions = { exposeDefaultValues: true, providerTypes: PROVIDER_TYPES };
const settings = (routes?: object[]): SmsSettings =>
  plainToInstance(SmsSettings, { providers, ...(routes ? { routes } : {}) }, OPTIONS);
const sms = (change: Partial<RoutedSms> = {}): RoutedSms => ({
  country: 'US',
  deliveryId: 'a-delivery',
  ...change,
});
const use = (routes: object[], change: Partial<RoutedSms> = {}): readonly string[] | undefined =>
  routeFor(settings(routes), sms(change))?.route;

describe('routeFor', () => {
  it('uses all providers in order if there are no rules', () => {
    expect(routeFor(settings(), sms())).toEqual({ route: ['a', 'b', 'c'], onOverQuota: 'moveOn' });
  });

  it('uses the first rule that matches, or none', () => {
    const rules = [
      { countries: ['IN'], use: ['b'] },
      { countries: ['US'], use: ['c', 'a'] },
      { countries: ['US'], use: ['b'] },
    ];
    expect(use(rules)).toEqual(['c', 'a']);
    expect(use(rules, { country: 'IN' })).toEqual(['b']);
    expect(use(rules, { country: 'DE' })).toBeUndefined();
    expect(use(rules, { country: undefined })).toBeUndefined();
  });

  it('matches sender, group and country together', () => {
    const rules = [
      { senders: ['bank'], countries: ['US'], use: ['b'] },
      { groups: ['crew'], use: ['c'] },
      { use: ['a'] },
    ];
    expect(use(rules, { sender: 'bank' })).toEqual(['b']);
    expect(use(rules, { sender: 'bank', country: 'IN' })).toEqual(['a']);
    expect(use(rules, { group: 'crew' })).toEqual(['c']);
    expect(use(rules, { group: 'others' })).toEqual(['a']);
  });

  it('draws the first provider by weight, the same for the same SMS', () => {
    const rules = [{ use: ['a', 'b', 'c'], weights: { a: 3, b: 1 } }];
    const drawn = Array.from({ length: 4_000 }, (_, i) => use(rules, { deliveryId: `delivery-${i}` }) ?? []);
    const first = (id: string): number => drawn.filter(([provider]) => provider === id).length;
    // Three quarters and one quarter of 4,000 draws, each within ten standard deviations.
    expect(Math.abs(first('a') - 3_000)).toBeLessThan(280);
    expect(first('a') + first('b')).toBe(4_000);
    expect(drawn.every((route) => route.length === 3 && new Set(route).size === 3)).toBe(true);
    expect(use(rules, { deliveryId: 'delivery-7' })).toEqual(drawn[7]);
  });

  it('returns what to do if a vendor is over quota', () => {
    expect(routeFor(settings([{ use: ['a'], onOverQuota: 'wait' }]), sms())).toMatchObject({
      onOverQuota: 'wait',
    });
  });
});
