import { describe, expect, it } from '@jest/globals';
import { decodeEvent, encodeEvent, type SpooledEvent } from './spooled-event.js';

const EVENT: SpooledEvent = {
  v: 1,
  job: {
    queueName: 'plan',
    name: 'notification.plan',
    id: '0199b1de-0000-7000-8000-000000000001',
    data: {
      v: 1,
      appId: 'app123',
      channel: 'push',
      kind: 'chat',
      uid: 'ann',
      receivedAt: 1_741_847_453_000,
      content: '{"to":{"uid":"ann"}}',
    },
  },
  dedupe: { key: 'key', windowMs: 60_000 },
};
/** As gateways of every version write it. */
const RECORD =
  '{"v":1,"order":{"lane":"plan","name":"notification.plan","id":"0199b1de-0000-7000-8000-000000000001",' +
  '"data":{"v":1,"appId":"app123","channel":"push","kind":"chat","uid":"ann","receivedAt":1741847453000,' +
  '"content":"{\\"to\\":{\\"uid\\":\\"ann\\"}}"}},"dedupe":{"key":"key","windowMs":60000}}';

describe('a spooled event', () => {
  it('is written with the field names of earlier versions', () => {
    expect(encodeEvent(EVENT).toString()).toBe(RECORD);
  });

  it('is read from a record of an earlier version', () => {
    expect(decodeEvent(Buffer.from(RECORD))).toEqual(EVENT);
  });

  it.each(['not JSON', 'null', '{}', '{"v":2,"order":{}}', '{"v":1}'])('is not read from %s', (record) => {
    expect(decodeEvent(Buffer.from(record))).toBeUndefined();
  });
});
