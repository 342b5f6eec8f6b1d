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
  let lookup: DeviceLookup;
  let repository: DeviceRepository;
  beforeEach(async () => {
    await database.prisma.device.deleteMany();
    lookup = new DeviceLookup(database.sql, database.prisma);
    repository = new DeviceRepository(database.prisma);
  });

  it('returns everything that a push needs', async () => {
    const keys = { p256dh: 'key', auth: 'secret' };
    const phone = await repository.register(
      ann,
      testRegistration('ab12', {
        platform: 'apns_ios_device',
        transport: 'apns',
        environment: 'sandbox',
        sessionId: 's1',
      }),
    );
    await database.prisma.device.updateMany({ data: { updatedAt: new Date(0) } });
    const browser = await repository.register(
      ann,
      testRegistration('https://push.example.com/1', {
        platform: 'web_push',
        transport: 'webpush',
        webPushKeys: keys,
        providerId: 'web',
      }),
    );
    expect(await lookup.devicesOf('app123', 'ann')).toEqual([
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

  it('answers concurrent queries individually', async () => {
    for (let i = 0; i < 20; i++)
      await repository.register({ app, uid: `user${i}` }, testRegistration(`t${i}`));
    const asked = Array.from({ length: 300 }, (_, i) => `user${i % 25}`);
    const answers = await Promise.all(asked.map((uid) => lookup.devicesOf('app123', uid)));
    expect(answers.map((devices) => devices.map(({ address }) => address.token))).toEqual(
      asked.map((uid) => (Number(uid.slice(4)) < 20 ? [`t${uid.slice(4)}`] : [])),
    );
    expect(await lookup.devicesOf('app456', 'user1')).toEqual([]);
  });

  it('retires a dead device unless it was registered again since', async () => {
    const { device } = await repository.register(ann, testRegistration('t1'));
    const later = new Date(device.updatedAt.getTime() + 1);
    const earlier = new Date(device.updatedAt.getTime() - 1);
    const cause = { reason: 'token_unregistered', vendorCode: 'UNREGISTERED' };
    expect(await lookup.retire(device.id, { ...cause, at: earlier })).toBe(false);
    expect(await lookup.devicesOf('app123', 'ann')).toHaveLength(1);
    expect(await lookup.find(device.id)).toEqual({
      appId: 'app123',
      uid: 'ann',
      registeredAt: expect.any(Date),
      providerId: 'default',
      transport: 'fcm',
    });
    expect(await lookup.retire(device.id, { ...cause, at: later })).toBe(true);
    expect(await lookup.devicesOf('app123', 'ann')).toEqual([]);
    expect(await lookup.find(device.id)).toBeUndefined();
    expect(await lookup.retire(device.id, { ...cause, at: later })).toBe(false);
    expect(await repository.list(ann)).toEqual([]);
    expect(await repository.listRetired(ann)).toMatchObject([
      { id: device.id, retiredReason: 'token_unregistered', retiredCode: 'UNREGISTERED' },
    ]);

    const again = await repository.register(ann, testRegistration('t1'));
    expect(again).toMatchObject({ isNew: false, device: { id: device.id } });
    expect(await repository.listRetired(ann)).toEqual([]);
    expect(await lookup.devicesOf('app123', 'ann')).toHaveLength(1);
  });
});

describe('DeviceUpkeep', () => {
  const DAY_MS = 86_400_000;
  const ago = (days: number): Date => new Date(Date.now() - days * DAY_MS);
  const age = async (token: string, data: { updatedAt?: Date; retiredAt?: Date }): Promise<void> => {
    await database.prisma.device.updateMany({ where: { token }, data });
  };

  it('retires devices unseen for long, and deletes those retired long ago', async () => {
    await database.prisma.device.deleteMany();
    const repository = new DeviceRepository(database.prisma);
    const upkeep = new DeviceUpkeep(database.sql);
    for (const token of ['fresh', 'unseen', 'retired', 'forgotten'])
      await repository.register(ann, testRegistration(token));
    await repository.register({ app: testApp('app456'), uid: 'bob' }, testRegistration('unseen'));
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
    expect((await repository.list(ann)).map(({ token }) => token)).toEqual(['fresh']);
    expect(
      (await repository.listRetired(ann)).map(({ token, retiredReason }) => [token, retiredReason]),
    ).toEqual([
      ['unseen', 'unseen'],
      ['retired', null],
    ]);
  });

  it('keeps a device whose vendor has accepted a push recently, even without a new registration', async () => {
    await database.prisma.device.deleteMany();
    const repository = new DeviceRepository(database.prisma);
    const upkeep = new DeviceUpkeep(database.sql);
    const ids = new Map<string, string>();
    for (const token of ['reached recently', 'silent', 'reached long ago']) {
      const { device } = await repository.register(ann, testRegistration(token));
      ids.set(token, device.id);
      await age(token, { updatedAt: ago(300) });
    }
    const reached = (token: string): { id: string } => ({ id: ids.get(token) ?? '' });
    await upkeep.noteReached([reached('reached long ago')], ago(271));
    await upkeep.noteReached([reached('reached recently'), { id: newId() }], ago(1));
    expect(await upkeep.retireUnseen(ago(270))).toEqual(new Map([['app123', 2]]));
    expect((await repository.list(ann)).map(({ token }) => token)).toEqual(['reached recently']);
  });

  it('records that a device was reached at most once a day, and its environment once', async () => {
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

  it('processes thousands of devices in steps', async () => {
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
  let contacts: ContactRepository;
  let lookup: ContactLookup;
  beforeEach(async () => {
    await database.prisma.contact.deleteMany();
    contacts = new ContactRepository(database.prisma, database.sql);
    lookup = new ContactLookup(database.sql);
  });

  it('stores, finds and removes a contact', async () => {
    const first = await contacts.put(ann, { phno: '+14155550100', name: 'Ann' });
    expect(first).toMatchObject({ uid: 'ann', phno: '+14155550100', name: 'Ann' });
    const second = await contacts.put(ann, { phno: '+14155550101', name: null });
    expect(second.createdAt).toEqual(first.createdAt);
    expect(await contacts.get(ann)).toMatchObject({
      phno: '+14155550101',
      name: null,
      createdAt: first.createdAt,
    });
    expect(await lookup.numberOf('app123', 'ann')).toBe('+14155550101');
    expect(await contacts.remove(ann)).toBe(1);
    expect(await lookup.numberOf('app123', 'ann')).toBeUndefined();
    await expect(contacts.get(ann)).rejects.toMatchObject({ code: 'CONTACT.NOT_FOUND' });
    await expect(contacts.remove(ann)).rejects.toMatchObject({ code: 'CONTACT.NOT_FOUND' });
  });

  it('writes the contacts of the same users concurrently', async () => {
    const writes = Array.from({ length: 50 }, (_, i) =>
      new ContactRepository(database.prisma, database.sql).put(
        { app, uid: `user${i % 3}` },
        { phno: `+141555501${10 + i}`, name: null },
      ),
    );
    expect(await Promise.all(writes)).toHaveLength(50);
    expect(await database.prisma.contact.count()).toBe(3);
  });

  it('separates apps, and answers concurrent queries individually', async () => {
    await contacts.put(ann, { phno: '+14155550100', name: null });
    await contacts.put({ app: testApp('app456'), uid: 'ann' }, { phno: '+14155550101', name: null });
    const asked = ['app123', 'app456', 'app789', 'app123'];
    expect(await Promise.all(asked.map((appId) => lookup.numberOf(appId, 'ann')))).toEqual([
      '+14155550100',
      '+14155550101',
      undefined,
      '+14155550100',
    ]);
  });
});
