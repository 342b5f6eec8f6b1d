/**
 * The reasons for which a delivery is `failed`, `skipped` or `expired`, or stays `queued`: the complete list. The API
 * description and docs/reasons.md are generated from it; the meanings are Markdown.
 */
export const REASONS = {
  no_device: { statuses: ['skipped'], meaning: 'The user has no registered device.' },
  device_unregistered: {
    statuses: ['skipped'],
    meaning:
      'The device was unregistered, retired or taken over by another user before the push could be sent.',
  },
  number_withdrawn: {
    statuses: ['skipped'],
    meaning: 'The contact was deleted or given another number before the SMS could be sent.',
  },
  no_phone_number: {
    statuses: ['skipped'],
    meaning: 'Neither the webhook nor the contacts have a phone number for the user.',
  },
  invalid_phone_number: { statuses: ['skipped', 'failed'], meaning: 'The phone number is invalid.' },
  country_not_allowed: {
    statuses: ['skipped', 'failed'],
    meaning: 'SMS may not be sent to the country of this number.',
  },
  opted_out: { statuses: ['skipped', 'failed'], meaning: 'The user has opted out, or the vendor says so.' },
  no_provider: { statuses: ['skipped'], meaning: 'The configuration has no provider for this address.' },
  app_removed: { statuses: ['skipped'], meaning: 'The app is no longer in the configuration.' },
  number_takes_no_texts: {
    statuses: ['skipped'],
    meaning: 'Numbers of this kind cannot receive SMS, such as fixed lines.',
  },
  reached_by_push: {
    statuses: ['skipped'],
    meaning: 'The user has a live device, and SMS are for users without (`sms.policy: ifNoPush`).',
  },
  seen_on_device: {
    statuses: ['skipped'],
    meaning: 'A device reported that the message was seen (`sms.policy: ifNotSeen`).',
  },
  already_texted: { statuses: ['skipped'], meaning: 'Another SMS tells the user of the same message.' },
  limit_reached: { statuses: ['skipped'], meaning: 'A limit of `sms.guard` is reached; the log names it.' },
  pumping_suspected: {
    statuses: ['skipped'],
    meaning: 'Too many SMS went to neighbouring numbers at once (`sms.guard.pumping`).',
  },
  dry_run: {
    statuses: ['skipped'],
    meaning: 'The app has `dryRun`: everything but the call to the vendor was done.',
  },
  filtered_by_rule: { statuses: ['skipped'], meaning: 'A rule of the configuration drops it.' },
  collapsed: {
    statuses: ['skipped'],
    meaning:
      'The conversation had more pushes than `push.storm` allows; a later digest push includes this one.',
  },
  empty_message: { statuses: ['skipped'], meaning: 'There is no text to send, and none can be composed.' },
  token_unregistered: {
    statuses: ['failed'],
    meaning: 'The vendor says that the app is no longer installed, or that the token was replaced.',
  },
  token_invalid: { statuses: ['failed'], meaning: 'The vendor says that the token is not one of its own.' },
  number_unreachable: {
    statuses: ['failed'],
    meaning: 'The vendor says that there is no such subscriber, or that it cannot receive SMS.',
  },
  message_refused: { statuses: ['failed'], meaning: 'The vendor refused the message itself.' },
  message_too_large: { statuses: ['failed'], meaning: 'The message is larger than the vendor accepts.' },
  no_credit: { statuses: ['failed'], meaning: 'The account with the vendor has no credit left.' },
  outcome_unknown: {
    statuses: ['failed'],
    meaning:
      'The vendor received the message and did not answer; it is not sent again (SMS: see `sms.acceptPossibleDouble`).',
  },
  undelivered: { statuses: ['failed'], meaning: 'The vendor reported later that the SMS did not arrive.' },
  provider_misconfigured: {
    statuses: ['failed'],
    meaning: 'The vendor refused our credentials or settings; an operator has to act.',
  },
  provider_unavailable: {
    statuses: ['failed'],
    meaning: 'The vendor was unreachable or faulty at every attempt.',
  },
  provider_over_quota: { statuses: ['failed'], meaning: 'The vendor was over quota at every attempt.' },
  internal_error: { statuses: ['failed'], meaning: 'The gateway itself failed; the log has details.' },
  set_aside: {
    statuses: ['queued'],
    meaning: 'The job waits for an operator; the delivery continues once the job is retried.',
  },
  duplicate: {
    statuses: ['skipped'],
    meaning: 'It repeats the notification `originId`, which has its own record.',
  },
  too_old: { statuses: ['expired'], meaning: 'It could not be sent within its lifetime.' },
  call_over: { statuses: ['expired'], meaning: 'The call had ended before it could ring.' },
} as const satisfies Readonly<Record<string, { statuses: readonly string[]; meaning: string }>>;

export type Reason = keyof typeof REASONS;

/** The reasons that speak against the address of a push rather than against the message. */
export const DEAD_ADDRESS_REASONS: readonly Reason[] = ['token_unregistered', 'token_invalid'];
