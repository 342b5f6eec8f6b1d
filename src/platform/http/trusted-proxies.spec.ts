import { describe, expect, it } from '@jest/globals';
import { isTrustedProxy } from './trusted-proxies.js';

describe('the address of a trusted proxy', () => {
  it.each([
    ['127.0.0.1', ['loopback'], true],
    ['::ffff:127.0.0.1', ['loopback'], true],
    ['::1', ['loopback'], true],
    ['10.1.2.3', ['loopback'], false],
    ['10.1.2.3', ['uniquelocal'], true],
    ['fd00::1', ['uniquelocal'], true],
    ['fe80::1', ['linklocal'], true],
    ['10.1.2.3', ['10.0.0.0/8'], true],
    ['11.1.2.3', ['10.0.0.0/8'], false],
    ['10.1.2.3', ['fd00::/8', '10.1.2.3'], true],
    ['10.1.2.4', ['10.1.2.3'], false],
    ['2001:db8::1', ['2001:0db8:0::1'], true],
    ['10.1.2.3', [], false],
    ['', ['loopback'], false],
  ])('%s is among %j: %s', (address, proxies, expected) => {
    expect(isTrustedProxy(address, proxies)).toBe(expected);
  });
});
