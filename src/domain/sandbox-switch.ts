import type { Channel } from './notification.js';

/** How a sandbox provider answers; other than `up` only while an operator rehearses a fault of a vendor. */
export const SANDBOX_STATES = ['up', 'down', 'slow', 'over_quota', 'refusing'] as const;
export type SandboxState = (typeof SANDBOX_STATES)[number];

/** A sandbox provider of an app. */
export interface SandboxAccount {
  readonly appId: string;
  readonly channel: Channel;
  /** The provider's id. */
  readonly provider: string;
}

/** The switches of all sandbox providers. */
export abstract class SandboxSwitch {
  abstract stateOf(account: SandboxAccount): Promise<SandboxState>;
}

/** For providers that send nothing at all. */
export const ALWAYS_UP: SandboxSwitch = { stateOf: async () => 'up' };
