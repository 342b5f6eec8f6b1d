/** SMS alphabets: 160 or 153 characters to a segment in GSM-7, 70 or 67 in UCS-2 (3GPP TS 23.038). */
export type SmsEncoding = 'gsm7' | 'ucs2';
