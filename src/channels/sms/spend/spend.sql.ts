import { statement } from '../../../platform/database/statement.js';

/** A prefix whose window has reached `sms.guard.pumping`. */
export interface StoppedPrefix {
  readonly prefix: string;
  /** Start of the step in which it did. */
  readonly since: Date;
}

const MOST = 100;

/** Counters of an app's prefixes, of one window: as many as there were prefixes with SMS. */
export const STOPPED_PREFIXES = statement<'appId' | 'since', StoppedPrefix>(`
SELECT key AS prefix, min(window_start) AS since FROM sms_counter
WHERE app_id = :appId AND scope = 'prefix' AND window_start >= :since AND stopped
GROUP BY key ORDER BY since DESC, key LIMIT ${MOST}`);
