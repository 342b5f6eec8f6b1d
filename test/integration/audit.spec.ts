import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuditRepository } from '../../src/platform/audit/audit.repository.js';
import type { AuditEntry } from '../../src/platform/audit/audit-entry.js';
import { startDatabase, type TestDatabase } from '../support/database.js';

const ENTRY: AuditEntry = {
  ...{ actor: 'otto', actorKind: 'operator', appId: 'a', fromAddress: '203.0.113.9' },
  ...{ action: 'device.retire', uid: 'ann', target: 'd1', detail: { reason: 'lost' } },
};

let database: TestDatabase;
let audit: AuditRepository;
beforeAll(async () => {
  database = await startDatabase();
  audit = new AuditRepository(database.prisma);
});
afterAll(() => database.close());

describe('AuditRepository', () => {
  it('deletes records that are older than the ledger', async () => {
    await audit.record(ENTRY);
    const [stored] = await audit.list({}, 10);
    expect(stored).toMatchObject(ENTRY);
    const at = stored?.at.getTime() ?? 0;
    expect(await audit.prune(new Date(at))).toBe(0);
    expect(await audit.prune(new Date(at + 1))).toBe(1);
    expect(await audit.list({}, 10)).toEqual([]);
  });

  it('forgets the name of a user in the records of one app', async () => {
    for (const change of [{}, { appId: 'b' }, { uid: 'bob' }, { uid: null }])
      await audit.record({ ...ENTRY, ...change });
    expect(await audit.forgetUser('a', 'ann')).toBe(1);
    const uids = (await audit.list({}, 10)).map(({ appId, uid }) => [appId, uid]);
    expect(uids.toReversed()).toEqual([
      ['a', null],
      ['b', 'ann'],
      ['a', 'bob'],
      ['a', null],
    ]);
  });
});
