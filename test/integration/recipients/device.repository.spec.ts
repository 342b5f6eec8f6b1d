import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { User } from '../../../src/recipients/user.js';
import { ErasedUserRepository } from '../../../src/deliveries/erased-user.repository.js';
import { DeviceRepository } from '../../../src/recipients/devices/device.repository.js';
import { startDatabase, type TestDatabase } from '../../support/database.js';
import { testApp, testRegistration } from '../../support/recipients.js';

const app = testApp();
const ann: User = { app, uid: 'ann' };
const bob: User = { app, uid: 'bob' };
let database: TestDatabase;
let devices: DeviceRepository;
const tokensOf = async (user: User): Promise<string[]> =>
  (await devices.list(user)).map(({ token }) => token).sort();

beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.prisma.device.deleteMany();
  devices = new DeviceRepository(database.prisma);
});

describe('DeviceRepository on PostgreSQL', () => {
  it('stores every field of a registration', async () => {
    const registration = testRegistration('https://push.example.com/1', {
      platform: 'web_push',
      transport: 'webpush',
      webPushKeys: { p256dh: 'key', auth: 'secret' },
      sessionId: 's1',
      timezone: 'Asia/Kolkata',
      locale: 'en-IN',
      appVersion: '1.2.3',
    });
    const { device, isNew } = await devices.register(ann, registration);
    expect(isNew).toBe(true);
    const { token, ...rest } = registration;
    const [stored] = await devices.list(ann);
    expect(stored).toMatchObject({ ...rest, token, id: device.id, uid: 'ann', appId: 'app123' });
    expect(stored?.createdAt).toEqual(device.createdAt);
  });

  it('refreshes a known token and keeps its id and createdAt', async () => {
    const first = await devices.register(
      ann,
      testRegistration('t1', { locale: 'en', environment: 'sandbox' }),
    );
    const second = await devices.register(ann, testRegistration('t1', { appVersion: '2' }));
    expect(second.isNew).toBe(false);
    const [stored, ...others] = await devices.list(ann);
    expect(others).toEqual([]);
    expect(stored).toMatchObject({ id: first.device.id, appVersion: '2', locale: null });
    // Registering a token again never changes its environment.
    expect(stored).toMatchObject({ environment: 'sandbox' });
    expect(stored?.createdAt).toEqual(first.device.createdAt);
    expect(stored?.updatedAt).toEqual(second.device.updatedAt);
  });

  it('refuses registrations that arrived before their user was erased, alone of their batch', async () => {
    const erased = new ErasedUserRepository(database.sql);
    const erasedAt = await erased.mark(app.appId, 'cyd');
    const cyd: User = { app, uid: 'cyd' };
    const results = await Promise.allSettled([
      devices.register(cyd, testRegistration('late'), new Date(erasedAt.getTime() - 1)),
      devices.register(ann, testRegistration('other'), new Date(erasedAt.getTime() - 1)),
      devices.register(cyd, testRegistration('same moment'), erasedAt),
      devices.register(cyd, testRegistration('new'), new Date(erasedAt.getTime() + 1)),
    ]);
    expect(
      results.map((result): unknown => (result.status === 'fulfilled' ? 'taken' : result.reason)),
    ).toEqual([
      expect.objectContaining({ code: 'USER.ERASED' }),
      'taken',
      expect.objectContaining({ code: 'USER.ERASED' }),
      'taken',
    ]);
    expect(await tokensOf(cyd)).toEqual(['new']);
    expect(await tokensOf(ann)).toEqual(['other']);
    // The same uid in another app is another user.
    const elsewhere: User = { app: testApp('app456'), uid: 'cyd' };
    await devices.register(elsewhere, testRegistration('t'), new Date(erasedAt.getTime() - 1));
    expect(await tokensOf(elsewhere)).toEqual(['t']);
  });

  it('moves a token to the user who registered it last, as a new device', async () => {
    const first = await devices.register(ann, testRegistration('t1', { sessionId: 's1' }));
    const second = await devices.register(bob, testRegistration('t1', { sessionId: 's2' }));
    expect(second.isNew).toBe(true);
    expect(second.device.id).not.toBe(first.device.id);
    expect(await tokensOf(ann)).toEqual([]);
    expect(await tokensOf(bob)).toEqual(['t1']);
  });

  it('separates the same token in different apps and transports', async () => {
    const elsewhere: User = { app: testApp('app456'), uid: 'bob' };
    await devices.register(ann, testRegistration('ab', { platform: 'apns_ios_device', transport: 'apns' }));
    await devices.register(
      bob,
      testRegistration('ab', { platform: 'apns_ios_voip', transport: 'apns-voip' }),
    );
    await devices.register(
      elsewhere,
      testRegistration('ab', { platform: 'apns_ios_device', transport: 'apns' }),
    );
    expect([await tokensOf(ann), await tokensOf(bob), await tokensOf(elsewhere)]).toEqual([
      ['ab'],
      ['ab'],
      ['ab'],
    ]);
  });

  it('keeps one token of a transport per session, and any number outside sessions', async () => {
    const voip = { platform: 'apns_ios_voip', transport: 'apns-voip' } as const;
    await devices.register(ann, testRegistration('t1', { sessionId: 's1' }));
    await devices.register(ann, testRegistration('v1', { sessionId: 's1', ...voip }));
    await devices.register(ann, testRegistration('t2', { sessionId: 's2' }));
    await devices.register(ann, testRegistration('t3', { sessionId: 's1' }));
    await devices.register(ann, testRegistration('n1'));
    await devices.register(ann, testRegistration('n2'));
    expect(await tokensOf(ann)).toEqual(['n1', 'n2', 't2', 't3', 'v1']);
  });

  it('keeps one of fifty tokens registered concurrently in one session', async () => {
    const answers = await Promise.all(
      // One repository each, as in separate processes: only the database synchronizes them.
      Array.from({ length: 50 }, (_, i) =>
        new DeviceRepository(database.prisma).register(ann, testRegistration(`t${i}`, { sessionId: 's1' })),
      ),
    );
    expect(answers.every(({ isNew }) => isNew)).toBe(true);
    const [survivor, ...others] = await devices.list(ann);
    expect(others).toEqual([]);
    expect(answers.map(({ device }) => device.token)).toContain(survivor?.token);
  });

  it('gives a token that fifty users register concurrently to exactly one of them', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        new DeviceRepository(database.prisma).register(
          { app, uid: `user${i}` },
          testRegistration('t', { sessionId: 's' }),
        ),
      ),
    );
    expect(answers).toHaveLength(50);
    expect(await database.prisma.device.count()).toBe(1);
  });

  it('reports one of fifty concurrent registrations of the same token by one user as new', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, () =>
        new DeviceRepository(database.prisma).register(ann, testRegistration('t')),
      ),
    );
    expect(answers.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(new Set(answers.map(({ device }) => device.id)).size).toBe(1);
  });

  it('registers, moves and removes tokens concurrently without duplicates', async () => {
    const people = [ann, bob];
    const work = Array.from({ length: 60 }, (_, i) => {
      const user = people[i % 2] ?? ann;
      const own = new DeviceRepository(database.prisma);
      if (i % 5 === 0) return own.remove(user, { by: 'user' });
      return own.register(user, testRegistration(`t${i % 4}`, { sessionId: `s${i % 3}` }));
    });
    await expect(Promise.all(work)).resolves.toHaveLength(60);
    const stored = await database.prisma.device.findMany();
    expect(new Set(stored.map(({ token }) => token)).size).toBe(stored.length);
  });

  it('keeps the hundred devices registered last', async () => {
    for (let i = 0; i < 100; i++) await devices.register(ann, testRegistration(`t${i}`));
    await devices.register(ann, testRegistration('t0'));
    await devices.register(ann, testRegistration('t100'));
    const tokens = await tokensOf(ann);
    expect(tokens).toHaveLength(100);
    expect(tokens).toEqual(expect.arrayContaining(['t0', 't100']));
    expect(tokens).not.toContain('t1');
  });

  it('lists the latest registration first', async () => {
    for (const token of ['t1', 't2', 't3']) await devices.register(ann, testRegistration(token));
    await database.prisma.device.updateMany({ where: { token: 't1' }, data: { updatedAt: new Date(2) } });
    await database.prisma.device.updateMany({ where: { token: 't2' }, data: { updatedAt: new Date(1) } });
    expect((await devices.list(ann)).map(({ token }) => token)).toEqual(['t3', 't1', 't2']);
  });

  describe('DeviceRepository.remove', () => {
    const apns = { platform: 'apns_ios_device', transport: 'apns' } as const;
    beforeEach(async () => {
      await devices.register(ann, testRegistration('t1', { sessionId: 's1' }));
      await devices.register(ann, testRegistration('abcdef12', { sessionId: 's1', ...apns }));
      await devices.register(ann, testRegistration('t2', { sessionId: 's2' }));
      await devices.register(ann, testRegistration('t3'));
      await devices.register(bob, testRegistration('b1', { sessionId: 's1' }));
    });

    it('removes one session of one user', async () => {
      expect(await devices.remove(ann, { by: 'session', sessionId: 's1' })).toBe(2);
      expect(await devices.remove(ann, { by: 'session', sessionId: 's1' })).toBe(0);
      expect(await tokensOf(ann)).toEqual(['t2', 't3']);
      expect(await tokensOf(bob)).toEqual(['b1']);
    });

    it('removes the devices outside any session', async () => {
      expect(await devices.remove(ann, { by: 'session', sessionId: null })).toBe(1);
      expect(await tokensOf(ann)).toEqual(['abcdef12', 't1', 't2']);
    });

    it('removes all devices of one user', async () => {
      expect(await devices.remove(ann, { by: 'user' })).toBe(4);
      expect(await tokensOf(bob)).toEqual(['b1']);
    });

    it('removes one token in any hex case, but none of another user', async () => {
      expect(await devices.remove(ann, { by: 'token', token: 'ABCDEF12' })).toBe(1);
      await expect(devices.remove(ann, { by: 'token', token: 'T1' })).rejects.toMatchObject({
        code: 'DEVICE.NOT_FOUND',
      });
      await expect(devices.remove(ann, { by: 'token', token: 'b1' })).rejects.toMatchObject({
        code: 'DEVICE.NOT_FOUND',
      });
    });

    it('removes one device by its id, but none of another user', async () => {
      const [own] = await devices.list(ann);
      const [foreign] = await devices.list(bob);
      expect(await devices.remove(ann, { by: 'id', deviceId: own?.id ?? '' })).toBe(1);
      for (const deviceId of [own?.id ?? '', foreign?.id ?? '', 'nonsense', '']) {
        await expect(devices.remove(ann, { by: 'id', deviceId })).rejects.toMatchObject({
          code: 'DEVICE.NOT_FOUND',
        });
      }
    });
  });
});
