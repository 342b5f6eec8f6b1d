import { describe, expect, it } from '@jest/globals';
import { GatewayError } from '../errors/gateway-error.js';
import { parseJsonBody } from './json-body.js';

const parse = (text: string | Buffer): unknown => parseJsonBody(Buffer.from(text as string));
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

describe('parseJsonBody', () => {
  it('parses JSON, with brackets and quotes inside texts', () => {
    const value = { a: '[[[{{{"\\', b: [1, { c: null }] };
    expect(parse(JSON.stringify(value))).toEqual(value);
    expect(parse(nested(64))).toBeDefined();
  });

  it.each([
    ['not JSON', '{"a":'],
    ['a bare word', 'hello'],
    ['not UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22])],
    ['__proto__', '{"__proto__":{"x":1}}'],
    ['__proto__, escaped', '{"\\u005f_proto__":{"x":1}}'],
    ['constructor.prototype', '{"a":{"constructor":{"prototype":{"x":1}}}}'],
    ['65 levels', nested(65)],
    ['a million levels', '['.repeat(1_000_000)],
  ])('refuses %s', (_what, body) => {
    expect(() => parse(body)).toThrow(GatewayError);
  });
});
