import type { Explanations } from '../explanation.js';

const PAGE = 'docs/vendors.md#sandbox';

const SWITCH = 'Switch it to up: on the page of the sandbox phones, or with `PUT /sandbox/vendors`.';

/** Meanings of the outcomes that an address or a switch selects at a sandbox, which sends nothing. */
export const SANDBOX_EXPLANATIONS: Explanations = {
  unavailable: {
    cause:
      'A simulated fault of the vendor: the number ends in 0500, or the token begins with `unavailable-`.',
    fix: 'Nothing to do: the gateway retries, as with a real vendor. Use another address for a success.',
    link: PAGE,
  },
  over_quota: {
    cause: 'A simulated rate limit: the number ends in 0429, or the token begins with `quota-`.',
    fix: 'Nothing to do: the gateway retries after 2 seconds. Use another address for a success.',
    link: PAGE,
  },
  message_refused: {
    cause: 'A simulated refusal of the message: the number ends in 0400.',
    fix: 'Use another number for a success.',
    link: PAGE,
  },
  number_unreachable: {
    cause: 'A simulated dead number: it ends in 0404.',
    fix: 'Use another number for a success.',
    link: PAGE,
  },
  token_invalid: {
    cause: 'A simulated invalid token: it begins with `invalid-`. The device stays registered.',
    fix: 'Register the device with another token for a success.',
    link: PAGE,
  },
  switched_down: {
    cause: 'The sandbox is switched to down: it simulates an outage of the vendor.',
    fix: `${SWITCH} The gateway retries until then.`,
    link: PAGE,
  },
  switched_over_quota: {
    cause: 'The sandbox is switched to over quota: it simulates the rate limit of a vendor account.',
    fix: `${SWITCH} The gateway retries until then.`,
    link: PAGE,
  },
  switched_refusing: {
    cause: 'The sandbox is switched to refusing: it refuses every message.',
    fix: `${SWITCH} Then resend the notification: a refused message is not retried.`,
    link: PAGE,
  },
  token_unregistered: {
    cause:
      'A simulated uninstalled app: the token begins with `unregistered-`. The gateway has retired the device.',
    fix: 'Register the device again with another token for a success.',
    link: PAGE,
  },
};
