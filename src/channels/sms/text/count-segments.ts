import { SegmentedMessage } from 'sms-segments-calculator';
import type { SmsEncoding } from '../../../domain/sms-encoding.js';

export interface SmsSize {
  readonly encoding: SmsEncoding;
  readonly segments: number;
}

const UCS2_UNITS_OF_MANY = 67;

/**
 * What a text takes: 160 septets of GSM-7 or 70 units of UCS-2 in one segment; 153 or 67 in each of several, whose
 * headers take the rest. A character of GSM-7's extension counts twice, and no character is torn between two segments.
 * 3GPP TS 23.038, sections 6.2.1 and 6.2.3; TS 23.040, section 9.2.3.24.1.
 */
export function countSegments(text: string): SmsSize {
  const { encodingName, segmentsCount } = new SegmentedMessage(text);
  if (encodingName === 'GSM-7') return { encoding: 'gsm7', segments: segmentsCount };
  // The library puts a character of many units (a letter under a heap of accents) into one segment, however long.
  const least = text.length > 70 ? Math.ceil(text.length / UCS2_UNITS_OF_MANY) : 1;
  return { encoding: 'ucs2', segments: Math.max(segmentsCount, least) };
}
