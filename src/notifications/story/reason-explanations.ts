import type { Reason } from '../../domain/reason.js';

/** The remedy of each reason; undefined if there is nothing to do, or if the vendor's code says it. */
export const REASON_FIXES: Readonly<Record<Reason, string | undefined>> = {
  no_device:
    'Check that the app registers its push token at login (`POST /v1/me/devices`), and that it is open to the user who should get the push.',
  device_unregistered: undefined,
  number_withdrawn: undefined,
  no_phone_number:
    'Store the number in CometChat and enable `Include phone number`, or store it as the contact of the user (`PUT /v1/users/{uid}/contact`).',
  invalid_phone_number: 'Correct the number of the user in CometChat or in the contact, in E.164.',
  country_not_allowed:
    'If SMS to this country are intended, add it to `sms.countries` and enable it at the vendor.',
  opted_out:
    'Only the user can undo it, by sending START; an operator lifts an opt-out only at the wish of the user.',
  no_provider:
    'Add a provider for this kind of device and this `providerId` to the configuration of the app.',
  app_removed: 'Add the app to the configuration again, then resend.',
  number_takes_no_texts: 'Store a mobile number of the user.',
  reached_by_push: 'Nothing to do; set `sms.policy` to `always` to send an SMS as well.',
  seen_on_device: undefined,
  already_texted: undefined,
  limit_reached: 'Raise the limit in `sms.guard` that the log names, or wait until its window is over.',
  pumping_suspected:
    'Look at the numbers that the SMS went to; raise `sms.guard.pumping` if they are real users.',
  dry_run: 'Remove `dryRun` from the configuration of the app to send for real.',
  filtered_by_rule: 'Change the rule that `timeline` names if the notification should be sent.',
  collapsed: 'Nothing to do: the digest push of the conversation includes it.',
  empty_message:
    'Configure the text of this kind of message (`push.text`, `sms.templates`), or let CometChat send one.',
  token_unregistered: undefined,
  token_invalid: undefined,
  number_unreachable: undefined,
  message_refused: undefined,
  message_too_large: undefined,
  no_credit: 'Add credit to the account with the vendor, then replay what failed.',
  outcome_unknown: 'Ask the user whether it arrived, and resend if not.',
  undelivered: undefined,
  provider_misconfigured: undefined,
  provider_unavailable: 'Replay what failed once the vendor is available again.',
  provider_over_quota:
    'Raise the quota with the vendor or lower `throughputPerSecond`, then replay what failed.',
  internal_error: 'Look for the id of the notification in the log of the workers and report the error.',
  set_aside: 'Look at the error of the job in Bull Board, mend its cause and retry the job.',
  duplicate: 'Nothing to do: look at the notification that `originId` names.',
  too_old: 'If it waited for the gateway, start more workers; if for the vendor, see its attempts.',
  call_over: 'Nothing to do: the caller had hung up, or the call was answered elsewhere.',
};
