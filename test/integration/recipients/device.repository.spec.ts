import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { User } from '../../../src/recipients/user.js';
import { DeviceRepository } from '../../../src/recipients/devices/device.repository.js';
import { startDatabase, type TestDatabase } from '../../support/database.js';
import { testApp, testRegistration } from '../../support/recipients.js';

const app = testApp();
const ann: User = { app, uid: 'ann' };
const bob: User = { app, uid: 'bob' };
let database: TestDatabase;
let registry: DeviceRepository;
const tokensOf = async (user: User): Promise<string[]> =>
  (await registry.list(user)).map(({ token }) => token).sort();

beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.prisma.device.deleteMany();
  registry = new DeviceRepository(database.prisma);
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
    const { device, isNew } = await registry.register(ann, registration);
    expect(isNew).toBe(true);
    const { token, ...rest } = registration;
    const [stored] = await registry.list(ann);
    expect(stored).toMatchObject({ ...rest, token, id: device.id, uid: 'ann', appId: 'app123' });
    expect(stored?.createdAt).toEqual(device.createdAt);
  });

  it('refreshes a known token, and leaves its id and createdAt alone', async () => {
    const first = await registry.register(
      ann,
      testRegistration('t1', { locale: 'en', environment: 'sandbox' }),
    );
    const second = await registry.register(ann, testRegistration('t1', { appVersion: '2' }));
    expect(second.isNew).toBe(false);
    const [stored, ...others] = await registry.list(ann);
    expect(others).toEqual([]);
    expect(stored).toMatchObject({ id: first.device.id, appVersion: '2', locale: null });
    // A token never changes it.
    expect(stored).toMatchObject({ environment: 'sandbox' });
    expect(stored?.createdAt).toEqual(first.device.createdAt);
    expect(stored?.updatedAt).toEqual(second.device.updatedAt);
  });

  it('moves a token to the person who registered it last, as a new device', async () => {
    const first = await registry.register(ann, testRegistration('t1', { sessionId: 's1' }));
    const second = await registry.register(bob, testRegistration('t1', { sessionId: 's2' }));
    expect(second.isNew).toBe(true);
    expect(second.device.id).not.toBe(first.device.id);
    expect(await tokensOf(ann)).toEqual([]);
    expect(await tokensOf(bob)).toEqual(['t1']);
  });

  it('keeps the same token of another app or transport apart', async () => {
    const elsewhere: User = { app: testApp('app456'), uid: 'bob' };
    await registry.register(ann, testRegistration('ab', { platform: 'apns_ios_device', transport: 'apns' }));
    await registry.register(
      bob,
      testRegistration('ab', { platform: 'apns_ios_voip', transport: 'apns-voip' }),
    );
    await registry.register(
      elsewhere,
      testRegistration('ab', { platform: 'apns_ios_device', transport: 'apns' }),
    );
    expect([await tokensOf(ann), await tokensOf(bob), await tokensOf(elsewhere)]).toEqual([
      ['ab'],
      ['ab'],
      ['ab'],
    ]);
  });

  it('has one token of a transport per session, and any number outside sessions', async () => {
    const voip = { platform: 'apns_ios_voip', transport: 'apns-voip' } as const;
    await registry.register(ann, testRegistration('t1', { sessionId: 's1' }));
    await registry.register(ann, testRegistration('v1', { sessionId: 's1', ...voip }));
    await registry.register(ann, testRegistration('t2', { sessionId: 's2' }));
    await registry.register(ann, testRegistration('t3', { sessionId: 's1' }));
    await registry.register(ann, testRegistration('n1'));
    await registry.register(ann, testRegistration('n2'));
    expect(await tokensOf(ann)).toEqual(['n1', 'n2', 't2', 't3', 'v1']);
  });

  it('is safe when fifty register different tokens in one session at once', async () => {
    const answers = await Promise.all(
      // Registries of their own, as in as many processes: only the database stands between them.
      Array.from({ length: 50 }, (_, i) =>
        new DeviceRepository(database.prisma).register(ann, testRegistration(`t${i}`, { sessionId: 's1' })),
      ),
    );
    expect(answers.every(({ isNew }) => isNew)).toBe(true);
    const [survivor, ...others] = await registry.list(ann);
    expect(others).toEqual([]);
    expect(answers.map(({ device }) => device.token)).toContain(survivor?.token);
  });

  it('gives a token that fifty persons register at once to exactly one of them', async () => {
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

  it('answers fifty registrations of the same token by the same person with one 201', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, () =>
        new DeviceRepository(database.prisma).register(ann, testRegistration('t')),
      ),
    );
    expect(answers.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(new Set(answers.map(({ device }) => device.id)).size).toBe(1);
  });

  it('survives registering, moving and unregistering everything at once', async () => {
    const people = [ann, bob];
    const work = Array.from({ length: 60 }, (_, i) => {
      const user = people[i % 2] ?? ann;
      const own = new DeviceRepository(database.prisma);
      if (i % 5 === 0) return own.remove(user, { by: 'person' });
      return own.register(user, testRegistration(`t${i % 4}`, { sessionId: `s${i % 3}` }));
    });
    await expect(Promise.all(work)).resolves.toHaveLength(60);
    const stored = await database.prisma.device.findMany();
    expect(new Set(stored.map(({ token }) => token)).size).toBe(stored.length);
  });

  it('keeps the hundred devices that were registered last', async () => {
    for (let i = 0; i < 100; i++) await registry.register(ann, testRegistration(`t${i}`));
    await registry.register(ann, testRegistration('t0'));
    await registry.register(ann, testRegistration('t100'));
    const tokens = await tokensOf(ann);
    expect(tokens).toHaveLength(100);
    expect(tokens).toEqual(expect.arrayContaining(['t0', 't100']));
    expect(tokens).not.toContain('t1');
  });

  it('lists the newest first', async () => {
    for (const token of ['t1', 't2', 't3']) await registry.register(ann, testRegistration(token));
    await database.prisma.device.updateMany({ where: { token: 't1' }, data: { updatedAt: new Date(2) } });
    await database.prisma.device.updateMany({ where: { token: 't2' }, data: { updatedAt: new Date(1) } });
    expect((await registry.list(ann)).map(({ token }) => token)).toEqual(['t3', 't1', 't2']);
  });

  describe('remove', () => {
    const apns = { platform: 'apns_ios_device', transport: 'apns' } as const;
    beforeEach(async () => {
      await registry.register(ann, testRegistration('t1', { sessionId: 's1' }));
      await registry.register(ann, testRegistration('abcdef12', { sessionId: 's1', ...apns }));
      await registry.register(ann, testRegistration('t2', { sessionId: 's2' }));
      await registry.register(ann, testRegistration('t3'));
      await registry.register(bob, testRegistration('b1', { sessionId: 's1' }));
    });

    it('takes one session of one person', async () => {
      expect(await registry.remove(ann, { by: 'session', sessionId: 's1' })).toBe(2);
      expect(await registry.remove(ann, { by: 'session', sessionId: 's1' })).toBe(0);
      expect(await tokensOf(ann)).toEqual(['t2', 't3']);
      expect(await tokensOf(bob)).toEqual(['b1']);
    });

    it('takes what is outside any session', async () => {
      expect(await registry.remove(ann, { by: 'session', sessionId: null })).toBe(1);
      expect(await tokensOf(ann)).toEqual(['abcdef12', 't1', 't2']);
    });

    it('takes everything of one person', async () => {
      expect(await registry.remove(ann, { by: 'person' })).toBe(4);
      expect(await tokensOf(bob)).toEqual(['b1']);
    });

    it('takes one token, however its hex is written, and nobody else’s', async () => {
      expect(await registry.remove(ann, { by: 'token', token: 'ABCDEF12' })).toBe(1);
      await expect(registry.remove(ann, { by: 'token', token: 'T1' })).rejects.toMatchObject({
        code: 'DEVICE.NOT_FOUND',
      });
      await expect(registry.remove(ann, { by: 'token', token: 'b1' })).rejects.toMatchObject({
        code: 'DEVICE.NOT_FOUND',
      });
    });

    it('takes one device by its id, and nobody else’s', async () => {
      const [own] = await registry.list(ann);
      const [foreign] = await registry.list(bob);
      expect(await registry.remove(ann, { by: 'id', deviceId: own?.id ?? '' })).toBe(1);
      for (const deviceId of [own?.id ?? '', foreign?.id ?? '', 'nonsense', '']) {
        await expect(registry.remove(ann, { by: 'id', deviceId })).rejects.toMatchObject({
          code: 'DEVICE.NOT_FOUND',
        });
      }
    });
  });
});
