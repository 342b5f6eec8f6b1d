import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { OptOutRepository } from '../../../src/channels/sms/opt-out/opt-out.repository.js';
import { startDatabase, type TestDatabase } from '../../support/database.js';

let database: TestDatabase;
let optOuts: OptOutRepository;
beforeAll(async () => {
  database = await startDatabase();
  optOuts = new OptOutRepository(database.sql, database.prisma);
});
beforeEach(() => database.prisma.optOut.deleteMany());
afterAll(() => database.close());

const APP = 'app123';
const ANN = '+14155550100';
const stop = { optedOut: true, source: 'inbound', provider: 'main' } as const;
const start = { ...stop, optedOut: false };

describe('OptOutRepository', () => {
  it('answers concurrent queries individually', async () => {
    for (let i = 0; i < 10; i++) await optOuts.record(APP, `+1415555010${i}`, i % 2 ? stop : start);
    const asked = Array.from({ length: 200 }, (_, i) => i % 10);
    const answers = await Promise.all(asked.map((i) => optOuts.isOptedOut(APP, `+1415555010${i}`)));
    expect(answers).toEqual(asked.map((i) => i % 2 === 1));
    expect(await optOuts.isOptedOut('app456', '+14155550101')).toBe(false);
  });

  it('reports whether a record changes the stored state', async () => {
    expect(await optOuts.record(APP, ANN, start)).toBe(false);
    expect(await optOuts.record(APP, ANN, stop)).toBe(true);
    expect(await optOuts.record(APP, ANN, { ...stop, source: 'vendor' })).toBe(false);
    expect(await optOuts.find(APP, ANN)).toMatchObject({ optedOut: true, source: 'inbound' });
    expect(await optOuts.record(APP, ANN, start)).toBe(true);
    expect(await optOuts.isOptedOut(APP, ANN)).toBe(false);
  });

  it('records a change reported several times at once only once', async () => {
    let confirmed = 0;
    const confirm = async (): Promise<void> => void (confirmed += 1);
    const changed = await Promise.all(
      Array.from({ length: 12 }, () => optOuts.record(APP, ANN, stop, confirm)),
    );
    expect(changed.filter(Boolean)).toHaveLength(1);
    expect(confirmed).toBe(1);
  });

  it('changes nothing when the confirmation fails', async () => {
    const confirm = async (): Promise<void> => {
      throw new Error('the queue is down');
    };
    await expect(optOuts.record(APP, ANN, stop, confirm)).rejects.toThrow('the queue is down');
    expect(await optOuts.isOptedOut(APP, ANN)).toBe(false);
    expect(await optOuts.record(APP, ANN, stop)).toBe(true);
  });

  it('keeps a newer record when an older one arrives', async () => {
    const before = new Date(Date.now() - 60_000);
    await optOuts.record(APP, ANN, stop);
    await optOuts.record(APP, ANN, start);
    expect(await optOuts.record(APP, ANN, { ...stop, source: 'vendor', asOf: before })).toBe(false);
    expect(await optOuts.isOptedOut(APP, ANN)).toBe(false);
    const after = new Date(Date.now() + 60_000);
    expect(await optOuts.record(APP, ANN, { ...stop, source: 'vendor', asOf: after })).toBe(true);
  });

  it('pages through numbers changed at the same moment', async () => {
    const numbers = Array.from({ length: 9 }, (_, i) => `+1415555020${i}`);
    for (const phno of numbers) await optOuts.record(APP, phno, stop);
    await database.sql.query(`UPDATE opt_out SET changed_at = '2026-01-02T03:04:05Z'`);
    const changedAt = new Date('2026-01-02T03:04:05Z');
    const first = await optOuts.list(APP, undefined, 5);
    const second = await optOuts.list(undefined, { changedAt, skip: 5 }, 5);
    expect([...first, ...second].map(({ phno }) => phno)).toEqual(numbers);
  });
});
