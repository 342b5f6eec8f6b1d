import type { Explanations } from '../explanation.js';

const PAGE = 'docs/sms-http.md';

/** Meanings of Bellhop's own codes for HTTP gateways. The codes of the gateways themselves are not known. */
export const HTTP_EXPLANATIONS: Explanations = {
  not_successful: {
    cause:
      'The gateway answered with 2xx, but `successWhen` was false or a row of `outcomes` did not accept the SMS, and the answer had no code that Bellhop could read.',
    fix: "Set `codePath` or `codePattern`, so that the ledger shows the gateway's code, and look it up in the gateway's documentation. If the SMS arrived nevertheless, correct `successWhen` or `outcomes`.",
    link: `${PAGE}#answer`,
  },
  template_failed: {
    cause:
      'The request could not be rendered from this SMS: a filter failed, a header became too long, or a value would have changed the path of `url`.',
    fix: 'Correct the templates in `url`, `headers` and `body`; put values that may be long, such as the text, into `body`.',
    link: `${PAGE}#request`,
  },
  invalid_answer: {
    cause:
      'The gateway answered with success, but without a message id, or a condition failed on the answer. Usually `idPath` or `idPattern` does not fit, or a proxy answered. The SMS may have been sent.',
    fix: "Compare `idPath`, `idPattern`, `successWhen` and `outcomes` with the gateway's answers.",
    link: `${PAGE}#answer`,
  },
  410: {
    cause: 'The gateway answered 410, which means that the number does not exist any more.',
    fix: 'Correct the number of the user. If the gateway means something else by 410, add a row to `outcomes`.',
    link: `${PAGE}#answer`,
  },
};
