import { describe, expect, it } from '@jest/globals';
import { inEnvironment } from './apns-environment.js';

const production = { environment: 'production' } as const;
const sandbox = { environment: 'sandbox' } as const;
const any: { environment?: 'production' | 'sandbox' } = {};

describe('inEnvironment', () => {
  it.each([
    ['both, and production', [sandbox, production], 'production', production],
    ['both, and sandbox', [production, sandbox], 'sandbox', sandbox],
    ['both, and nothing said', [sandbox, production], undefined, production],
    ['one, and nothing said', [sandbox], null, sandbox],
    ['one of the other', [production], 'sandbox', undefined],
    ['one that serves all', [any], 'sandbox', any],
    ['none', [], undefined, undefined],
  ] as const)('%s', (_what, accounts, environment, expected) => {
    expect(inEnvironment<typeof any>(accounts, environment)).toBe(expected);
  });
});
