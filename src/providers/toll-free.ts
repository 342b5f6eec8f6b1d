import { vendorWord } from './vendor-word.js';

const TOLL_FREE = /^\+?1(?:800|833|844|855|866|877|888)\d{7}$/;
/** The only keywords that opt out or in on a toll-free number, whatever the vendor. */
const WORDS = { stop: ['stop'], start: ['start', 'unstop'], help: [] };

/** Whether a number is a North American toll-free number. */
export const isTollFree = (number: string | null): boolean => number !== null && TOLL_FREE.test(number);

/**
 * Whether the network itself answers this SMS: STOP, START and UNSTOP to a toll-free number. This applies to every
 * vendor and cannot be disabled. https://docs.aws.amazon.com/sms-voice/latest/userguide/keywords-required.html
 */
export function isAnsweredByNetwork(to: string | null, text: string): boolean {
  return isTollFree(to) && vendorWord(WORDS, text) !== undefined;
}
