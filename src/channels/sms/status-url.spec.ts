import { describe, expect, it } from '@jest/globals';
import type { SmsProviderSettings } from '../../platform/config/sms-provider-settings.js';
import type { CallbackReader } from '../../providers/callback.js';
import type { SmsProvider } from '../../providers/provider.js';
import { statusUrlOf } from './status-url.js';

const STATUS_URL = 'https://sms.example.com/callbacks/app123/sms/vendor/status';
const SECRET = 'sixteen-letters-long';

const urlOf = (reader: Partial<CallbackReader> | undefined, callbackSecret?: string): string | undefined => {
  const provider: SmsProvider = {
    send: async () => ({ outcome: 'accepted', vendorMessageId: null }),
    check: async () => ({ outcome: 'ok', code: null, text: '' }),
    close: async () => undefined,
    ...(reader ? { callbacks: { readStatus: () => [], ...reader } } : {}),
  };
  const settings = { id: 'vendor', callbackSecret } as SmsProviderSettings;
  return statusUrlOf('https://sms.example.com', 'app123', settings, provider);
};

describe('statusUrlOf', () => {
  it('contains the callback secret if the vendor does not sign, or signs too little', () => {
    const isSigned = () => true;
    expect(urlOf({}, SECRET)).toBe(`${STATUS_URL}?secret=${SECRET}`);
    expect(urlOf({ isSigned, secretOf: () => 'beside' }, SECRET)).toBe(`${STATUS_URL}?secret=${SECRET}`);
    expect(urlOf({ isSigned }, SECRET)).toBe(STATUS_URL);
    expect(urlOf({ isSigned, secretOf: () => 'beside' })).toBe(STATUS_URL);
  });

  it('is undefined if the vendor has no callbacks', () => {
    expect(urlOf(undefined, SECRET)).toBeUndefined();
  });
});
