import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { Link } from 'wouter';
import { api, bodyOf } from '../../api/client.js';
import { useStory, type Story } from '../../api/story.js';
import { Button } from '../../parts/button.js';
import { Icon, type IconName } from '../../parts/icon.js';
import { Marked } from '../../parts/marked.js';
import { Failure } from '../../parts/notice.js';
import { StateLabel } from '../../parts/state-label.js';
import { Time } from '../../parts/time.js';
import { words } from '../../words.js';
import { journeyOf, type Journey, type StationState } from './journey.js';
import type { Play, PlayLog } from './play-log.js';
import { useRingMs } from './ring-time.js';
import styles from './plays.module.css';

const texts = words.phones.plays;
/** Events report changes sooner, if the stream is open. */
const STORY_MS = 1_000;
const GROUP_MS = 1_500;
/** Webhooks of which each is shown. */
const SHOWN_APART = 2;

interface PlaysProps {
  readonly log: PlayLog;
  /** All but the newest. */
  readonly isEarlier?: boolean;
}

/** Played events on their way: the newest above the phones, the others below them. */
export function Plays({ log, isEarlier = false }: PlaysProps) {
  const id = useId();
  const { plays } = log;
  const shown = isEarlier ? plays.slice(1) : plays.slice(0, 1);
  if (isEarlier && shown.length === 0) return null;
  return (
    <section className={styles.plays} aria-labelledby={id} data-newest={!isEarlier}>
      <h2 id={id}>{isEarlier ? texts.earlier : texts.heading}</h2>
      {shown.length === 0 && <p className="quiet">{texts.none}</p>}
      {shown.length > 0 && (
        <ol>
          {shown.map((play) => (
            <li key={play.key} className={styles.play}>
              <PlayLine play={play} log={log} />
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

function PlayLine({ play, log }: { readonly play: Play; readonly log: PlayLog }) {
  const { text, at, notificationIds, sessionId, from, to } = play;
  const ringMs = useRingMs();
  const mayCancel =
    sessionId !== undefined && !log.endedSessions.has(sessionId) && Date.now() - Date.parse(at) < ringMs;
  const cancel = () =>
    log.continueCall(
      { sessionId: sessionId ?? '', from, to, callAction: 'cancelled' },
      texts.cancelled(from),
    );
  return (
    <>
      <div className={styles.head}>
        <strong className={styles.what} dir="auto">
          {text}
        </strong>
        <Time at={at} />
        {mayCancel && <Button onClick={() => void cancel()}>{texts.cancel}</Button>}
      </div>
      {notificationIds.length <= SHOWN_APART ? (
        notificationIds.map((id) => <OnItsWay key={id} id={id} text={text} />)
      ) : (
        <Burst ids={notificationIds} />
      )}
    </>
  );
}

/** One notification, followed until it is settled. */
function OnItsWay({ id, text }: { readonly id: string; readonly text: string }) {
  const story = useStory(id, STORY_MS);
  const journey = story.data && journeyOf(story.data);
  return (
    <>
      {story.isError && <Failure error={story.error} onRetry={story.refetch} />}
      <div className={styles.way}>
        {journey && <Stations journey={journey} />}
        <div className={styles.result}>
          <StateLabel kind="status" state={story.data?.status ?? 'queued'} />
          <Link href={`/notifications/${id}`}>
            {texts.story}
            <span className="visually-hidden">: {text}</span>
          </Link>
        </div>
      </div>
      {journey?.remark && (
        <p className={styles.remark} data-tone={journey.remark.tone}>
          <Icon name={journey.remark.tone === 'warn' ? 'clock' : 'warning'} />
          <span>
            <Marked text={journey.remark.text} />
            {story.data?.status === 'failed' && (
              <>
                {' '}
                <Link href={replayHref(story.data)}>{texts.replay}</Link>
              </>
            )}
          </span>
        </p>
      )}
    </>
  );
}

/** The replay of what failed for the same reasons. */
function replayHref({ appId, deliveries }: Story): string {
  const reasons = deliveries.flatMap(({ status, reason }) => (status === 'failed' && reason ? [reason] : []));
  return `/replay?${new URLSearchParams({ app: appId, reasons: [...new Set(reasons)].join(',') }).toString()}`;
}

const ICONS: Readonly<Record<StationState, IconName>> = {
  done: 'check',
  now: 'clock',
  waiting: 'pause',
  failed: 'cross',
  never: 'dash',
};

function Stations({ journey: { stations } }: { readonly journey: Journey }) {
  const { label, stations: names, states } = words.phones.journey;
  return (
    <ol className={styles.stations} aria-label={label}>
      {stations.map(({ name, state, text }) => (
        <li key={name} data-state={state}>
          <span className={styles.mark}>
            <Icon name={ICONS[state]} size={12} />
          </span>
          <span className={styles.station}>{names[name]}</span>
          <span className={styles.stationText}>{text || states[state]}</span>
        </li>
      ))}
    </ol>
  );
}

/** Many notifications at once: how many have come how far. */
function Burst({ ids }: { readonly ids: readonly string[] }) {
  const rows = useQuery({
    queryKey: ['sandbox', 'burst', ids[0]],
    queryFn: async () => {
      const { data } = await bodyOf(api.GET('/v1/notifications', { params: { query: { limit: 100 } } }));
      return data.filter(({ id }) => ids.includes(id));
    },
    refetchInterval: ({ state }) =>
      state.data && state.data.length > 0 && state.data.every((row) => row.settledAt !== null)
        ? false
        : GROUP_MS,
  });
  const counts = new Map<string, number>();
  for (const { status } of rows.data ?? []) counts.set(status, (counts.get(status) ?? 0) + 1);
  return (
    <>
      {rows.isError && <Failure error={rows.error} onRetry={rows.refetch} />}
      <div className={styles.result}>
        <span>{texts.webhooks(ids.length)}</span>
        {[...counts].map(([status, n]) => (
          <span key={status}>
            <StateLabel kind="status" state={status} /> {n}
          </span>
        ))}
        <Link href={`/notifications/${ids[0]}`}>{texts.story}</Link>
      </div>
      {counts.has('skipped') && <p className="quiet">{texts.skipped}</p>}
    </>
  );
}
