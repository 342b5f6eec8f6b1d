import { describe, expect, it } from '@jest/globals';
import { inEnvironment } from './apns-environment.js';

const production = { environment: 'production' } as const;
const sandbox = { environment: 'sandbox' } as const;
const any: { environment?: 'production' | 'sandbox' } = {};

describe('inEnvironment', () => {
  it.each([
    ['production device, both accounts', [sandbox, production], 'production', production],
    ['sandbox device, both accounts', [production, sandbox], 'sandbox', sandbox],
    ['device without environment, both accounts', [sandbox, production], undefined, production],
    ['device without environment, sandbox account only', [sandbox], null, sandbox],
    ['sandbox device, production account only', [production], 'sandbox', undefined],
    ['sandbox device, account without environment', [any], 'sandbox', any],
    ['device without environment, no account', [], undefined, undefined],
  ] as const)('selects the account for a %s', (_case, accounts, environment, expected) => {
    expect(inEnvironment<typeof any>(accounts, environment)).toBe(expected);
  });
});
