import { Explanation } from '../../parts/explanation.js';
import { Facts } from '../../parts/facts.js';
import { formatMoney, formatSpan } from '../../parts/format.js';
import { Marked } from '../../parts/marked.js';
import { Time } from '../../parts/time.js';
import { words } from '../../words.js';
import type { Provider } from '../../api/providers.js';
import styles from './providers.module.css';

const text = words.providers;
/** Differences that are no more than the way of the answer. */
const UNNOTICED_SKEW_MS = 1_000;

type Check = NonNullable<Provider['check']>;

/** The last check in words, and what it found. */
export function CheckFacts({ check }: { readonly check: Check | null }) {
  if (!check) return <p className="quiet">{text.neverChecked}</p>;
  const { text: result, code, checkedAt, failures, balance, clockSkewMs, caExpiresAt, fix, link } = check;
  return (
    <div className={styles.check}>
      <Facts
        facts={[
          [
            text.check,
            <span key="result">
              <Marked text={result} /> {code !== null && <code>{code}</code>}
            </span>,
          ],
          [text.checkedAt, <Time key="at" at={checkedAt} isRelative />],
          [text.failedChecks, failures > 0 ? failures : null],
          [text.balance, balance && formatMoney(Number(balance.amount), balance.currency ?? '')],
          [text.clockSkew, clockSkewMs === null ? null : skewOf(clockSkewMs)],
          [text.caExpires, caExpiresAt === null ? null : <Time key="ca" at={caExpiresAt} isRelative />],
        ]}
      />
      <Explanation cause={null} fix={fix} link={check.outcome === 'ok' ? null : link} />
    </div>
  );
}

const skewOf = (ms: number): string =>
  Math.abs(ms) < UNNOTICED_SKEW_MS ? text.noSkew : text.skew(formatSpan(Math.abs(ms)), ms > 0);
