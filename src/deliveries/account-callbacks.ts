/** The callback addresses of an SMS account whose vendor calls back. */
export interface AccountCallbacks {
  readonly appId: string;
  readonly provider: string;
  /** Without the secret; null without `PUBLIC_URL`. */
  readonly statusUrl: string | null;
  /** Null also if the vendor forwards no SMS. */
  readonly inboundUrl: string | null;
  /** `secret`: the address needs `?secret=…`. `none`: every callback is refused. */
  readonly verifiedBy: 'signature' | 'secret' | 'none';
  /** When a callback was last accepted, to ten seconds; null: never. */
  readonly lastAt: Date | null;
}

/** Tells what vendors call. Implemented by `channels`, which receives the callbacks. */
export abstract class CallbackDirectory {
  abstract all(): Promise<readonly AccountCallbacks[]>;
}
