import type { LogRow } from '../../platform/cometchat/notification-log.js';
import type { ExplanationDto } from '../../notifications/story/story.dto.js';
import type { Findings } from './findings.js';
import { explainRow } from './log-explanations.js';
import type { ProviderProblem } from '../../platform/cometchat/provider-problems.js';

const LOGS = 'https://www.cometchat.com/docs/notifications/logs';
const CUSTOM_PROVIDERS = 'https://www.cometchat.com/docs/notifications/custom-providers';
const SWITCH_ON_LOGGING =
  'Switch logging on in CometChat’s dashboard under Notifications → Logs, then have the message sent again. CometChat switches it off after 7 days.';

/** Says in a few sentences what CometChat did, why, and what to do. */
export function explainInquiry(findings: Findings): ExplanationDto {
  const { log, failures } = findings;
  const blocking = blockingProblemOf(findings);
  if (log === undefined) {
    const failure = failures.find(({ asked }) => asked === 'log');
    return {
      summary: `${failure?.text ?? 'CometChat did not show its log.'} ${receivedIn(findings)}`,
      cause: blocking?.text ?? null,
      fix: blocking?.fix ?? failure?.fix ?? null,
      link: blocking ? CUSTOM_PROVIDERS : null,
    };
  }
  const decisive = decisiveRow(log.rows, findings);
  return decisive ? ofRow(decisive, findings, blocking) : ofEmptyLog(findings, blocking);
}

/** The latest row of a user; of a message to several users, the latest that did not lead to a webhook. */
function decisiveRow(rows: readonly LogRow[], { subject }: Findings): LogRow | undefined {
  const ours = rows.filter(({ channel }) => channel !== 'email');
  const failed = subject.uid === null ? ours.find((row) => !isWebhook(row)) : undefined;
  return failed ?? ours[0] ?? rows[0];
}

const isWebhook = ({ isTriggered, isSuccess, provider }: LogRow): boolean =>
  isTriggered && isSuccess !== false && (provider === null || provider === 'custom');

/** The first problem that keeps webhooks away; those for pushes come before those for SMS. */
const blockingProblemOf = ({ providers }: Findings): ProviderProblem | undefined =>
  providers.flatMap(({ problems }) => problems).find(({ isBlocking }) => isBlocking);

function ofRow(row: LogRow, findings: Findings, blocking: ProviderProblem | undefined): ExplanationDto {
  const { meaning, fix, link } = explainRow(row);
  const counts = countsOf(findings);
  const known = receivedIn(findings);
  const everyone = findings.subject.uid === null && counts !== '' ? ' everyone' : '';
  if (!row.isTriggered)
    return {
      summary: `CometChat did not notify${everyone}${row.reason === null ? '' : ` (${row.reason})`}. ${counts}${known}`,
      ...{ cause: meaning, fix, link },
    };
  if (row.provider !== null && row.provider !== 'custom')
    return { summary: `CometChat notified by itself. ${counts}${known}`, cause: meaning, fix, link };
  if (row.isSuccess === false)
    return {
      summary: `CometChat called the webhook, but not with success. ${counts}${known}`,
      cause: blocking ? `${meaning} ${blocking.text}` : meaning,
      fix: blocking?.fix ?? fix,
      link,
    };
  if (findings.received.count > 0)
    return {
      summary: `CometChat called the webhook. ${counts}${known}`,
      cause: null,
      fix: 'Read what became of it: `GET /v1/notifications/{id}` for each of `webhooks.notificationIds`.',
      link: null,
    };
  return {
    summary: `CometChat says that the webhook answered 200. ${counts}${known}`,
    cause:
      blocking?.text ??
      'Another server answers at the webhook’s URL, another gateway with its own database took it, or it waits in the queue and is not planned yet.',
    fix:
      blocking?.fix ??
      'Compare the URL below `providers` with the address of this gateway, and see `/health/ready` for jobs that wait.',
    link: CUSTOM_PROVIDERS,
  };
}

function ofEmptyLog(findings: Findings, blocking: ProviderProblem | undefined): ExplanationDto {
  const { isLogUsed, received } = findings;
  const known = receivedIn(findings);
  const about = wordsOf(findings);
  if (blocking)
    return {
      summary: `CometChat’s log has no row of ${about}. ${known}`,
      ...{ cause: blocking.text, fix: blocking.fix, link: CUSTOM_PROVIDERS },
    };
  if (isLogUsed === true)
    return {
      summary: `CometChat’s log has rows of others, but none of ${about}. ${known}`,
      cause:
        'No notification was due. Usually the uid or the message id is another one, the user sent the message, was removed from the group or blocked the sender, a custom message lacks `sendNotification`, or the message is older than the log.',
      fix: 'Check the uid and the message id in CometChat’s dashboard, then have a new message sent and ask again.',
      link: LOGS,
    };
  return {
    summary: `CometChat’s log is empty. ${known}`,
    cause:
      received.count > 0
        ? 'Logging is off: CometChat has called the gateway. It is off by default and switches itself off after 7 days.'
        : 'Logging is off, which is the default and the state after 7 days; or nothing happened in the app for 14 days.',
    fix: SWITCH_ON_LOGGING,
    link: LOGS,
  };
}

/** How many rows of the log notified, if there are several. */
function countsOf({ log }: Findings): string {
  const rows = log?.rows ?? [];
  if (rows.length < 2) return '';
  const called = rows.filter(({ isTriggered, isSuccess }) => isTriggered && isSuccess !== false).length;
  return `Of the ${rows.length} latest rows of its log, ${called} notified. `;
}

function receivedIn(findings: Findings): string {
  const { received, days } = findings;
  const { count, lastAt, isComplete, oldest, newest } = received;
  const span = isComplete
    ? `in the last ${days} days`
    : `among those of ${oldest?.toISOString() ?? '?'} to ${newest?.toISOString() ?? '?'}, which were examined`;
  if (count === 0 || lastAt === null) return `The gateway has no webhook of ${wordsOf(findings)} ${span}.`;
  const number = count === 1 ? 'one webhook' : `${count} webhooks`;
  return `The gateway has ${number} of ${wordsOf(findings)} ${span}, the last of ${lastAt.toISOString()}.`;
}

function wordsOf({ subject: { uid, messageId } }: Findings): string {
  if (messageId === null) return 'this user';
  return uid === null ? 'this message' : 'this message and user';
}
