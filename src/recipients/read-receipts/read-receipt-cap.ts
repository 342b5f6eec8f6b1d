import { LRUCache } from 'lru-cache';
import type pg from 'pg';
import type { User } from '../user.js';
import { DELETE_OLDEST } from './seen-message.sql.js';

const REMEMBERED_MS = 3_600_000;
const MAX_REMEMBERED = 10_000;
/** Share of the cap in new rows after which a user's rows are trimmed. */
const SLACK = 0.1;

/** Keeps the read receipts of a user within `clients.limits.receiptsPerUser`, give or take a tenth. */
export class ReadReceiptCap {
  private readonly newRows = new LRUCache<string, number>({ ttl: REMEMBERED_MS, max: MAX_REMEMBERED });

  constructor(private readonly sql: pg.Pool) {}

  /** Call after storing `added` read receipts of a user. */
  async keepWithin({ app, uid }: User, added: number): Promise<void> {
    const { receiptsPerUser } = app.clients.limits;
    const key = JSON.stringify([app.appId, uid]);
    const rows = (this.newRows.get(key) ?? receiptsPerUser) + added;
    const isDue = rows >= receiptsPerUser * SLACK;
    this.newRows.set(key, isDue ? 0 : rows);
    if (isDue) await DELETE_OLDEST.run(this.sql, { appId: app.appId, uid, kept: receiptsPerUser });
  }
}
