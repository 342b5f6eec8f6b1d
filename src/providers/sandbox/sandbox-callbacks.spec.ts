import { describe, expect, it } from '@jest/globals';
import { UnreadableCallback, type CallbackRequest } from '../callback.js';
import { sandboxCallbacks } from './sandbox-callbacks.js';

const request = (body: unknown, method: 'GET' | 'POST' = 'POST'): CallbackRequest => ({
  method,
  url: 'https://sms.example/callbacks/app123/sms/sandbox/status',
  query: new URLSearchParams(),
  headers: {},
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
});

describe('sandboxCallbacks', () => {
  it('reads delivery reports by id and by reference', () => {
    expect(sandboxCallbacks.readStatus(request({ id: 'sandbox-1', status: 'delivered', code: 7 }))).toEqual([
      {
        vendorMessageId: 'sandbox-1',
        reference: null,
        status: 'delivered',
        reason: null,
        vendorCode: null,
        at: null,
      },
    ]);
    expect(sandboxCallbacks.readStatus(request({ reference: 'a-b-2', status: 'accepted' }))).toMatchObject([
      { vendorMessageId: 'sandbox-a-b', reference: 'a-b-2', status: 'accepted' },
    ]);
  });

  it.each([
    ['failed', 'opted_out', 'opted_out'],
    ['failed', '30008', null],
    ['failed', 'constructor', null],
    ['delivered', 'opted_out', null],
  ])('maps status %s with code %s to reason %s', (status, code, reason) => {
    const [report] = sandboxCallbacks.readStatus(request({ id: 'x', status, code }));
    expect(report).toMatchObject({ status, vendorCode: code, reason });
  });

  it('reads an inbound SMS', () => {
    expect(sandboxCallbacks.readInbound?.(request({ from: '+14155550100', text: 'STOP' }))).toEqual([
      { from: '+14155550100', to: null, text: 'STOP', vendorMessageId: null },
    ]);
  });

  it.each([
    ['a body other than JSON', 'id=1', 'POST'],
    ['a list', [], 'POST'],
    ['a report without an id', { status: 'delivered' }, 'POST'],
    ['a report without a status', { id: 'x' }, 'POST'],
    ['an unknown status', { id: 'x', status: 'read' }, 'POST'],
    ['a GET', { id: 'x', status: 'delivered' }, 'GET'],
  ] as const)('rejects %s', (_name, body, method) => {
    expect(() => sandboxCallbacks.readStatus(request(body, method))).toThrow(UnreadableCallback);
    expect(() => sandboxCallbacks.readInbound?.(request(body, method))).toThrow(UnreadableCallback);
  });
});
