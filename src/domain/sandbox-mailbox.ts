import type { Channel, NotificationKind } from './notification.js';

/** One message that a sandbox provider was given. */
export interface SandboxMessage {
  readonly appId: string;
  readonly uid: string;
  readonly channel: Channel;
  readonly kind: NotificationKind;
  readonly provider: string;
  /** The token or number, whole: nothing here is ever sent anywhere. */
  readonly to: string;
  readonly outcome: string;
  /** The message as it would have been sent. */
  readonly message: unknown;
}

/** Where sandbox providers put what they were given, for people and tests to look at. */
export abstract class SandboxMailbox {
  abstract put(message: SandboxMessage): Promise<void>;
}
