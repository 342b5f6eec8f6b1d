import type { SpendCap } from '../../api/spend.js';
import { formatMoney, formatNumber } from '../format.js';
import { Meter } from '../meter.js';
import { Time } from '../time.js';
import { words } from '../../words.js';
import styles from './cap-list.module.css';

/** Limits with bars. */
export function CapList({ caps }: { readonly caps: readonly SpendCap[] }) {
  return (
    <ul className={styles.caps}>
      {caps.map((cap) => (
        <li key={`${cap.appId} ${cap.scope}`}>
          <p className={styles.capName}>
            {words.spend.capOf(cap.appId, cap.scope)} <code>{cap.scope}</code>
          </p>
          <Meter
            label={words.spend.capOf(cap.appId, cap.scope)}
            value={cap.spent}
            max={cap.cap}
            text={words.spend.spentOf(amount(cap.spent, cap), amount(cap.cap, cap))}
          />
          <p className={styles.resets}>
            {words.spend.resets} <Time at={cap.resetsAt} />
          </p>
        </li>
      ))}
    </ul>
  );
}

const amount = (value: number, { currency }: SpendCap): string =>
  currency === null ? formatNumber(value) : formatMoney(value, currency);
