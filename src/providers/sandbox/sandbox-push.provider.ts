import { TRANSPORTS } from '../../domain/notification.js';
import { SendAborted, type SendResult } from '../../domain/outcome.js';
import type { SandboxMailbox } from '../../domain/sandbox-mailbox.js';
import type { SandboxPushSettings } from './sandbox-settings.js';
import { ok } from '../check-account.js';
import type { Checked, PushMessage, PushProvider, SendContext } from '../provider.js';
import type { PushProviderFactory } from '../provider-factory.js';
import { concludeAs, outcomeOfToken } from './sandbox-outcome.js';

/** Sends nothing: stores the push in the mailbox and returns the outcome that its token selects. */
export class SandboxPushProvider implements PushProvider {
  constructor(
    private readonly id: string,
    private readonly mailbox: SandboxMailbox,
  ) {}

  async send({ address, payload, headers }: PushMessage, context: SendContext): Promise<SendResult> {
    if (context.signal.aborted) throw new SendAborted();
    const { deliveryId, appId, uid, kind } = context;
    const outcome = outcomeOfToken(address.token);
    await this.mailbox.put({
      appId,
      uid,
      channel: 'push',
      kind,
      provider: this.id,
      to: address.token,
      outcome: outcome.word,
      message: Object.keys(headers).length > 0 ? { ...payload, headers } : payload,
    });
    return concludeAs(outcome, deliveryId);
  }

  async check(): Promise<Checked> {
    return ok('The sandbox needs no account; pushes are stored, not sent.');
  }

  async close(): Promise<void> {}
}

/** Serves all transports. */
export function sandboxPush(mailbox: SandboxMailbox): PushProviderFactory<SandboxPushSettings> {
  return {
    channel: 'push',
    type: 'sandbox',
    transports: TRANSPORTS,
    create: (settings) => new SandboxPushProvider(settings.id, mailbox),
  };
}
