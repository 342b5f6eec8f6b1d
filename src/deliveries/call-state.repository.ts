import { Inject, Injectable } from '@nestjs/common';
import { Sql } from '../platform/database/database.module.js';
import type { UserCall } from './records.js';
import { endCall, hasRung, isCallOver } from './sql/call.sql.js';

/** The calls of users: which of them have ended, and which were to ring. */
@Injectable()
export class CallStateRepository {
  constructor(@Inject(Sql) private readonly sql: Sql) {}

  /**
   * Stops a call from ringing for a user. From then on no process can claim a ring of it, whether planned before or
   * after.
   */
  end(call: UserCall, action: string): Promise<void> {
    return endCall(this.sql, call, action);
  }

  isOver(call: UserCall): Promise<boolean> {
    return isCallOver(this.sql, call);
  }

  /** Whether the call was to ring for the user, even if no vendor accepted the ring. */
  hasRung(call: UserCall): Promise<boolean> {
    return hasRung(this.sql, call);
  }
}
