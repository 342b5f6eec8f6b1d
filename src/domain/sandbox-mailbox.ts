import type { Channel, NotificationKind } from './notification.js';

/** A message given to a sandbox provider. */
export interface SandboxMessage {
  readonly appId: string;
  readonly uid: string;
  readonly channel: Channel;
  readonly kind: NotificationKind;
  readonly provider: string;
  /** The complete token or number; sandbox providers send nothing. */
  readonly to: string;
  readonly outcome: string;
  /** The message as it would have been sent. */
  readonly message: unknown;
}

/** Stores the messages of sandbox providers for inspection. */
export abstract class SandboxMailbox {
  abstract put(message: SandboxMessage): Promise<void>;
}
