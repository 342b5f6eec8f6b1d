import type { Explanations } from '../explanation.js';

const PAGE = 'docs/vendors.md#sandbox';

/** Meanings of the outcomes that an address selects at a sandbox, which sends nothing. */
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
  token_unregistered: {
    cause:
      'A simulated uninstalled app: the token begins with `unregistered-`. The gateway has retired the device.',
    fix: 'Register the device again with another token for a success.',
    link: PAGE,
  },
};
