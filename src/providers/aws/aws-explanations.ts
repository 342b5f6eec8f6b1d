import type { Explanation, Explanations } from '../explanation.js';

const REFERENCE = 'https://docs.aws.amazon.com/pinpoint/latest/apireference_smsvoicev2';
const ACCESS = `${REFERENCE}/API_AccessDeniedException.html`;
const CONFLICT = `${REFERENCE}/API_ConflictException.html`;
const QUOTA = `${REFERENCE}/API_ServiceQuotaExceededException.html`;
const SEND = `${REFERENCE}/API_SendTextMessage.html`;
const VALIDATION = `${REFERENCE}/API_ValidationException.html`;
const COMMON = 'https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html';
const CREDENTIALS = 'https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html';
const EVENTS = 'https://docs.aws.amazon.com/sms-voice/latest/userguide/configuration-sets-event-types.html';

const TOO_FAST: Explanation = {
  cause: 'The account sends more SMS per second than AWS allows for it or for the sender.',
  fix: 'Nothing to do for this SMS: the gateway retries it. Set `throughputPerSecond` to the rate in the AWS console, or request a higher quota.',
  link: COMMON,
};

const AWS_FAULT: Explanation = {
  cause: 'A fault at AWS; the SMS was not processed.',
  fix: 'Nothing to do: the gateway retries. If it persists, check the AWS Health Dashboard for the `region`.',
  link: COMMON,
};

const WRONG_REQUEST: Explanation = {
  cause:
    'AWS does not understand the request. Usually `endpoint` names another service or a proxy that changes requests.',
  fix: "Remove `endpoint` or set it to the region's endpoint of AWS End User Messaging SMS. If it is correct, report a bug of the gateway.",
  link: VALIDATION,
};

const NO_SIGNATURE: Explanation = {
  cause:
    'The request reached AWS without its signature. Usually a proxy at `endpoint` removed the `authorization` header.',
  fix: 'Call AWS directly, or let the proxy pass all headers unchanged.',
  link: COMMON,
};

const WRONG_SIGNATURE: Explanation = {
  cause:
    'The signature is wrong. Usually `secretAccessKey` does not belong to `accessKeyId`, or the clock of the machine is wrong.',
  fix: 'Copy both keys again, synchronise the clock, and check that `endpoint` belongs to `region`.',
  link: COMMON,
};

const UNKNOWN_KEY: Explanation = {
  cause:
    'AWS does not know the access key: it was deleted or disabled, or belongs to another partition, such as China.',
  fix: 'Create an access key in IAM and set `accessKeyId` and `secretAccessKey`, or omit both for the role of the machine.',
  link: COMMON,
};

/**
 * Meanings of AWS's error types; the keys are those of `AWS_CODES`, and those of `AWS_FIELDS` after
 * `ValidationException:`.
 */
export const AWS_EXPLANATIONS: Explanations = {
  // Number
  'ConflictException:DESTINATION_PHONE_NUMBER_OPTED_OUT': {
    cause: 'The recipient has opted out: the number is on the opt-out list of the sender at AWS.',
    fix: 'Only the recipient can change this, by an opt-in keyword of the number. With their consent, remove the number from the opt-out list in the AWS console.',
    link: CONFLICT,
  },
  'ConflictException:DESTINATION_PHONE_NUMBER_NOT_VERIFIED': {
    cause: "The account is still in AWS's SMS sandbox, which sends to verified numbers only.",
    fix: 'Request production access in the console of AWS End User Messaging SMS; for tests, verify the number there.',
    link: CONFLICT,
  },
  'ConflictException:DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE': {
    cause: "A rule of the account's protect configuration blocks this number.",
    fix: 'Remove the rule override for the number from the protect configuration in the AWS console, if it should receive SMS.',
    link: CONFLICT,
  },
  'ConflictException:DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION': {
    cause: "The account's protect configuration blocks the country of this number.",
    fix: 'Allow the country in the protect configuration in the AWS console, or route the country to another provider.',
    link: CONFLICT,
  },
  'ValidationException:DESTINATION_COUNTRY_BLOCKED': {
    cause: 'The account may not send SMS to the country of this number.',
    fix: 'Check the country rules in the AWS console and ask AWS Support, or route the country to another provider.',
    link: VALIDATION,
  },
  'ValidationException:COUNTRY_NOT_ENABLED': {
    cause: 'The country of this number is not enabled for the account or the sender.',
    fix: 'Enable the country in the AWS console, or route it to another provider.',
    link: VALIDATION,
  },
  'ValidationException:INTERNATIONAL_SENDING_NOT_SUPPORTED': {
    cause: 'The sender can send within its own country only, and this number belongs to another.',
    fix: 'Set `originationIdentity` to a pool with a sender for the country, or route the country to another provider.',
    link: VALIDATION,
  },
  'ValidationException:DestinationPhoneNumber': {
    cause: 'The phone number is invalid, usually because of a missing digit or a wrong country code.',
    fix: 'Correct the number of the user. The gateway has retired it until another one is registered.',
    link: VALIDATION,
  },
  // Message
  'ValidationException:MAXIMUM_SIZE_EXCEEDED': {
    cause: 'The SMS is longer than AWS accepts.',
    fix: 'Shorten the text of the SMS, for example by the template of the app.',
    link: VALIDATION,
  },
  'ValidationException:PRICE_OVER_THRESHOLD': {
    cause: 'The SMS would cost more than the maximum price per SMS.',
    fix: 'Raise the maximum price at AWS, or route the country to a less expensive provider.',
    link: VALIDATION,
  },
  'ValidationException:OTHER': {
    cause: 'AWS refused the request without a specific reason; only this SMS is affected.',
    fix: 'Check the number and the text of the SMS. If many SMS fail, check the sender settings or ask AWS Support.',
    link: VALIDATION,
  },
  ValidationException: {
    cause: 'AWS considers a field of the request invalid and names none that Bellhop knows.',
    fix: 'Check the number and the text of the SMS. If many SMS fail, check the settings of the provider.',
    link: VALIDATION,
  },
  'ValidationException:MessageBody': {
    cause:
      'AWS refused the text of the SMS, for example because it is too long or has characters that AWS cannot send.',
    fix: 'Change the text and send the notification again.',
    link: VALIDATION,
  },
  RequestEntityTooLarge: {
    cause: 'The request is larger than AWS accepts, because the text of the SMS is too long.',
    fix: 'Shorten the text of the SMS, for example by the template of the app.',
    link: COMMON,
  },
  // Capacity
  ThrottlingException: TOO_FAST,
  Throttling: TOO_FAST,
  TooManyRequestsException: TOO_FAST,
  RequestLimitExceeded: TOO_FAST,
  'ServiceQuotaExceededException:DAILY_NOTIFY_TIER_MESSAGE_LIMIT': {
    cause: 'The account has reached the daily number of messages of its AWS Notify tier.',
    fix: 'Nothing to do for today: the gateway retries every 15 minutes while the SMS is valid. Request a higher tier in the AWS console.',
    link: QUOTA,
  },
  ServiceQuotaExceededException: {
    cause: 'The account has reached a quota of AWS End User Messaging SMS, for example per day.',
    fix: 'The gateway retries every 15 minutes. Find the quota in the Service Quotas console and request a higher one.',
    link: QUOTA,
  },
  // Spending limits
  'ServiceQuotaExceededException:MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT': {
    cause: "The account has reached its monthly spending limit for SMS. A new account's limit is very low.",
    fix: 'Raise the spending limit for SMS in the AWS console; above the quota, request it from AWS Support.',
    link: QUOTA,
  },
  'ServiceQuotaExceededException:MONTHLY_SPEND_LIMIT_REACHED_FOR_MEDIA': {
    cause: 'The account has reached its monthly spending limit for MMS.',
    fix: 'Raise the spending limit for MMS in the AWS console; above the quota, request it from AWS Support.',
    link: QUOTA,
  },
  'ServiceQuotaExceededException:MONTHLY_SPEND_LIMIT_REACHED_FOR_NOTIFY': {
    cause: 'The account has reached its monthly spending limit for AWS Notify.',
    fix: 'Raise the spending limit for Notify in the AWS console; above the quota, request it from AWS Support.',
    link: QUOTA,
  },
  'ServiceQuotaExceededException:MONTHLY_SPEND_LIMIT_REACHED_FOR_RCS': {
    cause: 'The pool has an RCS agent, and the account has reached its monthly spending limit for RCS.',
    fix: 'Raise the spending limit for RCS in the AWS console, or set `originationIdentity` to a sender without RCS.',
    link: QUOTA,
  },
  // Account and settings
  AccessDeniedException: {
    cause:
      'The key or role may not send SMS: its IAM policy lacks `sms-voice:SendTextMessage`, or denies it.',
    fix: 'Add `sms-voice:SendTextMessage` to the IAM policy of the key or role, for the sender and the configuration set.',
    link: ACCESS,
  },
  'AccessDeniedException:ACCOUNT_DISABLED': {
    cause: 'AWS has disabled SMS for the account.',
    fix: 'Ask AWS Support to enable the account again.',
    link: ACCESS,
  },
  'AccessDeniedException:INSUFFICIENT_ACCOUNT_REPUTATION': {
    cause:
      'AWS does not let the account send because of its reputation, as with new accounts or after complaints.',
    fix: 'Ask AWS Support what the account has to fulfil.',
    link: ACCESS,
  },
  ResourceNotFoundException: {
    cause: 'The sender, the pool or the configuration set does not exist in this region.',
    fix: 'Check `originationIdentity`, `from` and `configurationSet`, and that they were created in `region`.',
    link: `${REFERENCE}/API_ResourceNotFoundException.html`,
  },
  ConflictException: {
    cause:
      'The sender or the account is in a state in which it cannot send, for example while it is being changed.',
    fix: 'Check the state of the sender and of its registration in the AWS console.',
    link: CONFLICT,
  },
  'ConflictException:NO_ORIGINATION_IDENTITIES_FOUND': {
    cause: 'The account or the pool has no sender that can reach the country of this number.',
    fix: 'Request a sender for the country in the AWS console, or set `originationIdentity` to one that reaches it.',
    link: CONFLICT,
  },
  'ConflictException:NUMBER_CAPABILITIES_MISMATCH': {
    cause:
      'The number of `originationIdentity` has no SMS capability, for example because it is for voice only.',
    fix: 'Set `originationIdentity` to a number with SMS capability.',
    link: CONFLICT,
  },
  'ConflictException:MESSAGE_TYPE_MISMATCH': {
    cause: 'The sender is registered for promotional messages; Bellhop sends transactional ones.',
    fix: 'Set `originationIdentity` to a sender of the type "transactional".',
    link: CONFLICT,
  },
  'ConflictException:RESOURCE_NOT_ACTIVE': {
    cause: 'The sender is not active yet, usually because AWS is still reviewing it.',
    fix: 'Wait until its status in the AWS console is "active", or use another sender until then.',
    link: CONFLICT,
  },
  'ConflictException:PHONE_NUMBER_NOT_IN_REGISTRATION_REGION': {
    cause: 'The number of `originationIdentity` is in another region than its registration.',
    fix: 'Register the number in its own region, or use a number of the region of the registration.',
    link: CONFLICT,
  },
  'ConflictException:REGISTRATION_NOT_COMPLETE': {
    cause:
      'The registration of the sender is not complete, as is required for 10DLC and toll-free numbers, for example.',
    fix: 'Complete the registration in the AWS console and wait for its approval.',
    link: CONFLICT,
  },
  'ValidationException:INVALID_IDENTITY_FOR_DESTINATION_COUNTRY': {
    cause: 'The sender cannot be used in the country of this number.',
    fix: 'Request a sender for the country and set `originationIdentity` to a pool that includes it, or route the country to another provider.',
    link: VALIDATION,
  },
  'ValidationException:COUNTRY_CODE_MISMATCH': {
    cause: 'The country of the sender does not match that of the number.',
    fix: 'Set `originationIdentity` to a sender of the country, or to a pool that includes one.',
    link: VALIDATION,
  },
  'ValidationException:SENDER_ID_NOT_REGISTERED': {
    cause: 'The sender id is not registered in the account for the country of this number.',
    fix: 'Request the sender id for the country in the AWS console, or use a number as the sender.',
    link: VALIDATION,
  },
  'ValidationException:SENDER_ID_NOT_SUPPORTED': {
    cause: 'The country of this number does not support sender ids, for example the United States.',
    fix: 'Set `originationIdentity` to a number, or to a pool with a number for the country.',
    link: VALIDATION,
  },
  'ValidationException:SENDER_ID_REQUIRES_REGISTRATION': {
    cause: 'The country of this number requires a registration of the sender id, which is missing.',
    fix: 'Register the sender id for the country in the AWS console.',
    link: VALIDATION,
  },
  'ValidationException:CHANNEL_NOT_ENABLED': {
    cause: 'SMS is not enabled for the sender or the account.',
    fix: 'Enable SMS in the console of AWS End User Messaging.',
    link: VALIDATION,
  },
  'ValidationException:INVALID_ARN': {
    cause: 'A setting contains an invalid ARN.',
    fix: 'Correct the ARN in `originationIdentity` or `configurationSet`.',
    link: VALIDATION,
  },
  'ValidationException:INVALID_REQUEST': WRONG_REQUEST,
  'ValidationException:MISSING_PARAMETER': {
    cause:
      'AWS requires a field that the request lacks. Usually the country needs a sender, and none is configured.',
    fix: 'Set `originationIdentity` or `from`.',
    link: VALIDATION,
  },
  'ValidationException:PARAMETERS_CANNOT_BE_USED_TOGETHER': {
    cause: 'AWS does not allow this combination of sender and configuration set.',
    fix: 'Check `originationIdentity` and `configurationSet`. If they are correct, report a bug of the gateway.',
    link: VALIDATION,
  },
  'ValidationException:RESOURCE_NOT_ACCESSIBLE': {
    cause: 'The sender or the configuration set belongs to another account that does not share it.',
    fix: 'Use a resource of the account, or have it shared with the account.',
    link: VALIDATION,
  },
  'ValidationException:UNKNOWN_OPERATION': WRONG_REQUEST,
  'ValidationException:UNSPECIFIED_PARAMETER_NOT_SUPPORTED': WRONG_REQUEST,
  'ValidationException:OriginationIdentity': {
    cause: 'The sender is not spelled as AWS requires, or does not exist.',
    fix: 'Set `originationIdentity` to a number in E.164, a sender id, or the id or ARN of a pool of the account.',
    link: VALIDATION,
  },
  'ValidationException:ConfigurationSetName': {
    cause: 'AWS does not accept the name of the configuration set.',
    fix: 'Correct `configurationSet`: the name or ARN of a configuration set in `region`.',
    link: VALIDATION,
  },
  'ValidationException:TimeToLive': {
    cause: 'AWS does not accept the validity period of the SMS.',
    fix: 'Report a bug of the gateway, which sends 5 seconds to 3 days.',
    link: SEND,
  },
  'ValidationException:Context': {
    cause: 'AWS does not accept the reference that Bellhop sends for the delivery reports.',
    fix: 'Report a bug of the gateway.',
    link: SEND,
  },
  // Common errors of all AWS services
  ExpiredTokenException: {
    cause: 'The temporary credentials have expired, or the clock of the machine is wrong.',
    fix: 'Check the source of the credentials (role, profile, web identity) and the clock; the gateway fetches new ones itself.',
    link: COMMON,
  },
  IncompleteSignature: NO_SIGNATURE,
  InvalidClientTokenId: UNKNOWN_KEY,
  InvalidSignatureException: WRONG_SIGNATURE,
  MissingAuthenticationToken: NO_SIGNATURE,
  MissingAuthenticationTokenException: NO_SIGNATURE,
  NotAuthorized: {
    cause: 'The key or role may not send SMS.',
    fix: 'Add `sms-voice:SendTextMessage` to the IAM policy of the key or role.',
    link: COMMON,
  },
  OptInRequired: {
    cause:
      'The AWS account is not activated for this service, for example because its sign-up or payment is incomplete.',
    fix: 'Complete the sign-up of the AWS account, and enable the region if it requires opt-in.',
    link: COMMON,
  },
  RequestExpired: {
    cause: 'The signature is too old or in the future: the clock of the machine is wrong.',
    fix: 'Synchronise the clock of the machine with NTP.',
    link: COMMON,
  },
  SerializationException: { ...WRONG_REQUEST, link: COMMON },
  SignatureDoesNotMatch: WRONG_SIGNATURE,
  UnknownOperationException: { ...WRONG_REQUEST, link: COMMON },
  UnrecognizedClientException: UNKNOWN_KEY,
  // AWS
  InternalFailure: AWS_FAULT,
  InternalServerException: AWS_FAULT,
  ServiceUnavailable: AWS_FAULT,
  ServiceUnavailableException: AWS_FAULT,
  // The machine's credentials
  no_credentials: {
    cause:
      'The configuration has no keys, and the machine offers no credentials: no role, profile or web identity.',
    fix: 'Give the machine or the container a role, or set `accessKeyId` and `secretAccessKey`.',
    link: CREDENTIALS,
  },
  credentials_timeout: {
    cause: "The source of the machine's credentials did not answer within `requestTimeoutMs`.",
    fix: 'Nothing to do for this SMS: the gateway retries. If it persists, check the network to the metadata service or to STS.',
    link: CREDENTIALS,
  },
};

/** By `messageStatus`, which is the event type without `TEXT_`. */
const STATUSES: Explanations = {
  QUEUED: {
    cause: 'AWS has queued the SMS.',
    fix: 'Nothing to do: a further delivery report follows.',
    link: EVENTS,
  },
  PENDING: {
    cause: 'AWS is delivering the SMS.',
    fix: 'Nothing to do: a further delivery report follows.',
    link: EVENTS,
  },
  SENT: {
    cause: 'AWS has sent the SMS to the carrier.',
    fix: 'Nothing to do: a further delivery report may follow.',
    link: EVENTS,
  },
  SUCCESSFUL: {
    cause: 'The carrier has accepted the SMS. In some countries, this is the last delivery report.',
    fix: 'If the SMS did not arrive, check that the phone is on and has coverage, then ask AWS Support with the message id.',
    link: EVENTS,
  },
  DELIVERED: {
    cause: 'The carrier reports the SMS as delivered to the phone.',
    fix: "If the user does not see it, check the phone's spam folder and blocked senders.",
    link: EVENTS,
  },
  UNKNOWN: {
    cause: 'The carrier did not report the fate of the SMS, usually for 72 hours.',
    fix: 'Ask the recipient whether it arrived. If this is frequent in a country, ask AWS Support for another sender or route.',
    link: EVENTS,
  },
  INVALID: {
    cause: 'The phone number is invalid or not in use.',
    fix: 'Correct the number of the user.',
    link: EVENTS,
  },
  UNREACHABLE: {
    cause: 'The phone was off or out of coverage.',
    fix: 'The recipient has to switch the phone on; then send the notification again.',
    link: EVENTS,
  },
  CARRIER_UNREACHABLE: {
    cause: "A temporary fault in the network of the recipient's carrier.",
    fix: 'Send the notification again later.',
    link: EVENTS,
  },
  BLOCKED: {
    cause: 'The phone or its carrier blocks SMS to this recipient, often because they blocked the sender.',
    fix: 'The recipient has to remove the block on the phone or at the carrier.',
    link: EVENTS,
  },
  CARRIER_BLOCKED: {
    cause: 'The carrier filtered the SMS, because of its content, such as a link, or an unregistered sender.',
    fix: 'Register the sender in the AWS console, avoid shortened links, and ask AWS Support with the message id.',
    link: EVENTS,
  },
  INVALID_MESSAGE: {
    cause: 'The text of the SMS is invalid and cannot be delivered.',
    fix: 'Change the text and send the notification again.',
    link: EVENTS,
  },
  SPAM: {
    cause: 'The carrier takes the SMS for unsolicited advertising.',
    fix: 'Change the text, avoid links and advertising, and register the sender for its purpose in the AWS console.',
    link: EVENTS,
  },
  PROTECT_BLOCKED: {
    cause: "The account's protect configuration blocked the SMS, by the country or by a rule for the number.",
    fix: 'Allow the country or the number in the protect configuration in the AWS console.',
    link: EVENTS,
  },
  TTL_EXPIRED: {
    cause: 'The SMS could not be delivered within its validity period, usually because the phone was off.',
    fix: 'Send the notification again once the phone is reachable.',
    link: EVENTS,
  },
};

/** Meanings of delivery reports; an event without `messageStatus` is recorded by its type. */
export const AWS_REPORT_EXPLANATIONS: Explanations = {
  ...STATUSES,
  ...Object.fromEntries(Object.entries(STATUSES).map(([status, told]) => [`TEXT_${status}`, told])),
};
