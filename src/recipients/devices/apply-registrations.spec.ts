import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { applyRegistrations, MAX_DEVICES_PER_USER, type DeviceKeys } from './apply-registrations.js';
import type { Registration } from './registration.js';
import { draws } from '../../../test/support/draws.js';

const NOW = new Date('2026-01-02T03:04:05Z');
const EARLIER = new Date('2026-01-01T00:00:00Z');

const registration = (token: string, sessionId: string | null | undefined = null): Registration => ({
  platform: 'fcm_android',
  transport: 'fcm',
  providerId: 'default',
  token,
  webPushKeys: null,
  environment: null,
  sessionId,
  timezone: null,
  locale: null,
  appVersion: null,
});
const of = (uid: string, token: string, sessionId?: string | null) => ({
  uid,
  registration: registration(token, sessionId),
});

/** The devices stored after the given registrations, each made at its own time. */
function stored(...made: (readonly [string, string, (string | null)?, Date?])[]): DeviceKeys[] {
  return made.reduce<DeviceKeys[]>((known, [uid, token, sessionId, at]) => {
    const { gone, fresh } = applyRegistrations(known, [of(uid, token, sessionId)], at ?? EARLIER);
    return [...known.filter(({ id }) => !gone.includes(id)), ...fresh];
  }, []);
}

const facts = (devices: readonly DeviceKeys[]): string[] =>
  devices.map(({ uid, tokenHash, sessionId }) => `${uid} ${tokenHash} ${sessionId}`).sort();

describe('applyRegistrations', () => {
  it('creates a device for a new token', () => {
    const { gone, fresh, answers } = applyRegistrations([], [of('ann', 't', 's1')], NOW);
    expect(gone).toEqual([]);
    expect(fresh).toEqual([
      expect.objectContaining({ uid: 'ann', sessionId: 's1', createdAt: NOW, updatedAt: NOW }),
    ]);
    expect(answers).toEqual([{ device: fresh[0], isNew: true }]);
  });

  it('keeps id and createdAt when a device is registered again', () => {
    const [known] = stored(['ann', 't', 's1']);
    const { gone, fresh, answers } = applyRegistrations(known ? [known] : [], [of('ann', 't', 's2')], NOW);
    expect(gone).toEqual([known?.id]);
    expect(fresh).toEqual([
      expect.objectContaining({ id: known?.id, sessionId: 's2', createdAt: EARLIER, updatedAt: NOW }),
    ]);
    expect(answers[0]?.isNew).toBe(false);
  });

  it('keeps the session of a device if undefined, and removes it if null', () => {
    const known = stored(['ann', 't', 's1']);
    const session = (named: null | undefined) =>
      applyRegistrations(
        known,
        [{ uid: 'ann', registration: { ...registration('t'), sessionId: named } }],
        NOW,
      ).fresh[0]?.sessionId;
    expect(session(undefined)).toBe('s1');
    expect(session(null)).toBeNull();
  });

  it('replaces the token of the same session only', () => {
    const known = stored(['ann', 't1', 's1'], ['ann', 't2', 's2'], ['ann', 't3', null], ['bob', 't4', 's1']);
    const { gone, fresh } = applyRegistrations(known, [of('ann', 't5', 's1'), of('ann', 't6', null)], NOW);
    expect(gone).toEqual([known[0]?.id]);
    expect(fresh.map(({ token }) => token)).toEqual(['t5', 't6']);
  });

  it('moves a token from its previous user to the new one', () => {
    const known = stored(['ann', 't', 's1']);
    const { gone, fresh, answers } = applyRegistrations(known, [of('bob', 't')], NOW);
    expect(gone).toEqual([known[0]?.id]);
    expect(fresh).toEqual([expect.objectContaining({ uid: 'bob', sessionId: null, createdAt: NOW })]);
    expect(fresh[0]?.id).not.toBe(known[0]?.id);
    expect(answers[0]?.isNew).toBe(true);
  });

  it('lets the last registration in a batch win', () => {
    const { gone, fresh, answers } = applyRegistrations(
      [],
      [of('ann', 't1', 's'), of('bob', 't1', 's'), of('ann', 't2', 's'), of('ann', 't3', 's')],
      NOW,
    );
    expect(gone).toEqual([]);
    expect(fresh.map(({ uid, token }) => `${uid} ${token}`)).toEqual(['bob t1', 'ann t3']);
    expect(answers.map(({ isNew }) => isNew)).toEqual([true, true, true, true]);
  });

  it('evicts the least recently registered of 100 devices', () => {
    const full = Array.from(
      { length: 100 },
      (_, i) => ['ann', `t${i}`, null, new Date(i === 40 ? 1 : 1_000 + i)] as const,
    );
    const known = stored(...full, ['bob', 'b', null, new Date(0)]);
    const { gone, fresh } = applyRegistrations(known, [of('ann', 'new')], NOW);
    expect(gone).toEqual([known[40]?.id]);
    expect(fresh).toHaveLength(1);
  });

  it('neither counts nor evicts retired devices', () => {
    const known = stored(...Array.from({ length: 101 }, (_, i) => ['ann', `t${i}`] as const)).map(
      (device, i): DeviceKeys => (i === 0 ? { ...device, retiredAt: EARLIER } : device),
    );
    // The 101st evicted the oldest; of the remaining 100 one is retired, so there is room for one more.
    expect(known).toHaveLength(100);
    expect(applyRegistrations(known, [of('ann', 'new')], NOW).gone).toEqual([]);
    const two = applyRegistrations(known, [of('ann', 'new'), of('ann', 'newer')], NOW);
    expect(two.gone).toHaveLength(1);
    expect(two.gone).not.toContain(known[0]?.id);
  });

  it('reactivates a retired device when its token is registered, or replaces it in its session', () => {
    const [device] = stored(['ann', 't', 's1']);
    const retired = device ? [{ ...device, retiredAt: EARLIER }] : [];
    const revived = applyRegistrations(retired, [of('ann', 't', 's1')], NOW);
    expect(revived.answers).toMatchObject([{ isNew: false, device: { id: device?.id, retiredAt: null } }]);
    expect(applyRegistrations(retired, [of('ann', 'other', 's1')], NOW).gone).toEqual([device?.id]);
  });

  it('keeps the environment of a token if the client names none', () => {
    const [device] = stored(['ann', 't', 's1']);
    const known = device ? [{ ...device, environment: 'sandbox' }] : [];
    const environmentOf = (uid: string, token: string, named: 'production' | null = null): unknown => {
      const own = of(uid, token, 's1');
      const registered = { uid, registration: { ...own.registration, environment: named } };
      return applyRegistrations(known, [registered], NOW).answers[0]?.device.environment;
    };
    expect(environmentOf('ann', 't')).toBe('sandbox');
    expect(environmentOf('bob', 't')).toBe('sandbox');
    expect(environmentOf('ann', 'other')).toBeNull();
    expect(environmentOf('ann', 't', 'production')).toBe('production');
  });

  it('evicts nothing when one of 100 devices is registered again', () => {
    const known = stored(...Array.from({ length: 100 }, (_, i) => ['ann', `t${i}`] as const));
    const { gone, fresh } = applyRegistrations(known, [of('ann', 't7')], NOW);
    expect(gone).toEqual([known[7]?.id]);
    expect(fresh.map(({ id }) => id)).toEqual(gone);
  });

  it('keeps its rules for any registrations, batched or one by one', () => {
    const any = fc.record({
      uid: fc.constantFrom('ann', 'bob', 'cyd'),
      token: fc.constantFrom('t1', 't2', 't3', 't4', 't5'),
      sessionId: fc.constantFrom('s1', 's2', null),
    });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 20 }), fc.array(any, { maxLength: 20 }), (before, batch) => {
        const known = stored(...before.map(({ uid, token, sessionId }) => [uid, token, sessionId] as const));
        const { gone, fresh } = applyRegistrations(
          known,
          batch.map(({ uid, token, sessionId }) => of(uid, token, sessionId)),
          NOW,
        );
        const after = [...known.filter(({ id }) => !gone.includes(id)), ...fresh];
        const oneByOne = stored(
          ...[...before, ...batch].map(({ uid, token, sessionId }) => [uid, token, sessionId] as const),
        );
        expect(facts(after)).toEqual(facts(oneByOne));
        expect(new Set(after.map(({ id }) => id)).size).toBe(after.length);
        expect(new Set(after.map(({ tokenHash }) => tokenHash)).size).toBe(after.length);
        const sessions = after
          .filter(({ sessionId }) => sessionId !== null)
          .map(({ uid, sessionId }) => `${uid} ${sessionId}`);
        expect(new Set(sessions).size).toBe(sessions.length);
        expect(after.length).toBeLessThanOrEqual(MAX_DEVICES_PER_USER);
      }),
      draws(100),
    );
  });
});
