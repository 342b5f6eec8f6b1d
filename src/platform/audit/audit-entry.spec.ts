import { describe, expect, it } from '@jest/globals';
import type { FastifyRequest } from 'fastify';
import type { Caller } from '../auth/access.js';
import { auditEntryOf } from './audit-entry.js';

const OTTO: Caller = { kind: 'operator', username: 'otto', role: 'operator', credential: 'otto' };
const requestWith = (parts: object): FastifyRequest =>
  ({
    caller: OTTO,
    ip: '203.0.113.9',
    socket: {},
    params: {},
    query: {},
    audit: null,
    ...parts,
  }) as FastifyRequest;
const entryOf = (parts: object, detail?: string[]) =>
  auditEntryOf(requestWith(parts), { action: 'device.retire', ...(detail && { detail }) });

describe('an entry of the audit log', () => {
  it('takes app, user and target from the path, and only the details that are asked for', () => {
    const params = { uid: 'Ann', deviceId: 'd1' };
    const body = { reason: 'lost', isSilent: true, count: 2, secret: 'hunter2', nested: {} };
    const entry = entryOf({ params, query: { appId: 'a' }, body }, [
      'reason',
      'isSilent',
      'count',
      'nested',
      'none',
    ]);
    expect(entry).toEqual({
      ...{ actor: 'otto', actorKind: 'operator', appId: 'a', fromAddress: '203.0.113.9' },
      ...{ action: 'device.retire', uid: 'ann', target: 'd1' },
      detail: { reason: 'lost', isSilent: true, count: 2 },
    });
  });

  it('prefers what the handler knows', () => {
    const audit = { appId: 'b', uid: null, target: 't', detail: { rows: 3 } };
    expect(entryOf({ params: { uid: 'ann', id: 'x' }, query: { appId: 'a' }, audit })).toMatchObject(audit);
  });

  it('has the app of a backend’s key, whatever the request names', () => {
    const caller = { kind: 'backend', app: { appId: 'own' }, credential: 'crm', scopes: [] };
    expect(entryOf({ caller, query: { appId: 'other' } })).toMatchObject({
      ...{ actor: 'crm', actorKind: 'backend', appId: 'own' },
    });
  });

  it('can be stored, whatever the request contains', () => {
    const params = { uid: 'a\u0000b', id: 'x\ud800'.repeat(500) };
    const { uid, target, detail } = entryOf({ params, body: { reason: 'a\u0000' } }, ['reason']) ?? {};
    expect([uid, detail]).toEqual(['a b', { reason: 'a ' }]);
    expect(target).toBe('x '.repeat(150));
  });

  it('is not made if the handler skips it, or for another kind of caller', () => {
    expect(entryOf({ audit: { isSkipped: true } })).toBeUndefined();
    expect(entryOf({ caller: { kind: 'anyone' } })).toBeUndefined();
  });
});
