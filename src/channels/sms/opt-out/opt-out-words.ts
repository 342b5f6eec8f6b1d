import { normalisedWord, type OptOutKind } from '../../../domain/opt-out-word.js';
import type { SmsOptOutSettings } from '../../../platform/config/sms-settings.js';

/** What somebody wants who has sent us a text. */
export type InboundKind = OptOutKind | 'other';

// The words that rules and carriers name, in English, and in French for Canada:
// 47 CFR 64.1200(a)(10) (FCC 24-24), https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out,
// https://support.telnyx.com/en/articles/1270091-sms-opt-out-keywords-and-stop-words,
// https://docs.aws.amazon.com/sms-voice/latest/userguide/keywords-required.html,
// https://docs.aws.amazon.com/end-user-messaging/latest/userguide/nx-rcs-launch-ca-french.md.
// Of STOP every vendor's words are here, as none may be missed. Of START only those that mean nothing else: YES counts
// where the vendor itself takes it for START (`InboundSms.takenFor`).
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

/** Longer than any word is likely to be: a long text is not looked through for nothing. */
const MAX_LENGTH = 100;

/** The words by which the persons of one app steer what they are sent. */
export class OptOutWords {
  private readonly kinds = new Map<string, InboundKind>();

  constructor({ stopWords, startWords, helpWords }: SmsOptOutSettings) {
    // Of a word that is in two lists the last counts: whoever may mean STOP is not texted.
    for (const word of [...HELP, ...helpWords]) this.kinds.set(normalisedWord(word), 'help');
    for (const word of [...START, ...startWords]) this.kinds.set(normalisedWord(word), 'start');
    for (const word of [...STOP, ...stopWords]) this.kinds.set(normalisedWord(word), 'stop');
    this.kinds.delete('');
  }

  /** A word counts only where it is the whole text: "please don't stop" is a message like any other. */
  kindOf(text: string): InboundKind {
    return text.length > MAX_LENGTH ? 'other' : (this.kinds.get(normalisedWord(text)) ?? 'other');
  }
}
