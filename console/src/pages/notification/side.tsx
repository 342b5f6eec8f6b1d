import { Link } from 'wouter';
import { useAppId } from '../../api/app-choice.js';
import { pageHref } from '../../api/page-href.js';
import { Facts } from '../../parts/facts.js';
import { formatMoney, formatNumber, formatSpan } from '../../parts/format.js';
import { Section } from '../../parts/page.js';
import { StateLabel } from '../../parts/state-label.js';
import { Time } from '../../parts/time.js';
import { wordOf, words } from '../../words.js';
import { Copyable } from '../../parts/copyable.js';
import type { Story } from '../../api/story.js';
import styles from './notification.module.css';

const text = words.story;

/** Facts of a notification beside its story. */
export function Side({ story }: { readonly story: Story }) {
  const { id, tag, call } = story;
  return (
    <div className={styles.side}>
      <Section heading={text.details} isPanel>
        <Facts facts={factsOf(story)} />
      </Section>
      {call && <CallFacts call={call} />}
      <SmsFacts story={story} />
      <Repeats story={story} />
      <Section heading={text.ids} isPanel>
        <div className={styles.ids}>
          <Facts
            facts={[
              [text.facts.notification, <Copyable key="id" text={id} what={text.theId} />],
              [text.facts.tag, tag && <Copyable key="tag" text={tag} what={text.theTag} />],
              [
                text.facts.session,
                call && <Copyable key="call" text={call.sessionId} what={text.theSession} />,
              ],
            ]}
          />
        </div>
      </Section>
    </div>
  );
}

function factsOf({ receivedAt, settledAt, appId, channel, source }: Story) {
  const tookMs = settledAt === null ? undefined : Date.parse(settledAt) - Date.parse(receivedAt);
  return [
    [text.facts.received, <Time key="received" at={receivedAt} />],
    [text.facts.settled, settledAt === null ? text.facts.notYet : <Time key="settled" at={settledAt} />],
    [text.facts.took, tookMs === undefined ? undefined : formatSpan(tookMs)],
    [text.facts.app, <bdi key="app">{appId}</bdi>],
    [text.facts.channel, wordOf('channels', channel)],
    [text.facts.source, source === null ? undefined : wordOf('sources', source)],
  ] as const;
}

function CallFacts({ call }: { readonly call: NonNullable<Story['call']> }) {
  const { sessionId, action, state, endedBy, endedAt } = call;
  const appId = useAppId();
  return (
    <Section heading={text.call} isPanel>
      <Facts
        facts={[
          [text.facts.call, <StateLabel key="state" kind="call" state={state} />],
          [text.facts.action, action && <code>{action}</code>],
          [text.facts.endedBy, endedBy && <code>{endedBy}</code>],
          [text.facts.endedAt, endedAt && <Time at={endedAt} />],
        ]}
      />
      <p>
        <Link href={pageHref('/notifications', appId, { sessionId })}>{text.sameCall}</Link>
      </p>
    </Section>
  );
}

/** Segments and cost of all SMS of the notification. */
function SmsFacts({ story: { deliveries } }: { readonly story: Story }) {
  const sent = deliveries.flatMap(({ sms }) => (sms ? [sms] : []));
  if (sent.length === 0) return null;
  const segments = sent.reduce((sum, sms) => sum + (sms.segments ?? 0), 0);
  const costs = new Map<string, number>();
  for (const { cost } of sent)
    if (cost) costs.set(cost.currency, (costs.get(cost.currency) ?? 0) + Number(cost.amount));
  const cost = [...costs].map(([currency, amount]) => formatMoney(amount, currency)).join(', ');
  return (
    <Section heading={text.sms} isPanel>
      <Facts
        facts={[
          [text.facts.segments, formatNumber(segments)],
          [text.facts.cost, cost === '' ? words.common.unknown : cost],
        ]}
      />
    </Section>
  );
}

/** The notification that this one repeats, and those that repeat it. */
function Repeats({ story: { originId, repeats, duplicates } }: { readonly story: Story }) {
  if (originId === null && repeats.length === 0 && duplicates === null) return null;
  return (
    <Section heading={text.links} isPanel>
      {originId !== null && (
        <p>
          <Link href={`/notifications/${originId}`}>{text.original}</Link>
        </p>
      )}
      {duplicates !== null && (
        <p>
          {text.duplicates(duplicates.count)} <Time at={duplicates.lastAt} />
        </p>
      )}
      {repeats.length > 0 && (
        <ul className={styles.repeats}>
          {repeats.map(({ id, source, status, receivedAt }) => (
            <li key={id}>
              <Link href={`/notifications/${id}`}>
                {source === null ? text.facts.notification : wordOf('sources', source)},{' '}
                <Time at={receivedAt} />
              </Link>
              <StateLabel kind="status" state={status} />
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
