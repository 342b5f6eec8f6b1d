import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signToken } from '../support/credentials.js';
import type { LightMyRequestResponse } from 'fastify';
import { startRegistryGateway, type RegistryGateway } from '../support/registry-gateway.js';

let registry: RegistryGateway;
beforeAll(async () => {
  registry = await startRegistryGateway();
});
afterAll(() => registry.close());

const codeOf = (answer: LightMyRequestResponse): unknown[] => [
  answer.statusCode,
  answer.json<{ code: string }>().code,
];

describe('the contact of a user', () => {
  it('is written, read and removed by a backend, in E.164', async () => {
    const url = '/v1/users/Ann/contact';
    expect(codeOf(await registry.backend('GET', url))).toEqual([404, 'CONTACT.NOT_FOUND']);
    const written = await registry.backend('PUT', url, { phno: '(415) 555-0100', name: 'Ann' });
    expect(written.statusCode).toBe(200);
    expect(written.json()).toEqual({
      uid: 'ann',
      phno: '+14155550100',
      name: 'Ann',
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
    });
    expect((await registry.backend('GET', '/v1/users/ann/contact')).json()).toEqual(written.json());
    const again = await registry.backend('PUT', url, { phno: '+91 95911 28691', name: null });
    expect(again.json()).toMatchObject({ phno: '+919591128691', name: null });
    expect((await registry.backend('DELETE', url)).json()).toEqual({ deleted: 1 });
    expect(codeOf(await registry.backend('DELETE', url))).toEqual([404, 'CONTACT.NOT_FOUND']);
  });

  it('is masked for the user’s own client', async () => {
    const bob = await registry.client('bob');
    const written = await registry.call('PUT', '/v1/me/contact', bob, { phno: '+14155550100', name: 'Bob' });
    expect(written.statusCode).toBe(200);
    const read = await registry.call('GET', '/v1/me/contact', bob);
    for (const answer of [written, read]) {
      expect(answer.json()).toMatchObject({ uid: 'bob', phno: '+14…00', name: 'Bob' });
      expect(answer.body).not.toContain('4155550100');
    }
    expect((await registry.backend('GET', '/v1/users/bob/contact')).json()).toMatchObject({
      phno: '+14155550100',
    });
    expect((await registry.call('DELETE', '/v1/me/contact', bob)).json()).toEqual({ deleted: 1 });
    expect(codeOf(await registry.call('GET', '/v1/me/contact', bob))).toEqual([404, 'CONTACT.NOT_FOUND']);
  });

  it('is read-only for clients if the app does not allow changes', async () => {
    const claims = { user: 'cyd', iss: 'https://issuer.example', aud: 'bellhop' };
    const token = await signToken(claims, registry.jwks.privateKey, { alg: 'RS256', kid: 'k1' });
    const cyd = { authorization: `Bearer ${token}`, appid: 'two' };
    const put = await registry.call('PUT', '/v1/me/contact', cyd, { phno: '+14155550100' });
    expect(codeOf(put)).toEqual([403, 'CONTACT.READ_ONLY']);
    expect(codeOf(await registry.call('GET', '/v1/me/contact', cyd))).toEqual([404, 'CONTACT.NOT_FOUND']);
  });

  it.each([
    ['no number', {}, 'phno'],
    ['null', { phno: null }, 'phno'],
    ['a number in a list', { phno: ['+14155550100'] }, 'phno'],
    ['a JSON number', { phno: 14155550100 }, 'phno'],
    ['words', { phno: 'call me maybe' }, 'phno'],
    ['too few digits', { phno: '+141555501' }, 'phno'],
    ['an extension', { phno: '+14155550100x5' }, 'phno'],
    ['a number of 20,000 characters', { phno: '+1'.repeat(10_000) }, 'phno'],
    ['a name of 101 characters', { phno: '+14155550100', name: 'n'.repeat(101) }, 'name'],
    ['a name with NUL', { phno: '+14155550100', name: 'a\u0000' }, 'name'],
    ['a name in an object', { phno: '+14155550100', name: {} }, 'name'],
    ['a list', [], ''],
  ])('is refused with the path of the fault, without echoing the number: %s', async (_, body, path) => {
    const answer = await registry.backend('PUT', '/v1/users/dan/contact', body);
    expect(codeOf(answer)).toEqual([400, 'CONTACT.INVALID_BODY']);
    expect(answer.json<{ errors: { path: string }[] }>().errors.map((error) => error.path)).toContain(path);
    expect(answer.body).not.toMatch(/maybe|141555501/);
    expect(codeOf(await registry.backend('GET', '/v1/users/dan/contact'))).toEqual([
      404,
      'CONTACT.NOT_FOUND',
    ]);
  });
});
