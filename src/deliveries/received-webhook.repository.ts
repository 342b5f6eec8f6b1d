import { Inject, Injectable } from '@nestjs/common';
import { Sql } from '../platform/database/database.module.js';
import {
  findReceivedWebhooks,
  type ReceivedWebhooks,
  type WebhookQuestion,
} from './sql/received-webhooks.sql.js';

/** The webhooks of CometChat that the ledger contains. Those that are not planned yet are missing. */
@Injectable()
export class ReceivedWebhookRepository {
  constructor(@Inject(Sql) private readonly sql: Sql) {}

  /** Counts webhooks of a user or a message. Examines 5,000 rows of one user or 20,000 of all. */
  find(question: WebhookQuestion): Promise<ReceivedWebhooks> {
    return findReceivedWebhooks(this.sql, question);
  }
}
