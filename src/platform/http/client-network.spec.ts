import { describe, expect, it } from '@jest/globals';
import type { FastifyRequest } from 'fastify';
import { maskedNetworkOf, networkOf } from './client-network.js';

const from = (ip: string): FastifyRequest =>
  ({ ip, socket: { remoteAddress: '10.0.0.1' } }) as unknown as FastifyRequest;

describe('the network of a request', () => {
  it.each([
    ['203.0.113.77', '203.0.113.77', '203.0.113.0/24'],
    ['::ffff:203.0.113.77', '203.0.113.77', '203.0.113.0/24'],
    ['203.0.113.77:4711', '203.0.113.77', '203.0.113.0/24'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64', '2001:db8:1::/48'],
    ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64', '2001:db8:1::/48'],
    ['[2001:db8:1:2::1]:4711', '2001:db8:1:2::/64', '2001:db8:1::/48'],
    ['2001:db8::1', '2001:db8:0:0::/64', '2001:db8:0::/48'],
    ['::1', '0:0:0:0::/64', '0:0:0::/48'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64', 'fe80:0:0::/48'],
    ['64:ff9b::203.0.113.77', '64:ff9b:0:0::/64', '64:ff9b:0::/48'],
    ['unknown', '10.0.0.1', '10.0.0.0/24'],
  ])('of %s is %s, and %s in a log', (ip, network, masked) => {
    expect([networkOf(from(ip)), maskedNetworkOf(from(ip))]).toEqual([network, masked]);
  });
});
