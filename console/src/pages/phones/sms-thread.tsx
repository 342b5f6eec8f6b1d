import { formatTime } from '../../parts/format.js';
import { words } from '../../words.js';
import type { Sms } from './screen.js';
import styles from './sms-thread.module.css';

const texts = words.phones.phone;

interface SmsThreadProps {
  /** The oldest first. */
  readonly texts: readonly Sms[];
  readonly nowMs: number;
}

/** The SMS of a number, each with its alphabet and segments, which are what it costs. */
export function SmsThread({ texts: all, nowMs }: SmsThreadProps) {
  const newest = all.at(-1);
  return (
    <div className={styles.screen}>
      <p className={styles.sender}>{newest?.from ?? (newest ? texts.unknownSender : texts.smsApp)}</p>
      {all.length === 0 ? (
        <p className={styles.none}>{texts.noSms}</p>
      ) : (
        <ol className={styles.thread} tabIndex={0}>
          {all.toReversed().map((sms) => (
            <li key={sms.id}>
              <p className={styles.bubble} dir="auto">
                {sms.text}
              </p>
              <p className={styles.facts}>
                {[
                  sms.segments === undefined ? [] : texts.segments(sms.segments),
                  sms.encoding === undefined ? [] : (words.encodings[sms.encoding] ?? sms.encoding),
                  formatTime(new Date(sms.at), new Date(nowMs)),
                ]
                  .flat()
                  .join(' · ')}
              </p>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}
