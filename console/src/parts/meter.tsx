import { formatPercent } from './format.js';
import styles from './meter.module.css';

interface MeterProps {
  /** The measured quantity, for screen readers. */
  readonly label: string;
  readonly value: number;
  readonly max: number;
  /** Value and maximum in words: "$12.00 of $50.00". */
  readonly text: string;
}

/** Share from which the bar warns. */
const WARNS_AT = 0.8;

/** A bar of how much of a limit is used. The text beside it says the same. */
export function Meter({ label, value, max, text }: MeterProps) {
  const share = max === 0 ? 1 : value / max;
  const tone = share >= 1 ? 'bad' : share >= WARNS_AT ? 'warn' : undefined;
  return (
    <div className={styles.meter}>
      <div className={styles.texts}>
        <span>{text}</span>
        <span>{formatPercent(share)}</span>
      </div>
      <div
        className={styles.bar}
        role="meter"
        aria-label={label}
        aria-valuenow={value}
        aria-valuemin={0}
        aria-valuemax={Math.max(max, value)}
        aria-valuetext={text}
      >
        <div data-tone={tone} style={{ width: `${Math.min(1, share) * 100}%` }} />
      </div>
    </div>
  );
}
