import { SegmentedMessage } from 'sms-segments-calculator';
import type { SmsEncoding } from '../../../domain/sms-encoding.js';

export interface SmsSize {
  readonly encoding: SmsEncoding;
  readonly segments: number;
}

/** UCS-2 units in each of several segments. */
const UCS2_UNITS_PER_PART = 67;

/**
 * A single segment holds 160 septets of GSM-7 or 70 units of UCS-2; each of several holds 153 or 67, as headers take the
 * rest. A character of the GSM-7 extension counts twice, and no character is split between two segments.
 * 3GPP TS 23.038, sections 6.2.1 and 6.2.3; TS 23.040, section 9.2.3.24.1.
 */
export function countSegments(text: string): SmsSize {
  const { encodingName, segmentsCount } = new SegmentedMessage(text);
  if (encodingName === 'GSM-7') return { encoding: 'gsm7', segments: segmentsCount };
  // The library puts a grapheme of any length (a letter with many accents) into one segment.
  const least = text.length > 70 ? Math.ceil(text.length / UCS2_UNITS_PER_PART) : 1;
  return { encoding: 'ucs2', segments: Math.max(segmentsCount, least) };
}
