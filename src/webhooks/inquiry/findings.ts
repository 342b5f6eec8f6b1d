import type { Channel } from '../../domain/notification.js';
import type { ReceivedWebhooks } from '../../deliveries/sql/received-webhooks.sql.js';
import type { BuiltInProvider, CustomProvider } from '../../platform/cometchat/custom-provider.js';
import type { LogPage } from '../../platform/cometchat/notification-log.js';
import type { Failure } from './failure.js';
import type { ProviderProblem } from '../../platform/cometchat/provider-problems.js';

/** The user or message that was asked about; at least one of them. */
export interface Subject {
  readonly appId: string;
  readonly uid: string | null;
  readonly messageId: string | null;
}

/** CometChat's setting of one channel, compared with the gateway's. */
export interface ComparedProvider {
  readonly channel: Channel;
  /** Undefined if CometChat has none. */
  readonly provider: CustomProvider | undefined;
  readonly problems: readonly ProviderProblem[];
}

/** Everything that is known of a subject, from CometChat and from the ledger. */
export interface Findings {
  readonly subject: Subject;
  /** Undefined if CometChat did not show it. */
  readonly log: LogPage | undefined;
  /** Whether the log has rows of anyone; undefined if it was not asked, as it has rows of the subject, or is unknown. */
  readonly isLogUsed: boolean | undefined;
  /** The channels that CometChat has shown. */
  readonly providers: readonly ComparedProvider[];
  readonly builtIn: readonly BuiltInProvider[];
  readonly received: ReceivedWebhooks;
  /** Days of the ledger that were searched. */
  readonly days: number;
  readonly failures: readonly Failure[];
}
