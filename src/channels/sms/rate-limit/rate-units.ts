import type { SmsProviderSettings } from '../../../platform/config/sms-provider-settings.js';
import type { SmsMessage, SmsProvider } from '../../../providers/provider.js';

/**
 * Vendors that count segments against their rate: an SMS centre every `submit_sm`, Twilio and AWS message segments
 * (https://www.twilio.com/docs/glossary/what-is-mps, https://docs.aws.amazon.com/sms-voice/latest/userguide/quotas.html).
 */
const COUNT_SEGMENTS: ReadonlySet<SmsProviderSettings['type']> = new Set(['smpp', 'twilio', 'aws']);

/** The units of `throughputPerSecond` that an SMS takes. */
export function rateUnitsOf(
  provider: Pick<SmsProvider, 'countParts'>,
  message: Pick<SmsMessage, 'text' | 'encoding' | 'segments'>,
): (settings: Pick<SmsProviderSettings, 'type' | 'throughputCounts'>) => number {
  return ({ type, throughputCounts }) => {
    const counts = throughputCounts ?? (COUNT_SEGMENTS.has(type) ? 'segments' : 'texts');
    return counts === 'texts' ? 1 : (provider.countParts?.(message) ?? message.segments);
  };
}
