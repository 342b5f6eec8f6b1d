import type { Dedupe } from '../../../queue/job-queue.js';

/** Reply to an inbound SMS, sent through the account that received it. */
export interface Reply {
  readonly source: 'reply';
  readonly appId: string;
  readonly channel: 'sms';
  readonly kind: 'sms';
  readonly uid: string;
  readonly content: string;
  readonly reply: { readonly provider: string };
  readonly dedupe: Dedupe | undefined;
}

/** Accepts replies as notifications. `app.module.ts` binds it to the intake of `notifications`. */
export abstract class ReplyIntake {
  /** @throws GatewayError `CALLBACK.NOT_STORED` if the reply could not be stored. */
  abstract accept(reply: Reply): Promise<unknown>;
}
