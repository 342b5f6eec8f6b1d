import { Inject, Injectable } from '@nestjs/common';
import { Sql } from '../platform/database/database.module.js';
import type { ProviderAccount } from './provider-state.repository.js';
import { CHECKS, FORGET_CHECKS, LAST_CODES, RECORD_CHECK } from './sql/provider-check.sql.js';

/** Accounts that share an id differ by vendor and APNs environment. */
export interface CheckedAccount extends ProviderAccount {
  readonly type: string;
  /** Empty if the vendor has no environments. */
  readonly environment: string;
}

/** Finding of a check. */
export interface CheckFinding {
  readonly outcome: 'ok' | 'failed' | 'unknown';
  readonly code: string | null;
  readonly text: string;
  /** The remedy of a failure, and the vendor's page. */
  readonly fix: string | null;
  readonly link: string | null;
  readonly balance: string | null;
  readonly currency: string | null;
  /** The vendor's clock minus ours. */
  readonly clockSkewMs: number | null;
  /** End of the first certificate of `caFile` that expires. */
  readonly caExpiresAt: Date | null;
  /** Hash of the settings with which it was checked. */
  readonly credential: Buffer;
}

export interface ProviderCheck extends CheckedAccount, CheckFinding {
  readonly checkedAt: Date;
  /** By the database's clock. */
  readonly ageMs: number;
  /** Consecutive failed checks. */
  readonly failures: number;
}

/** How often a vendor gave an answer. */
export interface CodeCount extends ProviderAccount {
  /** Of the deliveries: a transport, `sandbox` or `sms`. */
  readonly kind: string | null;
  readonly outcome: string;
  readonly code: string | null;
  readonly attempts: number;
  readonly lastAt: Date;
}

/** Results of the checks of provider accounts, shared by all processes. */
@Injectable()
export class ProviderCheckRepository {
  constructor(@Inject(Sql) private readonly sql: Sql) {}

  all(): Promise<ProviderCheck[]> {
    return CHECKS.rows(this.sql, {});
  }

  /** @returns the number of consecutive failures, this one included. */
  async record(account: CheckedAccount, finding: CheckFinding): Promise<number> {
    const [row] = await RECORD_CHECK.rows(this.sql, { ...account, ...finding });
    return row?.failures ?? 0;
  }

  /** Deletes results older than `afterMs`. */
  async forget(afterMs: number): Promise<void> {
    await FORGET_CHECKS.run(this.sql, { afterMs });
  }

  /** Answers of the last attempts of all apps, the latest first. */
  lastCodes(attempts: number): Promise<CodeCount[]> {
    return LAST_CODES.rows(this.sql, { attempts });
  }
}
