import { SendAborted, type SendResult } from '../../domain/outcome.js';
import type { SandboxMailbox } from '../../domain/sandbox-mailbox.js';
import { ALWAYS_UP, type SandboxSwitch } from '../../domain/sandbox-switch.js';
import type { SandboxSmsSettings } from './sandbox-settings.js';
import type { CallbackReader } from '../callback.js';
import type { Checked, SendContext, SmsMessage, SmsProvider } from '../provider.js';
import type { SmsProviderFactory } from '../provider-factory.js';
import { sandboxCallbacks } from './sandbox-callbacks.js';
import { concludeAs, findingOf, outcomeOfNumber, outcomeOfState } from './sandbox-outcome.js';

/** Sends nothing: stores the SMS in the mailbox and returns the outcome that the switch or its number selects. */
export class SandboxSmsProvider implements SmsProvider {
  /** Unset without `callbackSecret`: callbacks could not be authenticated. */
  readonly callbacks?: CallbackReader;
  readonly passesStatusUrl = false;

  constructor(
    private readonly settings: SandboxSmsSettings,
    private readonly mailbox: SandboxMailbox,
    private readonly sandboxSwitch: SandboxSwitch,
  ) {
    if (settings.callbackSecret !== undefined) this.callbacks = sandboxCallbacks;
  }

  async send({ address: { phno }, ...message }: SmsMessage, context: SendContext): Promise<SendResult> {
    if (context.signal.aborted) throw new SendAborted();
    const { deliveryId, appId, uid, kind } = context;
    const { id, from } = this.settings;
    const state = await this.sandboxSwitch.stateOf({ appId, channel: 'sms', provider: id });
    const outcome = (await outcomeOfState(state, context.signal)) ?? outcomeOfNumber(phno);
    await this.mailbox.put({
      appId,
      uid,
      channel: 'sms',
      kind,
      provider: id,
      to: phno,
      outcome: outcome.word,
      message: { to: phno, ...(from === undefined ? {} : { from }), ...message },
    });
    return concludeAs(outcome, deliveryId);
  }

  async check(_signal: AbortSignal, appId?: string): Promise<Checked> {
    const { id } = this.settings;
    const state = appId && (await this.sandboxSwitch.stateOf({ appId, channel: 'sms', provider: id }));
    return findingOf(state || 'up', 'The sandbox needs no account; SMS are stored, not sent.');
  }

  async close(): Promise<void> {}
}

export function sandboxSms(
  mailbox: SandboxMailbox,
  sandboxSwitch: SandboxSwitch = ALWAYS_UP,
): SmsProviderFactory<SandboxSmsSettings> {
  return {
    channel: 'sms',
    type: 'sandbox',
    create: (settings) => new SandboxSmsProvider(settings, mailbox, sandboxSwitch),
  };
}
