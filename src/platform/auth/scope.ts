/** Permissions of an API key. */
export const SCOPES = ['send', 'devices', 'read', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];
