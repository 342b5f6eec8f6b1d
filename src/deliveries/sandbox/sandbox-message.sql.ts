import type { SandboxMessage } from '../../domain/sandbox-mailbox.js';
import { prepared, statement } from '../../platform/database/statement.js';

export const INSERT = prepared<keyof SandboxMessage | 'id'>(
  'sandbox.put',
  `
INSERT INTO sandbox_message (id, app_id, uid, channel, kind, provider, "to", outcome, message)
SELECT * FROM unnest(:id::uuid[], :appId::text[], :uid::text[], :channel::text[], :kind::text[], :provider::text[],
                     :to::text[], :outcome::text[], :message::text[])`,
);

/** Keeps the newest messages. */
export const TRIM = statement<'kept'>(
  'DELETE FROM sandbox_message WHERE seq <= (SELECT max(seq) - :kept FROM sandbox_message)',
);
