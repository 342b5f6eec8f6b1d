import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fastify as createFastify, type FastifyInstance, type LightMyRequestResponse } from 'fastify';
import { pino } from 'pino';
import { GatewayError } from '../platform/errors/gateway-error.js';
import { addBrowserHeaders } from '../platform/http/browser-headers.js';
import { answerWithError } from '../platform/http/error.filter.js';
import { serveConsole } from './console-files.js';

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";
const FOREVER = 'public, max-age=31536000, immutable';
const SCRIPT = 'console.log("of the console");';
const ASSET = '/admin/assets/index-abc.js';
const AS_PAGE = { accept: 'text/html,*/*' };

/** A server that answers errors as the gateway's does. */
function createServer(): FastifyInstance {
  const logger = pino({ level: 'silent' });
  const server = createFastify();
  server.setErrorHandler((error, request, reply) => answerWithError(logger, error, request, reply));
  server.setNotFoundHandler(() => {
    throw new GatewayError('REQUEST.NOT_FOUND');
  });
  addBrowserHeaders(server);
  return server;
}

let directory: string;
const fastify = createServer();
beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'bellhop-console-'));
  mkdirSync(path.join(directory, 'assets'));
  writeFileSync(path.join(directory, 'index.html'), '<!doctype html>');
  const file = path.join(directory, 'assets/index-abc.js');
  writeFileSync(file, SCRIPT);
  writeFileSync(`${file}.br`, brotliCompressSync(SCRIPT));
  writeFileSync(`${file}.gz`, gzipSync(SCRIPT));
  await serveConsole(fastify, directory);
});
afterAll(async () => {
  await fastify.close();
  await rm(directory, { recursive: true });
});

const ask = (url: string, headers: Record<string, string> = {}, method: 'GET' | 'HEAD' = 'GET') =>
  fastify.inject({ method, url, headers });

const codeIn = (answer: LightMyRequestResponse): string => answer.json<{ code: string }>().code;

describe('the console’s files', () => {
  it('are one page for all its addresses, which is not stored', async () => {
    for (const url of ['/admin/', '/admin/notifications?status=failed', '/admin/people/app123/ann%20b']) {
      const { statusCode, body, headers } = await ask(url, AS_PAGE);
      expect([statusCode, body]).toEqual([200, '<!doctype html>']);
      expect(headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': POLICY,
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      });
    }
    expect((await ask('/admin')).headers.location).toBe('/admin/');
    const head = await ask('/admin/', AS_PAGE, 'HEAD');
    expect([head.statusCode, head.body, head.headers['content-length']]).toEqual([200, '', '15']);
  });

  it('are no page for a script, nor at addresses of the API and of Bull Board', async () => {
    const others = ['/admin/api/nothing', '/admin/queues', '/admin/assets'].map((url) => ask(url, AS_PAGE));
    for (const answer of await Promise.all([...others, ask('/admin/', { accept: 'application/json' })]))
      expect([answer.statusCode, codeIn(answer)]).toEqual([404, 'REQUEST.NOT_FOUND']);
  });

  it.each([
    [{}, undefined],
    [{ 'accept-encoding': 'gzip, br' }, 'br'],
    [{ 'accept-encoding': 'gzip' }, 'gzip'],
  ])('are kept for a year if their names carry a hash: %o', async (accepts, coding) => {
    const { statusCode, headers } = await ask(ASSET, accepts);
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({
      'cache-control': FOREVER,
      'content-security-policy': POLICY,
      vary: 'accept-encoding',
    });
    expect(headers['content-encoding']).toBe(coding);
    const known = await ask(ASSET, { ...accepts, 'if-none-match': String(headers.etag) });
    expect([known.statusCode, known.body]).toEqual([304, '']);
    expect(known.headers).toMatchObject({ 'cache-control': FOREVER, 'content-security-policy': POLICY });
  });

  it('are given whole to those who ask for a part', async () => {
    for (const range of ['bytes=0-3', 'bytes=9999-', 'bytes=1-2,4-5']) {
      const { statusCode, body } = await ask(ASSET, { range });
      expect([statusCode, body]).toEqual([200, SCRIPT]);
    }
  });

  it.each([
    ['/admin/assets/none.js', {}],
    ['/admin/assets/', {}],
    ['/admin/assets/..%2findex.html', {}],
    ['/admin/assets/%2e%2e/index.html', {}],
    ['/admin/assets/..%5cindex.html', {}],
    ['/admin/assets/%00', {}],
    [ASSET, { 'if-match': '"other"' }],
    [ASSET, { 'if-unmodified-since': 'Thu, 01 Jan 2015 00:00:00 GMT' }],
  ])('do not exist outside their folder: %s %o', async (url, headers) => {
    const answer = await ask(url, headers);
    expect([answer.statusCode, codeIn(answer)]).toEqual([404, 'REQUEST.NOT_FOUND']);
    expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', 'content-security-policy': POLICY });
  });

  it('are missing before the console is built', async () => {
    const unbuilt = createServer();
    await serveConsole(unbuilt, path.join(directory, 'none'));
    const answer = await unbuilt.inject({ url: '/admin/', headers: AS_PAGE });
    expect([answer.statusCode, codeIn(answer)]).toEqual([503, 'CONSOLE.NOT_BUILT']);
    await unbuilt.close();
  });
});
