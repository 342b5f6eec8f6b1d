import { normalisedWord, type OptOutKind } from '../../../domain/opt-out-word.js';
import type { SmsOptOutSettings } from '../../../platform/config/sms-settings.js';

/** The request of an inbound SMS. */
export type InboundKind = OptOutKind | 'other';

// Words named by regulations and carriers, in English, and in French for Canada:
// 47 CFR 64.1200(a)(10) (FCC 24-24), https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out,
// https://support.telnyx.com/en/articles/1270091-sms-opt-out-keywords-and-stop-words,
// https://docs.aws.amazon.com/sms-voice/latest/userguide/keywords-required.html,
// https://docs.aws.amazon.com/end-user-messaging/latest/userguide/nx-rcs-launch-ca-french.md.
// STOP includes the words of every vendor, as none may be missed. START includes only unambiguous words: YES counts only
// if the vendor takes it for START (`InboundSms.takenFor`).
const STOP = [
  'stop',
  'stopall',
  'stop all',
  'unsubscribe',
  'unsub',
  'cancel',
  'end',
  'quit',
  'revoke',
  'optout',
  'opt out',
  'remove',
  'arret',
  'arrete',
  'td',
];
const START = ['start', 'unstop'];
const HELP = ['help', 'info', 'aide'];

/** Exceeds any likely word, so that long messages are not normalised. */
const MAX_LENGTH = 100;

/** The opt-out words of one app. */
export class OptOutWords {
  private readonly kinds = new Map<string, InboundKind>();

  constructor({ stopWords, startWords, helpWords }: SmsOptOutSettings) {
    // The last list prevails for a word in two lists, so that STOP always counts.
    for (const word of [...HELP, ...helpWords]) this.kinds.set(normalisedWord(word), 'help');
    for (const word of [...START, ...startWords]) this.kinds.set(normalisedWord(word), 'start');
    for (const word of [...STOP, ...stopWords]) this.kinds.set(normalisedWord(word), 'stop');
    this.kinds.delete('');
  }

  /** A word counts only if it is the whole text: "please don't stop" is an ordinary message. */
  kindOf(text: string): InboundKind {
    return text.length > MAX_LENGTH ? 'other' : (this.kinds.get(normalisedWord(text)) ?? 'other');
  }
}
