import { isObject, jsonObject } from '../vendor-request.js';
import {
  BAD_CREDENTIALS,
  NO_CREDIT,
  refuse,
  retire,
  retry,
  STOP,
  UNKNOWN,
  verdictOfStatus,
  wait,
  type Verdict,
} from '../verdict.js';

/** Per-second rate. */
const RATE_WAIT_MS = 1_000;
/** Daily quota. */
const QUOTA_WAIT_MS = 900_000;

const NOT_THERE = refuse('country_not_allowed');

/**
 * Error types of `SendTextMessage` (AWS End User Messaging SMS), followed by a colon and the error's `Reason`.
 * https://docs.aws.amazon.com/pinpoint/latest/apireference_smsvoicev2/API_SendTextMessage.html; for the reasons see
 * https://docs.aws.amazon.com/pinpoint/latest/apireference_smsvoicev2/API_ValidationException.html and its siblings.
 */
export const AWS_CODES: Readonly<Record<string, Verdict>> = {
  // Number
  'ConflictException:DESTINATION_PHONE_NUMBER_OPTED_OUT': refuse('opted_out'), // may opt in again: the number stays
  'ConflictException:DESTINATION_PHONE_NUMBER_NOT_VERIFIED': refuse('message_refused'), // an account in the sandbox
  'ConflictException:DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE': refuse('message_refused'),
  'ConflictException:DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION': NOT_THERE,
  'ValidationException:DESTINATION_COUNTRY_BLOCKED': NOT_THERE,
  'ValidationException:COUNTRY_NOT_ENABLED': NOT_THERE,
  'ValidationException:INTERNATIONAL_SENDING_NOT_SUPPORTED': NOT_THERE, // domestic sender
  // Message
  'ValidationException:MAXIMUM_SIZE_EXCEEDED': refuse('message_too_large'),
  'ValidationException:PRICE_OVER_THRESHOLD': refuse('message_refused'), // above the account's maximum price per SMS
  'ValidationException:OTHER': refuse('message_refused'),
  ValidationException: refuse('message_refused'),
  RequestEntityTooLarge: refuse('message_too_large'),
  // Capacity
  ThrottlingException: wait(RATE_WAIT_MS),
  Throttling: wait(RATE_WAIT_MS),
  TooManyRequestsException: wait(RATE_WAIT_MS),
  RequestLimitExceeded: wait(RATE_WAIT_MS),
  'ServiceQuotaExceededException:DAILY_NOTIFY_TIER_MESSAGE_LIMIT': wait(QUOTA_WAIT_MS),
  ServiceQuotaExceededException: wait(QUOTA_WAIT_MS),
  // Spending limits
  'ServiceQuotaExceededException:MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT': NO_CREDIT,
  'ServiceQuotaExceededException:MONTHLY_SPEND_LIMIT_REACHED_FOR_MEDIA': NO_CREDIT,
  'ServiceQuotaExceededException:MONTHLY_SPEND_LIMIT_REACHED_FOR_NOTIFY': NO_CREDIT,
  'ServiceQuotaExceededException:MONTHLY_SPEND_LIMIT_REACHED_FOR_RCS': NO_CREDIT, // pool with an RCS agent
  // Account and settings
  AccessDeniedException: BAD_CREDENTIALS,
  'AccessDeniedException:ACCOUNT_DISABLED': STOP,
  'AccessDeniedException:INSUFFICIENT_ACCOUNT_REPUTATION': STOP,
  ResourceNotFoundException: STOP, // no such sender, pool or configuration set
  ConflictException: STOP,
  'ConflictException:NO_ORIGINATION_IDENTITIES_FOUND': STOP,
  'ConflictException:NUMBER_CAPABILITIES_MISMATCH': STOP, // the sender does not support SMS
  'ConflictException:MESSAGE_TYPE_MISMATCH': STOP, // promotional sender
  'ConflictException:RESOURCE_NOT_ACTIVE': STOP, // the sender is not yet active
  'ConflictException:PHONE_NUMBER_NOT_IN_REGISTRATION_REGION': STOP,
  'ConflictException:REGISTRATION_NOT_COMPLETE': STOP,
  'ValidationException:INVALID_IDENTITY_FOR_DESTINATION_COUNTRY': STOP, // another vendor may have a sender for it
  'ValidationException:COUNTRY_CODE_MISMATCH': STOP,
  'ValidationException:SENDER_ID_NOT_REGISTERED': STOP,
  'ValidationException:SENDER_ID_NOT_SUPPORTED': STOP,
  'ValidationException:SENDER_ID_REQUIRES_REGISTRATION': STOP,
  'ValidationException:CHANNEL_NOT_ENABLED': STOP,
  'ValidationException:INVALID_ARN': STOP,
  'ValidationException:INVALID_REQUEST': STOP,
  'ValidationException:MISSING_PARAMETER': STOP,
  'ValidationException:PARAMETERS_CANNOT_BE_USED_TOGETHER': STOP,
  'ValidationException:RESOURCE_NOT_ACCESSIBLE': STOP,
  'ValidationException:UNKNOWN_OPERATION': STOP,
  'ValidationException:UNSPECIFIED_PARAMETER_NOT_SUPPORTED': STOP,
  // Common errors of all AWS services: https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
  ExpiredTokenException: BAD_CREDENTIALS,
  IncompleteSignature: BAD_CREDENTIALS,
  InvalidClientTokenId: BAD_CREDENTIALS,
  InvalidSignatureException: BAD_CREDENTIALS, // wrong secret or wrong clock
  MissingAuthenticationToken: BAD_CREDENTIALS,
  MissingAuthenticationTokenException: BAD_CREDENTIALS,
  NotAuthorized: BAD_CREDENTIALS,
  OptInRequired: BAD_CREDENTIALS,
  RequestExpired: BAD_CREDENTIALS,
  SerializationException: STOP,
  SignatureDoesNotMatch: BAD_CREDENTIALS,
  UnknownOperationException: STOP,
  UnrecognizedClientException: BAD_CREDENTIALS,
  // AWS
  InternalFailure: retry(),
  InternalServerException: retry(),
  ServiceUnavailable: retry(),
  ServiceUnavailableException: retry(),
};

/** Fields of a `ValidationException` whose reason is not listed above. */
export const AWS_FIELDS: Readonly<Record<string, Verdict>> = {
  DestinationPhoneNumber: retire('number_unreachable'), // invalid number
  MessageBody: refuse('message_refused'),
  OriginationIdentity: STOP,
  ConfigurationSetName: STOP,
  TimeToLive: STOP,
  Context: STOP,
};

/** Responses without a known type. */
const AWS_STATUSES: Readonly<Record<number, Verdict>> = {
  400: refuse('message_refused'),
  408: UNKNOWN,
  413: refuse('message_too_large'),
  429: wait(RATE_WAIT_MS),
  504: UNKNOWN,
};

/** Types for invalid or expired keys, as opposed to missing permissions. */
const REFUSED_KEYS = new Set([
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'UnrecognizedClientException',
]);

export interface AwsError {
  /** Code in the table, or the HTTP status. */
  readonly code: string;
  readonly verdict: Verdict;
  readonly refusesKeys: boolean;
}

/** @param typeHeader `x-amzn-errortype`, which some front ends return instead of `__type`. */
export function readAwsError(status: number, body: string, typeHeader: string | undefined): AwsError {
  const answer = jsonObject(body);
  const type = typeOf(answer?.['__type']) ?? typeOf(typeHeader);
  if (type === undefined) return { code: String(status), verdict: byStatus(status), refusesKeys: false };
  const reason = word(answer?.['Reason']);
  const refusesKeys = REFUSED_KEYS.has(type);
  const withReason = reason === undefined ? type : `${type}:${reason}`;
  const known = row(AWS_CODES, withReason);
  const isVague = known === undefined || withReason === 'ValidationException:OTHER' || reason === undefined;
  if (type === 'ValidationException' && isVague) {
    const field = fieldsOf(answer).find((name) => row(AWS_FIELDS, name));
    const verdict = field === undefined ? undefined : row(AWS_FIELDS, field);
    if (verdict) return { code: `${type}:${field}`, verdict, refusesKeys };
  }
  const verdict = known ?? row(AWS_CODES, type) ?? byStatus(status);
  return { code: withReason, verdict, refusesKeys };
}

function byStatus(status: number): Verdict {
  return AWS_STATUSES[status] ?? verdictOfStatus(status);
}

function row(table: Readonly<Record<string, Verdict>>, key: string): Verdict | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** Types may have a namespace before `#` or a URL after a colon. */
function typeOf(value: unknown): string | undefined {
  return typeof value === 'string' ? word(value.split(':')[0]?.split('#').at(-1)) : undefined;
}

/** Only plain identifiers are stored in the ledger. */
function word(value: unknown): string | undefined {
  return typeof value === 'string' && /^[A-Za-z][A-Za-z0-9_]{0,79}$/.test(value) ? value : undefined;
}

function fieldsOf(answer: Readonly<Record<string, unknown>> | undefined): string[] {
  const fields = answer?.['Fields'];
  if (!Array.isArray(fields)) return [];
  return fields.flatMap((field) => (isObject(field) ? (word(field['Name']) ?? []) : []));
}
