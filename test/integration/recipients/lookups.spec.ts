import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ContactRepository } from '../../../src/recipients/contacts/contact.repository.js';
import { ContactLookup } from '../../../src/recipients/contacts/contact-lookup.js';
import { DeviceLookup } from '../../../src/recipients/devices/device-lookup.js';
import { DeviceRepository } from '../../../src/recipients/devices/device.repository.js';
import { newId } from '../../../src/platform/ids/new-id.js';
import { DeviceUpkeep } from '../../../src/recipients/devices/device-upkeep.js';
import { startDatabase, type TestDatabase } from '../../support/database.js';
import { testApp, testRegistration } from '../../support/recipients.js';

let database: TestDatabase;
const app = testApp();
const ann = { app, uid: 'ann' };

beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.close());

describe('DeviceLookup', () => {
  let directory: DeviceLookup;
  let registry: DeviceRepository;
  beforeEach(async () => {
    await database.prisma.device.deleteMany();
    directory = new DeviceLookup(database.sql, database.prisma);
    registry = new DeviceRepository(database.prisma);
  });

  it('tells what a push needs', async () => {
    const keys = { p256dh: 'key', auth: 'secret' };
    const phone = await registry.register(
      ann,
      testRegistration('ab12', {
        platform: 'apns_ios_device',
        transport: 'apns',
        environment: 'sandbox',
        sessionId: 's1',
      }),
    );
    await database.prisma.device.updateMany({ data: { updatedAt: new Date(0) } });
    const browser = await registry.register(
      ann,
      testRegistration('https://push.example.com/1', {
        platform: 'web_push',
        transport: 'webpush',
        webPushKeys: keys,
        providerId: 'web',
      }),
    );
    expect(await directory.devicesOf('app123', 'ann')).toEqual([
      {
        id: browser.device.id,
        providerId: 'web',
        sessionId: null,
        locale: null,
        address: { transport: 'webpush', token: 'https://push.example.com/1', platform: 'web_push', keys },
      },
      {
        id: phone.device.id,
        providerId: 'default',
        sessionId: 's1',
        locale: null,
        address: { transport: 'apns', token: 'ab12', platform: 'apns_ios_device', environment: 'sandbox' },
      },
    ]);
  });

  it('answers many questions at once, each with its own', async () => {
    for (let i = 0; i < 20; i++) await registry.register({ app, uid: `user${i}` }, testRegistration(`t${i}`));
    const asked = Array.from({ length: 300 }, (_, i) => `user${i % 25}`);
    const answers = await Promise.all(asked.map((uid) => directory.devicesOf('app123', uid)));
    expect(answers.map((devices) => devices.map(({ address }) => address.token))).toEqual(
      asked.map((uid) => (Number(uid.slice(4)) < 20 ? [`t${uid.slice(4)}`] : [])),
    );
    expect(await directory.devicesOf('app456', 'user1')).toEqual([]);
  });

  it('retires a dead device, but not one that was registered again since', async () => {
    const { device } = await registry.register(ann, testRegistration('t1'));
    const later = new Date(device.updatedAt.getTime() + 1);
    const earlier = new Date(device.updatedAt.getTime() - 1);
    const word = { reason: 'token_unregistered', vendorCode: 'UNREGISTERED' };
    expect(await directory.retire(device.id, { ...word, at: earlier })).toBe(false);
    expect(await directory.devicesOf('app123', 'ann')).toHaveLength(1);
    expect(await directory.find(device.id)).toEqual({
      appId: 'app123',
      uid: 'ann',
      registeredAt: expect.any(Date),
      providerId: 'default',
      transport: 'fcm',
    });
    expect(await directory.retire(device.id, { ...word, at: later })).toBe(true);
    expect(await directory.devicesOf('app123', 'ann')).toEqual([]);
    expect(await directory.find(device.id)).toBeUndefined();
    expect(await directory.retire(device.id, { ...word, at: later })).toBe(false);
    expect(await registry.list(ann)).toEqual([]);
    expect(await registry.listRetired(ann)).toMatchObject([
      { id: device.id, retiredReason: 'token_unregistered', retiredCode: 'UNREGISTERED' },
    ]);

    const again = await registry.register(ann, testRegistration('t1'));
    expect(again).toMatchObject({ isNew: false, device: { id: device.id } });
    expect(await registry.listRetired(ann)).toEqual([]);
    expect(await directory.devicesOf('app123', 'ann')).toHaveLength(1);
  });
});

describe('DeviceUpkeep', () => {
  const DAY_MS = 86_400_000;
  const ago = (days: number): Date => new Date(Date.now() - days * DAY_MS);
  const age = async (token: string, data: { updatedAt?: Date; retiredAt?: Date }): Promise<void> => {
    await database.prisma.device.updateMany({ where: { token }, data });
  };

  it('retires what was not registered for long, and deletes what was retired long ago', async () => {
    await database.prisma.device.deleteMany();
    const registry = new DeviceRepository(database.prisma);
    const upkeep = new DeviceUpkeep(database.sql);
    for (const token of ['fresh', 'unseen', 'retired', 'forgotten'])
      await registry.register(ann, testRegistration(token));
    await registry.register({ app: testApp('app456'), uid: 'bob' }, testRegistration('unseen'));
    await age('unseen', { updatedAt: ago(271) });
    await age('fresh', { updatedAt: ago(269) });
    await age('retired', { updatedAt: ago(400), retiredAt: ago(29) });
    await age('forgotten', { updatedAt: ago(400), retiredAt: ago(31) });

    expect(await upkeep.retireUnseen(ago(270))).toEqual(
      new Map([
        ['app123', 1],
        ['app456', 1],
      ]),
    );
    expect(await upkeep.retireUnseen(ago(270))).toEqual(new Map());
    expect(await upkeep.deleteRetired(ago(30))).toBe(1);
    expect((await registry.list(ann)).map(({ token }) => token)).toEqual(['fresh']);
    expect(
      (await registry.listRetired(ann)).map(({ token, retiredReason }) => [token, retiredReason]),
    ).toEqual([
      ['unseen', 'unseen'],
      ['retired', null],
    ]);
  });

  it('keeps what its vendor has taken a push for since, though nobody registers it again', async () => {
    await database.prisma.device.deleteMany();
    const registry = new DeviceRepository(database.prisma);
    const upkeep = new DeviceUpkeep(database.sql);
    const ids = new Map<string, string>();
    for (const token of ['loyal', 'silent', 'reached long ago']) {
      const { device } = await registry.register(ann, testRegistration(token));
      ids.set(token, device.id);
      await age(token, { updatedAt: ago(300) });
    }
    const reached = (token: string): { id: string } => ({ id: ids.get(token) ?? '' });
    await upkeep.noteReached([reached('reached long ago')], ago(271));
    await upkeep.noteReached([reached('loyal'), { id: newId() }], ago(1));
    expect(await upkeep.retireUnseen(ago(270))).toEqual(new Map([['app123', 2]]));
    expect((await registry.list(ann)).map(({ token }) => token)).toEqual(['loyal']);
  });

  it('notes at most once a day that a device was reached, and its environment once and for all', async () => {
    await database.prisma.device.deleteMany();
    const { device } = await new DeviceRepository(database.prisma).register(ann, testRegistration('t'));
    const upkeep = new DeviceUpkeep(database.sql);
    const stored = () => database.prisma.device.findUniqueOrThrow({ where: { id: device.id } });
    const [first, soon, later] = [ago(3), ago(2.5), ago(1)];
    await upkeep.noteReached([{ id: device.id }], first);
    await upkeep.noteReached([{ id: device.id }], soon);
    expect(await stored()).toMatchObject({ reachedAt: first, environment: null });
    await upkeep.noteReached([{ id: device.id, environment: 'sandbox' }], soon);
    expect(await stored()).toMatchObject({ environment: 'sandbox' });
    await upkeep.noteReached([{ id: device.id, environment: 'production' }], later);
    expect(await stored()).toMatchObject({ reachedAt: later, environment: 'sandbox' });
  });

  it('takes thousands in steps', async () => {
    await database.prisma.device.deleteMany();
    await database.sql.query(`
      INSERT INTO device (id, app_id, uid, platform, transport, provider_id, token, token_hash, updated_at)
      SELECT gen_random_uuid(), 'app123', 'u' || i, 'fcm_web', 'fcm', 'default', 't' || i,
             sha256(('t' || i)::bytea), now() - interval '300 days'
      FROM generate_series(1, 2500) i`);
    const upkeep = new DeviceUpkeep(database.sql);
    expect(await upkeep.retireUnseen(ago(270))).toEqual(new Map([['app123', 2_500]]));
    expect(await upkeep.deleteRetired(new Date(Date.now() + DAY_MS))).toBe(2_500);
  });
});

describe('ContactRepository and ContactLookup', () => {
  let book: ContactRepository;
  let directory: ContactLookup;
  beforeEach(async () => {
    await database.prisma.contact.deleteMany();
    book = new ContactRepository(database.prisma, database.sql);
    directory = new ContactLookup(database.sql);
  });

  it('writes, finds and removes', async () => {
    const first = await book.put(ann, { phno: '+14155550100', name: 'Ann' });
    expect(first).toMatchObject({ uid: 'ann', phno: '+14155550100', name: 'Ann' });
    const second = await book.put(ann, { phno: '+14155550101', name: null });
    expect(second.createdAt).toEqual(first.createdAt);
    expect(await book.get(ann)).toMatchObject({
      phno: '+14155550101',
      name: null,
      createdAt: first.createdAt,
    });
    expect(await directory.numberOf('app123', 'ann')).toBe('+14155550101');
    expect(await book.remove(ann)).toBe(1);
    expect(await directory.numberOf('app123', 'ann')).toBeUndefined();
    await expect(book.get(ann)).rejects.toMatchObject({ code: 'CONTACT.NOT_FOUND' });
    await expect(book.remove(ann)).rejects.toMatchObject({ code: 'CONTACT.NOT_FOUND' });
  });

  it('is safe when fifty write the contacts of the same persons at once', async () => {
    const writes = Array.from({ length: 50 }, (_, i) =>
      new ContactRepository(database.prisma, database.sql).put(
        { app, uid: `user${i % 3}` },
        { phno: `+141555501${10 + i}`, name: null },
      ),
    );
    expect(await Promise.all(writes)).toHaveLength(50);
    expect(await database.prisma.contact.count()).toBe(3);
  });

  it('keeps apps apart, and answers each of many questions with its own', async () => {
    await book.put(ann, { phno: '+14155550100', name: null });
    await book.put({ app: testApp('app456'), uid: 'ann' }, { phno: '+14155550101', name: null });
    const asked = ['app123', 'app456', 'app789', 'app123'];
    expect(await Promise.all(asked.map((appId) => directory.numberOf(appId, 'ann')))).toEqual([
      '+14155550100',
      '+14155550101',
      undefined,
      '+14155550100',
    ]);
  });
});
