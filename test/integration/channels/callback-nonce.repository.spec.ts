import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { pino } from 'pino';
import {
  CallbackNonceRepository,
  type NoncedRequest,
} from '../../../src/channels/sms/callbacks/callback-nonce.repository.js';
import { SmsUpkeep } from '../../../src/channels/sms/sms-upkeep.js';
import { prismaOn, startDatabase, type TestDatabase } from '../../support/database.js';
import { postedAsForm } from '../../support/sms-callback.js';

let database: TestDatabase;
let otherPool: pg.Pool;
let one: CallbackNonceRepository;
let another: CallbackNonceRepository;
beforeAll(async () => {
  database = await startDatabase();
  otherPool = new pg.Pool({ connectionString: database.url, max: 2 });
  otherPool.on('error', () => undefined);
  one = new CallbackNonceRepository(database.sql, database.prisma);
  another = new CallbackNonceRepository(otherPool, prismaOn(otherPool));
});
afterAll(async () => {
  await otherPool.end();
  await database.close();
});

let drawn = 0;
const nonced = (over: Partial<NoncedRequest> = {}, text = 'STOP'): NoncedRequest => ({
  ...{ appId: 'app123', provider: 'plivo', nonce: `n-${drawn}`, request: postedAsForm({ Text: text }) },
  ...over,
});
const draw = (text?: string): NoncedRequest => {
  drawn += 1;
  return nonced({}, text);
};

describe('CallbackNonceRepository', () => {
  it('accepts a request once, over all processes', async () => {
    const request = draw();
    expect(await one.claim(request)).toBe(true);
    await one.take(request);
    expect(await one.claim(request)).toBe(false);
    expect(await another.claim(request)).toBe(false);
  });

  it('accepts the same request, and no other with its nonce, again until it is stored', async () => {
    const request = draw();
    expect(await one.claim(request)).toBe(true);
    expect(await another.claim(nonced({}, 'START'))).toBe(false);
    expect(await another.claim(request)).toBe(true);
    await another.take(request);
    expect(await one.claim(request)).toBe(false);
  });

  it('accepts one of several concurrent requests with the same nonce', async () => {
    drawn += 1;
    const bodies = ['STOP', 'START', 'HELP', 'END'];
    const claims = bodies.map((text, i) => (i % 2 ? one : another).claim(nonced({}, text)));
    expect((await Promise.all(claims)).filter(Boolean)).toHaveLength(1);
  });

  it('separates accounts, providers and addresses', async () => {
    const request = draw();
    const url = 'https://sms.example.com/callbacks/app123/sms/vendor/inbound?secret=x';
    await one.take(request);
    expect(await one.claim(request)).toBe(true);
    expect(await one.claim(nonced({ appId: 'app456' }))).toBe(true);
    expect(await one.claim(nonced({ provider: 'plivo2' }))).toBe(true);
    expect(await one.claim(nonced({ request: postedAsForm({ Text: 'START' }, {}, {}, url) }))).toBe(true);
  });

  it('forgets a nonce after a week', async () => {
    const upkeep = new SmsUpkeep(database.sql, one, pino({ level: 'silent' }));
    const request = draw();
    expect(await one.claim(request)).toBe(true);
    await one.take(request);
    await upkeep.prune();
    expect(await one.claim(request)).toBe(false);
    await upkeep.prune(Date.now() + 8 * 86_400_000);
    expect(await one.claim(request)).toBe(true);
  });
});
