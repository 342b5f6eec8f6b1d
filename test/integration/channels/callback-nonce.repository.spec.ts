import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { pino } from 'pino';
import {
  CallbackNonceRepository,
  type NoncedRequest,
} from '../../../src/channels/sms/callbacks/callback-nonce.repository.js';
import { prismaOn, startDatabase, type TestDatabase } from '../../support/database.js';
import { postedAsForm } from '../../support/sms-callback.js';

let database: TestDatabase;
let elsewhere: pg.Pool;
let one: CallbackNonceRepository;
let another: CallbackNonceRepository;
beforeAll(async () => {
  database = await startDatabase();
  elsewhere = new pg.Pool({ connectionString: database.url, max: 2 });
  elsewhere.on('error', () => undefined);
  const logger = pino({ level: 'silent' });
  one = new CallbackNonceRepository(database.sql, database.prisma, logger);
  another = new CallbackNonceRepository(elsewhere, prismaOn(elsewhere), logger);
});
afterAll(async () => {
  await elsewhere.end();
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
  it('let a request through once, over all processes', async () => {
    const request = draw();
    expect(await one.claim(request)).toBe(true);
    await one.take(request);
    expect(await one.claim(request)).toBe(false);
    expect(await another.claim(request)).toBe(false);
  });

  it('let it through again where it could not be stored, and nothing else in its place', async () => {
    const request = draw();
    expect(await one.claim(request)).toBe(true);
    expect(await another.claim(nonced({}, 'START'))).toBe(false);
    expect(await another.claim(request)).toBe(true);
    await another.take(request);
    expect(await one.claim(request)).toBe(false);
  });

  it('let one of those through that come at once with different words', async () => {
    drawn += 1;
    const words = ['STOP', 'START', 'HELP', 'END'];
    const claims = words.map((text, i) => (i % 2 ? one : another).claim(nonced({}, text)));
    expect((await Promise.all(claims)).filter(Boolean)).toHaveLength(1);
  });

  it('keep accounts and addresses apart', async () => {
    const request = draw();
    const url = 'https://sms.example.com/callbacks/app123/sms/vendor/inbound?secret=x';
    await one.take(request);
    expect(await one.claim(request)).toBe(true);
    expect(await one.claim(nonced({ appId: 'app456' }))).toBe(true);
    expect(await one.claim(nonced({ provider: 'plivo2' }))).toBe(true);
    expect(await one.claim(nonced({ request: postedAsForm({ Text: 'START' }, {}, {}, url) }))).toBe(true);
  });

  it('are forgotten after a week', async () => {
    const request = draw();
    expect(await one.claim(request)).toBe(true);
    await one.take(request);
    await one.prune();
    expect(await one.claim(request)).toBe(false);
    await one.prune(Date.now() + 8 * 86_400_000);
    expect(await one.claim(request)).toBe(true);
  });
});
