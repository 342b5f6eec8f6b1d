import { TRANSPORTS } from '../../domain/notification.js';
import { SendAborted, type SendResult } from '../../domain/outcome.js';
import type { SandboxMailbox } from '../../domain/sandbox-mailbox.js';
import { ALWAYS_UP, type SandboxSwitch } from '../../domain/sandbox-switch.js';
import type { SandboxPushSettings } from './sandbox-settings.js';
import type { Checked, PushMessage, PushProvider, SendContext } from '../provider.js';
import type { PushProviderFactory } from '../provider-factory.js';
import { concludeAs, findingOf, outcomeOfState, outcomeOfToken } from './sandbox-outcome.js';

/** Sends nothing: stores the push in the mailbox and returns the outcome that the switch or its token selects. */
export class SandboxPushProvider implements PushProvider {
  constructor(
    private readonly id: string,
    private readonly mailbox: SandboxMailbox,
    private readonly sandboxSwitch: SandboxSwitch,
  ) {}

  async send({ address, payload, headers }: PushMessage, context: SendContext): Promise<SendResult> {
    if (context.signal.aborted) throw new SendAborted();
    const { deliveryId, appId, uid, kind } = context;
    const state = await this.sandboxSwitch.stateOf({ appId, channel: 'push', provider: this.id });
    const outcome = (await outcomeOfState(state, context.signal)) ?? outcomeOfToken(address.token);
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

  async check(_signal: AbortSignal, appId?: string): Promise<Checked> {
    const state = appId && (await this.sandboxSwitch.stateOf({ appId, channel: 'push', provider: this.id }));
    return findingOf(state || 'up', 'The sandbox needs no account; pushes are stored, not sent.');
  }

  async close(): Promise<void> {}
}

/** Serves all transports. */
export function sandboxPush(
  mailbox: SandboxMailbox,
  sandboxSwitch: SandboxSwitch = ALWAYS_UP,
): PushProviderFactory<SandboxPushSettings> {
  return {
    channel: 'push',
    type: 'sandbox',
    transports: TRANSPORTS,
    create: (settings) => new SandboxPushProvider(settings.id, mailbox, sandboxSwitch),
  };
}
