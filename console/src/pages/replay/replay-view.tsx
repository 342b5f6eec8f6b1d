import { Copyable } from '../../parts/copyable.js';
import { Facts } from '../../parts/facts.js';
import { formatNumber, formatPercent } from '../../parts/format.js';
import { Section } from '../../parts/page.js';
import { QueryView } from '../../parts/query-view.js';
import { StateLabel } from '../../parts/state-label.js';
import { Time } from '../../parts/time.js';
import { wordOf, words } from '../../words.js';
import { Counts } from './counts.js';
import { useReplay, type ReplayDetails } from './queries.js';
import { ReplayActions } from './replay-actions.js';
import { leftOutWord } from './replay-filter.js';
import { Stories } from './stories.js';
import styles from './replay.module.css';

const text = words.replay;

/** One replay: how far it is, what became of it, and its actions. */
export function ReplayView({ id }: { readonly id: string }) {
  const query = useReplay(id);
  return (
    <Section heading={text.details} isPanel actions={query.data && <ReplayActions replay={query.data} />}>
      <QueryView query={query} rows={6} failure={text.detailsFailed}>
        {(replay) => (
          <>
            <div className={styles.progress}>
              <StateLabel kind="replay" state={replay.state} />
              <Progress replay={replay} />
            </div>
            <What replay={replay} />
            <div className={styles.columns}>
              {replay.results.length > 0 && (
                <Counts
                  heading={text.results}
                  lines={replay.results.map(
                    ({ status, notifications }) =>
                      [<StateLabel key={status} kind="status" state={status} />, notifications] as const,
                  )}
                />
              )}
              {replay.leftOut.length > 0 && (
                <Counts
                  heading={text.leftOut}
                  lines={replay.leftOut.map(
                    ({ why, notifications }) => [leftOutWord(why), notifications] as const,
                  )}
                />
              )}
            </div>
            {replay.sent > 0 ? <Stories replay={replay} /> : <p>{text.noResults}</p>}
          </>
        )}
      </QueryView>
    </Section>
  );
}

/** By the part of its span that is done. */
function Progress({ replay }: { readonly replay: ReplayDetails }) {
  const share = shareOf(replay);
  return (
    <>
      <progress className={styles.bar} aria-label={text.progress} value={share} max={1} />
      <span>{text.progressText(formatPercent(share))}</span>
    </>
  );
}

function shareOf({ state, scannedTo, filter }: ReplayDetails): number {
  if (state === 'done') return 1;
  if (scannedTo === null) return 0;
  const [fromMs, toMs] = [Date.parse(filter.from), Date.parse(filter.to)];
  return Math.min(1, Math.max(0, (Date.parse(scannedTo) - fromMs) / Math.max(1, toMs - fromMs)));
}

function What({ replay }: { readonly replay: ReplayDetails }) {
  const { id, filter, perSecond, createdAt, createdBy, endedAt, sent } = replay;
  const { appId, from, to, reasons, providers, channel } = filter;
  return (
    <Facts
      facts={[
        [text.id, <Copyable key="id" text={id} what={text.copyId} />],
        [text.sent, formatNumber(sent)],
        [words.common.app, appId],
        [
          text.received,
          <span key="span">
            <Time at={from} /> {text.until} <Time at={to} />
          </span>,
        ],
        [text.reasons, reasons.map((reason) => wordOf('reasons', reason)).join(', ')],
        [text.provider, providers === null ? text.allProviders : providers.join(', ')],
        [words.common.channel, channel === null ? null : wordOf('channels', channel)],
        [text.perSecond, formatNumber(perSecond)],
        [
          text.by,
          <span key="by">
            {createdBy}, <Time at={createdAt} />
          </span>,
        ],
        [text.ended, endedAt === null ? null : <Time key="ended" at={endedAt} />],
      ]}
    />
  );
}
