import { describe, expect, it } from '@jest/globals';
import type { SmsProviderSettings } from '../../platform/config/sms-provider-settings.js';
import type { CallbackReader } from '../../providers/callback.js';
import type { SmsProvider } from '../../providers/provider.js';
import { statusUrlOf } from './status-url.js';

const URL_OF_STATUS = 'https://texts.example.com/callbacks/app123/sms/vendor/status';
const SECRET = 'sixteen-letters-long';

const urlOf = (reader: Partial<CallbackReader> | undefined, callbackSecret?: string): string | undefined => {
  const provider: SmsProvider = {
    send: async () => ({ outcome: 'accepted', vendorMessageId: null }),
    close: async () => undefined,
    ...(reader ? { callbacks: { readStatus: () => [], ...reader } } : {}),
  };
  const settings = { id: 'vendor', callbackSecret } as SmsProviderSettings;
  return statusUrlOf('https://texts.example.com', 'app123', settings, provider);
};

describe('statusUrlOf', () => {
  it('has our secret in it where the vendor signs nothing, or where that is not enough', () => {
    const isSigned = () => true;
    expect(urlOf({}, SECRET)).toBe(`${URL_OF_STATUS}?secret=${SECRET}`);
    expect(urlOf({ isSigned, secretOf: () => 'beside' }, SECRET)).toBe(`${URL_OF_STATUS}?secret=${SECRET}`);
    expect(urlOf({ isSigned }, SECRET)).toBe(URL_OF_STATUS);
    expect(urlOf({ isSigned, secretOf: () => 'beside' })).toBe(URL_OF_STATUS);
  });

  it('is none where the vendor reports nothing there', () => {
    expect(urlOf(undefined, SECRET)).toBeUndefined();
  });
});
