import { vendorWord } from './vendor-word.js';

const TOLL_FREE = /^\+?1(?:800|833|844|855|866|877|888)\d{7}$/;
/** Of the words of any vendor only these end or begin texts from a toll-free number. */
const WORDS = { stop: ['stop'], start: ['start', 'unstop'], help: [] };

/** Whether a number is a toll-free one of North America. */
export const isTollFree = (number: string | null): boolean => number !== null && TOLL_FREE.test(number);

/**
 * Whether the network has answered a text to a number: STOP, START and UNSTOP to toll-free ones, whoever the vendor is,
 * which nothing can switch off. https://docs.aws.amazon.com/sms-voice/latest/userguide/keywords-required.html
 */
export function isAnsweredByNetwork(to: string | null, text: string): boolean {
  return isTollFree(to) && vendorWord(WORDS, text) !== undefined;
}
