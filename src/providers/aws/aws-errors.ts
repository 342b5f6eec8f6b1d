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

/** A rate by the second. */
const RATE_WAIT_MS = 1_000;
/** A quota by the day. */
const QUOTA_WAIT_MS = 900_000;

const NOT_THERE = refuse('country_not_allowed');

/**
 * What AWS End User Messaging SMS answers to `SendTextMessage`: the type of the error, and after a colon its `Reason`.
 * https://docs.aws.amazon.com/pinpoint/latest/apireference_smsvoicev2/API_SendTextMessage.html, the reasons at
 * https://docs.aws.amazon.com/pinpoint/latest/apireference_smsvoicev2/API_ValidationException.html and beside it.
 */
export const AWS_CODES: Readonly<Record<string, Verdict>> = {
  // The number
  'ConflictException:DESTINATION_PHONE_NUMBER_OPTED_OUT': refuse('opted_out'), // may come back: the number stays
  'ConflictException:DESTINATION_PHONE_NUMBER_NOT_VERIFIED': refuse('message_refused'), // an account in the sandbox
  'ConflictException:DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE': refuse('message_refused'),
  'ConflictException:DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION': NOT_THERE,
  'ValidationException:DESTINATION_COUNTRY_BLOCKED': NOT_THERE,
  'ValidationException:COUNTRY_NOT_ENABLED': NOT_THERE,
  'ValidationException:INTERNATIONAL_SENDING_NOT_SUPPORTED': NOT_THERE, // the sender texts its own country only
  // The message
  'ValidationException:MAXIMUM_SIZE_EXCEEDED': refuse('message_too_large'),
  'ValidationException:PRICE_OVER_THRESHOLD': refuse('message_refused'), // dearer than the account lets one text be
  'ValidationException:OTHER': refuse('message_refused'),
  ValidationException: refuse('message_refused'),
  RequestEntityTooLarge: refuse('message_too_large'),
  // Our capacity
  ThrottlingException: wait(RATE_WAIT_MS),
  Throttling: wait(RATE_WAIT_MS),
  TooManyRequestsException: wait(RATE_WAIT_MS),
  RequestLimitExceeded: wait(RATE_WAIT_MS),
  'ServiceQuotaExceededException:DAILY_NOTIFY_TIER_MESSAGE_LIMIT': wait(QUOTA_WAIT_MS),
  ServiceQuotaExceededException: wait(QUOTA_WAIT_MS),
  // The account's spending
  'ServiceQuotaExceededException:MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT': NO_CREDIT,
  'ServiceQuotaExceededException:MONTHLY_SPEND_LIMIT_REACHED_FOR_MEDIA': NO_CREDIT,
  'ServiceQuotaExceededException:MONTHLY_SPEND_LIMIT_REACHED_FOR_NOTIFY': NO_CREDIT,
  'ServiceQuotaExceededException:MONTHLY_SPEND_LIMIT_REACHED_FOR_RCS': NO_CREDIT, // of a pool with an RCS agent
  // Our account and settings
  AccessDeniedException: BAD_CREDENTIALS,
  'AccessDeniedException:ACCOUNT_DISABLED': STOP,
  'AccessDeniedException:INSUFFICIENT_ACCOUNT_REPUTATION': STOP,
  ResourceNotFoundException: STOP, // no such sender, pool or configuration set
  ConflictException: STOP,
  'ConflictException:NO_ORIGINATION_IDENTITIES_FOUND': STOP,
  'ConflictException:NUMBER_CAPABILITIES_MISMATCH': STOP, // the sender cannot text
  'ConflictException:MESSAGE_TYPE_MISMATCH': STOP, // the sender is for promotional texts
  'ConflictException:RESOURCE_NOT_ACTIVE': STOP, // the sender is still being set up
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
  // What every service of AWS may answer: https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
  ExpiredTokenException: BAD_CREDENTIALS,
  IncompleteSignature: BAD_CREDENTIALS,
  InvalidClientTokenId: BAD_CREDENTIALS,
  InvalidSignatureException: BAD_CREDENTIALS, // a wrong secret, or a clock that is wrong
  MissingAuthenticationToken: BAD_CREDENTIALS,
  MissingAuthenticationTokenException: BAD_CREDENTIALS,
  NotAuthorized: BAD_CREDENTIALS,
  OptInRequired: BAD_CREDENTIALS,
  RequestExpired: BAD_CREDENTIALS,
  SerializationException: STOP,
  SignatureDoesNotMatch: BAD_CREDENTIALS,
  UnknownOperationException: STOP,
  UnrecognizedClientException: BAD_CREDENTIALS,
  // AWS itself
  InternalFailure: retry(),
  InternalServerException: retry(),
  ServiceUnavailable: retry(),
  ServiceUnavailableException: retry(),
};

/** Fields that a ValidationException objects to, where its reason is no row above. */
export const AWS_FIELDS: Readonly<Record<string, Verdict>> = {
  DestinationPhoneNumber: retire('number_unreachable'), // not a number
  MessageBody: refuse('message_refused'),
  OriginationIdentity: STOP,
  ConfigurationSetName: STOP,
  TimeToLive: STOP,
  Context: STOP,
};

/** Answers without a type that is known. */
const AWS_STATUSES: Readonly<Record<number, Verdict>> = {
  400: refuse('message_refused'),
  408: UNKNOWN,
  413: refuse('message_too_large'),
  429: wait(RATE_WAIT_MS),
  504: UNKNOWN,
};

/** Types that say of the keys, rather than of what they may do, that they are not good (any more). */
const REFUSED_KEYS = new Set([
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'UnrecognizedClientException',
]);

export interface AwsError {
  /** As in the table, or the HTTP status. */
  readonly code: string;
  readonly verdict: Verdict;
  readonly refusesKeys: boolean;
}

/** @param typeHeader `x-amzn-errortype`, which some front ends answer with in place of `__type`. */
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

/** Types come with a namespace before a `#`, or an address after a colon. */
function typeOf(value: unknown): string | undefined {
  return typeof value === 'string' ? word(value.split(':')[0]?.split('#').at(-1)) : undefined;
}

/** Whatever else stands there has no place in the ledger. */
function word(value: unknown): string | undefined {
  return typeof value === 'string' && /^[A-Za-z][A-Za-z0-9_]{0,79}$/.test(value) ? value : undefined;
}

function fieldsOf(answer: Readonly<Record<string, unknown>> | undefined): string[] {
  const fields = answer?.['Fields'];
  if (!Array.isArray(fields)) return [];
  return fields.flatMap((field) => (isObject(field) ? (word(field['Name']) ?? []) : []));
}
