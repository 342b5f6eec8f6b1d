import { setTimeout as sleep } from 'node:timers/promises';
import {
  ProviderOverQuota,
  ProviderUnavailable,
  SendAborted,
  type SendResult,
} from '../../domain/outcome.js';
import type { SandboxState } from '../../domain/sandbox-switch.js';
import type { Reason } from '../../domain/reason.js';
import { failed, ok, type CheckVerdict } from '../check-account.js';

/** The outcome shown in the sandbox mailbox. */
export type SandboxWord = 'accepted' | 'refused' | 'unavailable' | 'over_quota';

/** The outcome that an address or a switch selects. */
export type SandboxOutcome = {
  /** Set if the switch selects it: the fault is the account's. */
  readonly switchedTo?: SandboxState;
} & (
  | { readonly word: 'accepted' | 'unavailable' | 'over_quota' }
  | { readonly word: 'refused'; readonly reason: Reason; readonly addressIsDead: boolean }
);

const OVER_QUOTA_RETRY_AFTER_MS = 2_000;

const BY_NUMBER: Readonly<Record<string, SandboxOutcome>> = {
  '0500': { word: 'unavailable' },
  '0429': { word: 'over_quota' },
  '0400': { word: 'refused', reason: 'message_refused', addressIsDead: false },
  '0404': { word: 'refused', reason: 'number_unreachable', addressIsDead: true },
};

const BY_TOKEN: Readonly<Record<string, SandboxOutcome>> = {
  unavailable: { word: 'unavailable' },
  quota: { word: 'over_quota' },
  // Stays registered, like a number ending in 0400; `unregistered-` is retired.
  invalid: { word: 'refused', reason: 'token_invalid', addressIsDead: false },
  unregistered: { word: 'refused', reason: 'token_unregistered', addressIsDead: true },
};

const ACCEPTED: SandboxOutcome = { word: 'accepted' };

/** Less than the timeout of any request to a vendor. */
const SLOW_MS = 3_000;

/**
 * The outcome that a switch selects for every message; undefined if it leaves that to the address. `slow` takes its time.
 *
 * @throws SendAborted
 */
export async function outcomeOfState(
  state: SandboxState,
  signal: AbortSignal,
): Promise<SandboxOutcome | undefined> {
  if (signal.aborted) throw new SendAborted();
  switch (state) {
    case 'up':
      return undefined;
    case 'slow':
      await sleep(SLOW_MS, undefined, { signal }).catch(() => {
        throw new SendAborted();
      });
      return undefined;
    case 'down':
      return { word: 'unavailable', switchedTo: state };
    case 'over_quota':
      return { word: 'over_quota', switchedTo: state };
    case 'refusing':
      return { word: 'refused', reason: 'message_refused', addressIsDead: false, switchedTo: state };
  }
}

/** The finding of a check; the other faults that a switch simulates leave the account valid. */
export const findingOf = (state: SandboxState, text: string): CheckVerdict =>
  state === 'down'
    ? failed('switched_down', 'The sandbox is switched to down: it does not answer.')
    : ok(text);

/** The last four digits of a number select its outcome. */
export function outcomeOfNumber(phno: string): SandboxOutcome {
  return own(BY_NUMBER, phno.slice(-4)) ?? ACCEPTED;
}

/** A token's prefix before the first hyphen selects its outcome. */
export function outcomeOfToken(token: string): SandboxOutcome {
  const hyphen = token.indexOf('-');
  return (hyphen > 0 ? own(BY_TOKEN, token.slice(0, hyphen)) : undefined) ?? ACCEPTED;
}

/**
 * Returns or throws the selected outcome.
 *
 * @throws ProviderUnavailable, ProviderOverQuota
 */
export function concludeAs(outcome: SandboxOutcome, deliveryId: string): SendResult {
  const { switchedTo } = outcome;
  const addressOnly = switchedTo === undefined;
  const codeFor = (word: string): string => (switchedTo === undefined ? word : `switched_${switchedTo}`);
  switch (outcome.word) {
    case 'accepted':
      return { outcome: 'accepted', vendorMessageId: `sandbox-${deliveryId}` };
    case 'refused': {
      const { reason, addressIsDead } = outcome;
      return { outcome: 'refused', reason, vendorCode: codeFor(reason), addressIsDead };
    }
    case 'unavailable':
      throw new ProviderUnavailable({ vendorCode: codeFor('unavailable'), addressOnly });
    case 'over_quota':
      throw new ProviderOverQuota({
        vendorCode: codeFor('over_quota'),
        retryAfterMs: OVER_QUOTA_RETRY_AFTER_MS,
        addressOnly,
      });
  }
}

function own(table: Readonly<Record<string, SandboxOutcome>>, key: string): SandboxOutcome | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
