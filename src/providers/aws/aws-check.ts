import { ProviderError, type SendResult } from '../../domain/outcome.js';
import { failed, ok, unknown, type CheckVerdict } from '../check-account.js';
import type { SmsMessage } from '../provider.js';

/**
 * The SMS of a check, to AWS's simulator in the United States; sent as a dry run, which AWS validates and neither sends
 * nor charges.
 * https://docs.aws.amazon.com/sms-voice/latest/userguide/test-phone-numbers.html
 */
export const AWS_CHECK_SMS: SmsMessage = {
  address: { phno: '+14254147755' },
  text: 'Test',
  encoding: 'gsm7',
  segments: 1,
  reference: 'check',
  validForSeconds: 60,
};

/** Refusals that concern only the simulator's country: AWS has accepted the keys, and may send to other countries. */
const COUNTRY_CODES: ReadonlySet<string> = new Set([
  'ConflictException:DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION',
  'ValidationException:DESTINATION_COUNTRY_BLOCKED',
  'ValidationException:COUNTRY_NOT_ENABLED',
  'ValidationException:INTERNATIONAL_SENDING_NOT_SUPPORTED',
  'ValidationException:INVALID_IDENTITY_FOR_DESTINATION_COUNTRY',
  'ValidationException:COUNTRY_CODE_MISMATCH',
  'ValidationException:SENDER_ID_NOT_REGISTERED',
  'ValidationException:SENDER_ID_NOT_SUPPORTED',
  'ValidationException:SENDER_ID_REQUIRES_REGISTRATION',
]);
/** The account has no sender for the United States, and perhaps none at all. */
const NO_SENDER = 'ConflictException:NO_ORIGINATION_IDENTITIES_FOUND';
const SANDBOX = 'ConflictException:DESTINATION_PHONE_NUMBER_NOT_VERIFIED';

/**
 * Interprets the answer to the dry run of `AWS_CHECK_SMS`.
 *
 * @param conclude returns AWS's decision.
 * @throws ProviderUnavailable, ProviderOverQuota, ProviderMisconfigured: those that `conclude` throws.
 */
export function readDryRun(conclude: () => SendResult): CheckVerdict {
  try {
    const result = conclude();
    return result.outcome === 'accepted'
      ? ok('AWS accepts the account and its sender.')
      : (findingOf(result.vendorCode) ??
          unknown(result.vendorCode, `AWS refused the SMS of the check (${result.vendorCode}).`));
  } catch (error) {
    const finding = error instanceof ProviderError ? findingOf(error.vendorCode) : undefined;
    if (finding) return finding;
    throw error;
  }
}

function findingOf(code: string): CheckVerdict | undefined {
  if (COUNTRY_CODES.has(code))
    return ok(`AWS accepts the account, but would not send to the United States (${code}).`);
  if (code === NO_SENDER)
    return unknown(code, 'AWS accepts the keys; the account has no sender for the United States.');
  if (code === SANDBOX)
    return failed(code, 'The account is in the sandbox: AWS sends to verified numbers only.');
  return undefined;
}
