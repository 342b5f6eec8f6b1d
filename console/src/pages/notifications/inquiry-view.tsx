import { Link } from 'wouter';
import { Card, Cards } from '../../parts/card.js';
import { UID } from '../../parts/columns.js';
import { DataTable, type Column } from '../../parts/data-table.js';
import { Explanation } from '../../parts/explanation.js';
import { Facts } from '../../parts/facts.js';
import { formatTime } from '../../parts/format.js';
import { Marked } from '../../parts/marked.js';
import { Notice } from '../../parts/notice.js';
import { Section } from '../../parts/page.js';
import { StateLabel, ToneLabel } from '../../parts/state-label.js';
import { LOOKS } from '../../parts/states.js';
import { Time } from '../../parts/time.js';
import { wordOf, words } from '../../words.js';
import type { Inquiry } from './queries.js';
import styles from './notifications.module.css';

type LogRow = Inquiry['logs'][number];

const text = words.nothingCame;

/** What CometChat says of a user or a message, beside what the gateway has and needs. */
export function InquiryView({ inquiry }: { readonly inquiry: Inquiry }) {
  const { explanation, logs, hasMoreLogs, failures } = inquiry;
  return (
    <>
      <Section heading={text.answer} isPanel>
        <p className={styles.summary}>
          <Marked text={explanation.summary} />
        </p>
        <Explanation {...explanation} />
      </Section>
      {failures.map(({ asked, text: problem, fix }) => (
        <Notice key={asked} tone="warn" icon="warning" title={text.unanswered}>
          <p>
            <Marked text={`${problem} ${fix}`} />
          </p>
        </Notice>
      ))}
      <Section heading={text.logs}>
        {logs.length === 0 ? (
          <p>{text.noLogs}</p>
        ) : (
          <DataTable label={text.logs} columns={COLUMNS} rows={logs} keyOf={keyOfRow} />
        )}
        {hasMoreLogs && <p>{text.moreLogs}</p>}
      </Section>
      <Settings inquiry={inquiry} />
      <Received inquiry={inquiry} />
    </>
  );
}

const keyOfRow = (row: LogRow): string => row.id ?? JSON.stringify(row);

const COLUMNS: readonly Column<LogRow>[] = [
  {
    key: 'at',
    heading: text.columns.at,
    cell: ({ at }) =>
      at && (
        <span className={styles.word}>
          <Time at={at} />
        </span>
      ),
  },
  {
    key: 'uid',
    heading: text.columns.uid,
    cell: ({ uid }) => uid && UID.cell({ uid }),
  },
  {
    key: 'channel',
    heading: text.columns.channel,
    isMinor: true,
    cell: ({ channel }) => channel && wordOf('channels', channel),
  },
  {
    key: 'event',
    heading: text.columns.event,
    isMinor: true,
    cell: ({ event }) => event && <code className={styles.word}>{event}</code>,
  },
  {
    key: 'status',
    heading: text.columns.status,
    cell: ({ status }) => <StateLabel kind="log" state={status} />,
  },
  {
    key: 'meaning',
    heading: text.columns.meaning,
    cell: ({ reason, meaning, fix }) => (
      <div className={styles.meaning}>
        <p>
          <Marked text={meaning} /> {reason !== null && <code>{reason}</code>}
        </p>
        {fix !== null && (
          <p className="quiet">
            <Marked text={fix} />
          </p>
        )}
      </div>
    ),
  },
];

function Settings({ inquiry: { providers, builtInProviders } }: { readonly inquiry: Inquiry }) {
  if (providers.length + builtInProviders.length === 0) return null;
  return (
    <Section heading={text.providers}>
      <Cards width={20}>
        {providers.map((provider) => (
          <Provider key={provider.channel} provider={provider} />
        ))}
        {builtInProviders.map(({ type, channel, id, text: problem, fix }) => (
          <Card
            key={`${type} ${channel} ${id ?? ''}`}
            heading={text.builtIn(type, wordOf('channels', channel))}
          >
            <Problem text={problem} fix={fix} />
          </Card>
        ))}
      </Cards>
    </Section>
  );
}

function Provider({ provider }: { readonly provider: Inquiry['providers'][number] }) {
  const { channel, isConfigured, isEnabled, webhookUrl, usesBasicAuth, problems } = provider;
  return (
    <Card
      heading={text.provider(wordOf('channels', channel))}
      aside={
        problems.length === 0 ? (
          <ToneLabel {...LOOKS.good} text={text.isGood} />
        ) : (
          <ToneLabel {...LOOKS.bad} text={text.isWrong} />
        )
      }
    >
      <Facts
        facts={
          isConfigured
            ? [
                [text.facts.enabled, yesOrNo(isEnabled)],
                [text.facts.url, webhookUrl && <code>{webhookUrl}</code>],
                [text.facts.basicAuth, yesOrNo(usesBasicAuth)],
              ]
            : [[text.facts.enabled, text.notConfigured]]
        }
      />
      {problems.map((problem) => (
        <Problem key={problem.text} {...problem} />
      ))}
    </Card>
  );
}

const yesOrNo = (is: boolean): string => (is ? text.yes : text.no);

function Problem({ text: problem, fix }: { readonly text: string; readonly fix: string }) {
  return (
    <div className={styles.meaning}>
      <p>
        <Marked text={problem} />
      </p>
      <p className="quiet">
        <Marked text={fix} />
      </p>
    </div>
  );
}

function Received({ inquiry: { webhooks } }: { readonly inquiry: Inquiry }) {
  const { count, lastAt, notificationIds, scannedTo } = webhooks;
  return (
    <Section heading={text.received}>
      <p>
        {text.receivedCount(count)}
        {lastAt !== null && `. ${text.last}: ${formatTime(new Date(lastAt))}`}
        {scannedTo !== null && `. ${words.notifications.lookedBackTo} ${formatTime(new Date(scannedTo))}`}.
      </p>
      {notificationIds.length > 0 && (
        <ul className={styles.ids}>
          {notificationIds.map((id) => (
            <li key={id}>
              <Link href={`/notifications/${id}`}>
                <code>{id}</code>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
