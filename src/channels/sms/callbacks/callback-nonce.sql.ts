import { statement } from '../../../platform/database/statement.js';

// The same request again is let through for as long as it has not been stored: the vendor was told to come again.
export const CLAIM = statement<'appId' | 'provider' | 'nonce' | 'request'>(`
INSERT INTO callback_nonce AS n (app_id, provider, nonce, request) VALUES (:appId, :provider, :nonce, :request)
ON CONFLICT (app_id, provider, nonce) DO UPDATE SET request = n.request
WHERE NOT n.taken AND n.request = excluded.request`);
