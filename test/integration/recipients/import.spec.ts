import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ErasedUserRepository } from '../../../src/deliveries/erased-user.repository.js';
import { GatewayConfig } from '../../../src/platform/config/gateway-config.js';
import type { Fault } from '../../../src/platform/errors/gateway-error.js';
import { ContactRepository } from '../../../src/recipients/contacts/contact.repository.js';
import { DeviceRepository } from '../../../src/recipients/devices/device.repository.js';
import { importFile, importKindOf } from '../../../src/recipients/import/import-file.js';
import { Importer } from '../../../src/recipients/import/importer.js';
import type { ImportResult } from '../../../src/recipients/import/run-import.js';
import { startDatabase, type TestDatabase } from '../../support/database.js';
import { testApp } from '../../support/recipients.js';

let database: TestDatabase;
let directory: string;
let importer: Importer;
let bad: string[];
beforeAll(async () => {
  database = await startDatabase();
  directory = await mkdtemp(path.join(os.tmpdir(), 'bellhop-import-'));
});
afterAll(async () => {
  await database.close();
  await rm(directory, { recursive: true });
});
beforeEach(async () => {
  await database.prisma.device.deleteMany();
  await database.prisma.contact.deleteMany();
  const contacts = new ContactRepository(database.prisma, database.sql);
  importer = new Importer(config, new DeviceRepository(database.prisma), contacts);
  bad = [];
});

describe('an import', () => {
  it('distinguishes devices from contacts by file name', () => {
    expect(importKindOf('a/Devices.NDJSON')).toBe('devices');
    expect(importKindOf('contacts.csv')).toBe('contacts');
    expect(importKindOf('contacts.txt')).toBeUndefined();
  });

  it('applies the rules of the REST API to devices', async () => {
    const lines = [
      device('Ann', 't1', { authToken: 'secret-auth-token', timezone: 'Asia/Kolkata' }),
      device('ann', 't2', { sessionId: 's2', appId: 'app456' }),
      device('bob', 't3', { sessionId: 's3' }),
      device('bob', 't4', { sessionId: 's3' }),
      device('cyd', 't4'),
    ];
    expect(await run('devices.ndjson', lines.join(''), 'app123')).toEqual({ rows: 5, bad: 0 });
    const stored = await database.prisma.device.findMany({ orderBy: { token: 'asc' } });
    expect(stored.map(({ appId, uid, token, sessionId }) => [appId, uid, token, sessionId])).toEqual([
      ['app123', 'ann', 't1', expect.stringMatching(/^at_/)],
      ['app456', 'ann', 't2', 's2'],
      ['app123', 'cyd', 't4', null],
    ]);
  });

  it('does not bring back a user who is erased while it runs', async () => {
    await new ErasedUserRepository(database.sql).mark('app123', 'ann');
    const lines = [device('ann', 't1'), device('bob', 't2')];
    expect(await run('devices.ndjson', lines.join(''), 'app123')).toEqual({ rows: 2, bad: 1 });
    expect(bad).toEqual(['1 ']);
    const contacts = 'uid,phno\nann,+14155550100\nbob,+14155550101\n';
    expect(await run('contacts.csv', contacts, 'app123')).toEqual({ rows: 2, bad: 1 });
    expect((await database.prisma.device.findMany()).map(({ uid }) => uid)).toEqual(['bob']);
    expect((await database.prisma.contact.findMany()).map(({ uid }) => uid)).toEqual(['bob']);
  });

  it('reports every invalid row with line and path, and imports the others', async () => {
    const lines = [
      device('ann', 't1'),
      device('a b', 't'),
      '{"uid":\n',
      '\n',
      device('ann', 'x'.repeat(5_000)),
      device('ann', 't', { providerId: 'nobody' }),
      device('ann', 't', { appId: 'nobody' }),
      device('ann', 't', { authToken: 'a', sessionId: 's' }),
      '[]\n',
      JSON.stringify({ uid: ['ann'], platform: 5 }),
    ];
    expect(await run('devices.ndjson', lines.join(''), 'app123')).toEqual({ rows: 9, bad: 8 });
    expect(bad).toEqual([
      '2 uid',
      '3 ',
      '5 fcmToken',
      '6 providerId',
      '7 appId',
      '8 sessionId',
      '9 ',
      '10 uid',
      '10 platform',
    ]);
    expect(await database.prisma.device.count()).toBe(1);
  });

  it('requires the app when several are configured', async () => {
    expect(await run('devices.ndjson', device('ann', 't1'))).toEqual({ rows: 1, bad: 1 });
    expect(bad).toEqual(['1 appId']);
  });

  it('changes only updatedAt when it runs again', async () => {
    const lines = Array.from({ length: 600 }, (_, i) =>
      device(`user${i % 50}`, `t${i}`, i % 2 ? {} : { sessionId: `s${i}` }),
    );
    const contacts = `uid,phno,name\n${Array.from({ length: 600 }, (_, i) => `user${i},+1415555${1_000 + i},"N, ${i}"\n`).join('')}`;
    const snapshot = async (): Promise<unknown> => ({
      devices: await database.prisma.device.findMany({ omit: { updatedAt: true }, orderBy: { id: 'asc' } }),
      contacts: await database.prisma.contact.findMany({
        omit: { updatedAt: true },
        orderBy: { uid: 'asc' },
      }),
    });
    expect(await run('devices.ndjson', lines.join(''), 'app123')).toEqual({ rows: 600, bad: 0 });
    expect(await run('contacts.csv', contacts, 'app123')).toEqual({ rows: 600, bad: 0 });
    const once = await snapshot();
    expect(await run('devices.ndjson', lines.join(''), 'app123')).toEqual({ rows: 600, bad: 0 });
    expect(await run('contacts.csv', contacts, 'app123')).toEqual({ rows: 600, bad: 0 });
    expect(await snapshot()).toEqual(once);
    expect(await database.prisma.device.count()).toBe(600);
  });

  it('keeps a device in the session that its client gave it', async () => {
    await run('devices.ndjson', device('ann', 't1', { sessionId: 's1' }), 'app123');
    await run('devices.ndjson', device('ann', 't1'), 'app123');
    expect(await database.prisma.device.findMany()).toMatchObject([{ sessionId: 's1' }]);
  });

  it('imports contacts, and keeps the last row of each user', async () => {
    const rows = [
      'uid,phno,name,appId',
      'Ann,(415) 555-0100,Ann,',
      'bob,12345,Bob,',
      'ann,+14155550101,,',
      'cyd,+14155550102,C,app456',
    ];
    expect(await run('contacts.csv', rows.join('\r\n'), 'app123')).toEqual({ rows: 4, bad: 1 });
    expect(bad).toEqual(['3 phno']);
    const stored = await database.prisma.contact.findMany({ orderBy: { uid: 'asc' } });
    expect(stored).toMatchObject([
      { appId: 'app123', uid: 'ann', phno: '+14155550101', name: null },
      { appId: 'app456', uid: 'cyd', phno: '+14155550102', name: 'C' },
    ]);
  });

  it('stops after the current batch when it is aborted', async () => {
    const lines = Array.from({ length: 1_000 }, (_, i) => device('ann', `t${i}`)).join('');
    expect(await run('devices.ndjson', lines, 'app123', AbortSignal.abort())).toEqual({ rows: 250, bad: 0 });
  });
});

const device = (uid: string, token: string, more: object = {}): string =>
  `${JSON.stringify({ uid, platform: 'FCM_ANDROID', fcmToken: token, ...more })}\n`;
const config = Object.assign(new GatewayConfig(), { apps: [testApp('app123'), testApp('app456')] });

async function run(
  name: string,
  content: string,
  appId?: string,
  signal = new AbortController().signal,
): Promise<ImportResult> {
  const file = path.join(directory, name);
  await writeFile(file, content);
  const report = {
    bad: (line: number, faults: readonly Fault[]) =>
      void bad.push(...faults.map((fault) => `${line} ${fault.path}`)),
    progress: () => undefined,
  };
  const kind = importKindOf(file);
  if (!kind) throw new Error('Not an import file.');
  return importFile(importer, { file, kind, appId, report, signal });
}
