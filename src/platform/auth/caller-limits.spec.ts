import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, expect, it } from '@jest/globals';
import { fastify as createFastify } from 'fastify';
import { CallerLimits } from './caller-limits.js';

const fastify = createFastify();
afterEach(() => fastify.close());

it('does not count a client that left while its password was checked', async () => {
  const limits = new CallerLimits();
  const hasLeft = new Promise<void>((resolve) => {
    fastify.decorateRequest('caller', null as never);
    fastify.addHook('onRequest', async (request, reply) => {
      request.caller = { kind: 'operator', username: 'admin', role: 'operator', credential: 'admin' };
      const isLeaving = request.url === '/?leave';
      if (isLeaving) await once(reply.raw, 'close');
      limits.enter(request, reply);
      if (isLeaving) resolve();
    });
  });
  fastify.get('/', { config: { atOnce: 1 } }, async () => 'served');
  const url = new URL(await fastify.listen({ port: 0, host: '127.0.0.1' }));
  const socket = connect(Number(url.port), url.hostname);
  socket.write('GET /?leave HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await once(fastify.server, 'request');
  socket.destroy();
  await hasLeft;
  expect(await (await fetch(url)).text()).toBe('served');
});
