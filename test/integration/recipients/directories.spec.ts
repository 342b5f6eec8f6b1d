import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ContactBook } from '../../../src/recipients/contacts/contact-book.js';
import { ContactDirectory } from '../../../src/recipients/contacts/contact-directory.js';
import { DeviceDirectory } from '../../../src/recipients/devices/device-directory.js';
import { DeviceRegistry } from '../../../src/recipients/devices/device-registry.js';
import { startDatabase, type TestDatabase } from '../../support/database.js';
import { testApp, testRegistration } from '../../support/recipients.js';

let database: TestDatabase;
const app = testApp();
const ann = { app, uid: 'ann' };

beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.close());

describe('DeviceDirectory', () => {
  let directory: DeviceDirectory;
  let registry: DeviceRegistry;
  beforeEach(async () => {
    await database.prisma.device.deleteMany();
    directory = new DeviceDirectory(database.sql, database.prisma);
    registry = new DeviceRegistry(database.prisma);
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
        address: { transport: 'webpush', token: 'https://push.example.com/1', platform: 'web_push', keys },
      },
      {
        id: phone.device.id,
        providerId: 'default',
        sessionId: 's1',
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
    expect(await directory.retire(device.id, earlier)).toBe(false);
    expect(await directory.devicesOf('app123', 'ann')).toHaveLength(1);
    expect(await directory.retire(device.id, later)).toBe(true);
    expect(await directory.devicesOf('app123', 'ann')).toEqual([]);
    expect(await directory.retire(device.id, later)).toBe(false);
  });
});

describe('ContactBook and ContactDirectory', () => {
  let book: ContactBook;
  let directory: ContactDirectory;
  beforeEach(async () => {
    await database.prisma.contact.deleteMany();
    book = new ContactBook(database.prisma, database.sql);
    directory = new ContactDirectory(database.sql);
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
      new ContactBook(database.prisma, database.sql).put(
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
