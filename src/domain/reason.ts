/**
 * Why a delivery is `failed`, `skipped` or `expired`, or stays `queued`. This is the whole list: the ledger, the API description
 * and the README's table are made from it.
 */
export const REASONS = {
  // skipped: nothing was sent, and nothing should have been
  no_device: 'The person has no registered device.',
  device_unregistered:
    'The device was unregistered, retired or taken over by another person before the push could be sent.',
  number_withdrawn: 'The contact was deleted or given another number before the text could be sent.',
  no_phone_number: 'Neither the webhook nor the contacts have a phone number for the person.',
  invalid_phone_number: 'The phone number is not a valid one.',
  country_not_allowed: 'Texts may not go to the country of this number.',
  opted_out: 'The person has asked the sender to stop; also where the vendor says so.',
  no_provider: 'The configuration has no provider for this address.',
  app_removed: 'The app is no longer in the configuration.',
  number_takes_no_texts: 'The number is of a kind that takes no texts, such as a fixed line.',
  reached_by_push: 'The person has a live device, and texts are for those without (`sms.policy: ifNoPush`).',
  seen_on_device: 'A device has said that the message was seen (`sms.policy: ifNotSeen`).',
  already_texted: 'Another text tells the person of the same message.',
  limit_reached: 'A limit of the cost guard is reached (`sms.guard`); the log says which.',
  pumping_suspected: 'Too many texts went to neighbouring numbers at once (`sms.guard.pumping`).',
  dry_run: 'The app runs dry: everything was done but the last call.',
  filtered_by_rule: 'A rule of the configuration (`drop`) says that it is not to be sent.',
  collapsed:
    'Its conversation had more pushes than `push.storm` allows; a later push tells of it with the others.',
  empty_message: 'There is nothing to send: no text, and none can be made.',
  // failed: the vendor decided against it, or could not be reached in the attempts allowed
  token_unregistered: 'The vendor says that the app is no longer installed, or the token has been replaced.',
  token_invalid: 'The vendor says that the token is not one of its own.',
  number_unreachable: 'The vendor says that there is no such subscriber, or it takes no texts.',
  message_refused: 'The vendor refused the message itself.',
  message_too_large: 'The message is larger than the vendor takes.',
  no_credit: 'The account with the vendor has no credit left.',
  outcome_unknown:
    'The vendor was given the message and did not answer; it is not sent another time (of texts: `sms.acceptPossibleDouble`).',
  undelivered: 'The vendor reported later that the text did not arrive.',
  provider_misconfigured: 'The vendor refused our credentials or settings; an operator has to act.',
  provider_unavailable: 'The vendor could not be reached, or had a fault, at every attempt.',
  provider_over_quota: 'The vendor had no capacity for us at every attempt.',
  internal_error: 'A fault of the gateway itself; the log has the details.',
  // queued: nobody is at it
  set_aside: 'Its job was set aside for an operator to look at; it is done once the job is retried.',
  // expired: it was late
  too_old: 'It could not be sent within its lifetime.',
  call_over: 'The call had ended before it could ring.',
} as const;

export type Reason = keyof typeof REASONS;

/** The reasons that speak against the address of a push rather than against the message. */
export const DEAD_ADDRESS_REASONS: readonly Reason[] = ['token_unregistered', 'token_invalid'];
