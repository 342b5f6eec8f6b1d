import { statement } from '../../../platform/database/statement.js';

// The same request may repeat until it is stored, because the vendor was told to retry.
export const CLAIM = statement<'appId' | 'provider' | 'nonce' | 'request'>(`
INSERT INTO callback_nonce AS n (app_id, provider, nonce, request) VALUES (:appId, :provider, :nonce, :request)
ON CONFLICT (app_id, provider, nonce) DO UPDATE SET request = n.request
WHERE NOT n.taken AND n.request = excluded.request`);
