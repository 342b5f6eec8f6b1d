import type { Provider } from '../../api/providers.js';
import { Facts } from '../../parts/facts.js';
import { formatNumber } from '../../parts/format.js';
import { Marked } from '../../parts/marked.js';
import { Time } from '../../parts/time.js';
import { words } from '../../words.js';
import styles from './providers.module.css';

const text = words.providers;

type Callbacks = NonNullable<Provider['callbacks']>;

/** The devices that an account serves, and where its vendor calls back. */
export function ReachFacts({ provider: { devices, callbacks } }: { readonly provider: Provider }) {
  return (
    <Facts
      facts={[
        [text.devices, devices && devicesText(devices)],
        [text.reports, callbacks && <Address key="reports" url={callbacks.statusUrl} {...{ callbacks }} />],
        [
          text.inbound,
          callbacks?.inboundUrl && <Address key="inbound" url={callbacks.inboundUrl} {...{ callbacks }} />,
        ],
        [
          text.lastCalled,
          callbacks && (callbacks.lastAt === null ? text.never : <Time at={callbacks.lastAt} isRelative />),
        ],
      ]}
    />
  );
}

function devicesText({ count, isEstimate }: NonNullable<Provider['devices']>): string {
  if (!isEstimate) return formatNumber(count);
  return count === 0 ? text.few : text.about(formatNumber(count));
}

function Address({ url, callbacks }: { readonly url: string | null; readonly callbacks: Callbacks }) {
  const note = text.verifiedBy[callbacks.verifiedBy];
  return (
    <>
      {url === null ? <Marked text={text.noPublicUrl} /> : <code className={styles.address}>{url}</code>}
      {url !== null && note !== undefined && (
        <span className={styles.note}>
          <Marked text={note} />
        </span>
      )}
    </>
  );
}
