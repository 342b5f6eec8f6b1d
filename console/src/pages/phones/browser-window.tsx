import { words } from '../../words.js';
import { CallButtons } from './call-screen.js';
import { CardList } from './lock-screen.js';
import type { CallAction } from './queries.js';
import type { Call, Screen } from './screen.js';
import styles from './browser-window.module.css';

const texts = words.phones.phone;

interface BrowserWindowProps {
  readonly screen: Screen;
  readonly nowMs: number;
  readonly onDecide: (call: Call, action: CallAction) => void;
}

/** A browser with the notifications that its service worker shows. */
export function BrowserWindow({ screen: { cards, call }, nowMs, onDecide }: BrowserWindowProps) {
  return (
    <div className={styles.window}>
      <div className={styles.bar} aria-hidden="true">
        <span />
        <span />
        <span />
        <p>{texts.site}</p>
      </div>
      <div className={styles.desktop}>
        {call && (
          <div className={styles.call}>
            <p className={styles.caller} dir="auto">
              {call.name}
            </p>
            <p>
              {call.state === 'ringing'
                ? words.phones.call.incoming(call.isVideo)
                : words.phones.call.ongoing}
            </p>
            <CallButtons call={call} onDecide={onDecide} />
          </div>
        )}
        {!call && cards.length === 0 && <p className={styles.none}>{texts.noCards}</p>}
        <CardList cards={cards} nowMs={nowMs} />
      </div>
    </div>
  );
}
