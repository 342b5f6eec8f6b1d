import type { Explanation, Explanations } from '../explanation.js';

const PAGE = 'https://smpp.org/SMPP_v3_4_Issue1_2.pdf';

const OPTIONAL_FIELD = "Ask the SMSC's operator which optional parameters (TLVs) it requires.";

const NO_LOGIN: Explanation = {
  cause:
    'The SMSC refused the login. Usually the system id or the password is wrong, or the account is locked.',
  fix: 'Correct `systemId` and `password`; the gateway tries again every 30 to 60 seconds.',
  link: PAGE,
};

const FIXED_FIELD: Explanation = {
  cause: 'The SMSC refuses a field that Bellhop always sends with its standard value.',
  fix: "Ask the SMSC's operator what the account requires, and report it as a bug of the gateway if it cannot be changed.",
  link: PAGE,
};

/** Meanings of `command_status`; the keys are those of `SMPP_STATUSES`. */
export const SMPP_EXPLANATIONS: Explanations = {
  // Number
  ESME_RINVDSTADR: {
    cause: 'The phone number is invalid, or the SMSC has no route to it.',
    fix: "Correct the number of the user; the gateway has retired it until then. If many numbers of a country fail, ask the SMSC's operator for a route.",
    link: PAGE,
  },
  ESME_RDELIVERYFAILURE: {
    cause: 'The SMSC tried to deliver at once and did not reach the phone.',
    fix: 'Check that the number is in use and the phone is on, then send the notification again.',
    link: PAGE,
  },
  // Message
  ESME_RINVMSGLEN: {
    cause: 'The SMS is longer than the SMSC accepts.',
    fix: 'Shorten the text of the SMS, and check that `alphabet` is what the SMSC expects.',
    link: PAGE,
  },
  ESME_RINVCMDLEN: {
    cause: 'The SMSC found the request too long or too short.',
    fix: "Shorten the text of the SMS. If all SMS fail, ask the SMSC's operator what it expects.",
    link: PAGE,
  },
  ESME_RINVESMCLASS: {
    cause: 'The SMSC does not accept the header that joins the parts of a long SMS.',
    fix: "Keep SMS within one part, or ask the SMSC's operator to allow concatenated SMS (UDH).",
    link: PAGE,
  },
  ESME_RINVEXPIRY: {
    cause: "The validity period of the SMS is longer than the SMSC's maximum.",
    fix: "Ask the SMSC's operator for its maximum, and let SMS expire earlier.",
    link: PAGE,
  },
  ESME_RX_P_APPN: {
    cause: 'The receiving side reports a permanent error for this SMS.',
    fix: "Ask the SMSC's operator for the reason, with the number and the time.",
    link: PAGE,
  },
  ESME_RX_R_APPN: {
    cause: 'The receiving side rejected this SMS, often because of its content or its sender.',
    fix: "Ask the SMSC's operator for the reason; check the sender and the text of the SMS.",
    link: PAGE,
  },
  ESME_RINVDCS: {
    cause:
      'The SMSC does not support the alphabet of this SMS, usually UCS-2, as for emoji and non-Latin scripts.',
    fix: "Set `alphabet` to the SMSC's default, or ask its operator to allow UCS-2.",
    link: PAGE,
  },
  // Capacity
  ESME_RTHROTTLED: {
    cause: 'The account sends faster than the SMSC allows.',
    fix: 'Nothing to do for this SMS: the gateway retries. Set `throughputPerSecond` to the rate of the contract.',
    link: PAGE,
  },
  ESME_RMSGQFUL: {
    cause:
      'A queue at the SMSC is full, either for this recipient, whose phone is often off, or for the account.',
    fix: "Nothing to do: the gateway retries after 30 seconds. If many recipients are affected, lower `throughputPerSecond` or ask the SMSC's operator.",
    link: PAGE,
  },
  // Account and settings
  ESME_RINVCMDID: {
    cause: 'The SMSC does not support this request, for example on a bind of another kind.',
    fix: 'Set `bind: transmitter-receiver` if the SMSC has no `bind_transceiver`, and check that the account may send.',
    link: PAGE,
  },
  ESME_RINVPRTFLG: { ...FIXED_FIELD, cause: 'The SMSC refuses the priority; Bellhop sends 0.' },
  ESME_RINVREGDLVFLG: {
    cause: 'The SMSC refuses the request for a delivery report, which Bellhop makes with each SMS.',
    fix: "Ask the SMSC's operator to enable delivery reports for the account.",
    link: PAGE,
  },
  ESME_RINVSRCADR: {
    cause: 'The sender does not belong to the account, or is not registered for the country.',
    fix: "Set `from` to a sender of the account, or register it with the SMSC's operator; check `sourceTon` and `sourceNpi`.",
    link: PAGE,
  },
  ESME_RBINDFAIL: {
    ...NO_LOGIN,
    cause:
      'The SMSC refused the login without a reason. Usually the password or the IP address is wrong, or the account has too many connections.',
    fix: "Check `systemId`, `password` and `systemType`; ask the SMSC's operator to allow the IP address of the gateway and one bind per process.",
  },
  ESME_RINVPASWD: { ...NO_LOGIN, cause: 'The password is wrong.' },
  ESME_RINVSYSID: { ...NO_LOGIN, cause: 'The SMSC does not know the system id.' },
  ESME_RINVSERTYP: {
    cause: 'The SMSC does not know the service type.',
    fix: "Correct `serviceType`, or remove it for the SMSC's default.",
    link: PAGE,
  },
  ESME_RINVSRCTON: {
    cause: 'The SMSC does not accept the type of number (TON) of the sender.',
    fix: "Set `sourceTon` to the value that the SMSC's operator names for this sender.",
    link: PAGE,
  },
  ESME_RINVSRCNPI: {
    cause: 'The SMSC does not accept the numbering plan (NPI) of the sender.',
    fix: "Set `sourceNpi` to the value that the SMSC's operator names for this sender.",
    link: PAGE,
  },
  ESME_RINVDSTTON: {
    ...FIXED_FIELD,
    cause:
      'The SMSC does not accept the type of number (TON) of the recipient; Bellhop sends 1, international.',
  },
  ESME_RINVDSTNPI: {
    ...FIXED_FIELD,
    cause: 'The SMSC does not accept the numbering plan (NPI) of the recipient; Bellhop sends 1, E.164.',
  },
  ESME_RINVSYSTYP: {
    cause: 'The SMSC does not accept the system type.',
    fix: "Set `systemType` to the value that the SMSC's operator names, or remove it.",
    link: PAGE,
  },
  ESME_RINVREPFLAG: {
    ...FIXED_FIELD,
    cause: 'The SMSC refuses the flag for replacing an earlier SMS; Bellhop never replaces any.',
  },
  ESME_RINVSCHED: {
    ...FIXED_FIELD,
    cause: 'The SMSC refuses the time of delivery; Bellhop leaves it empty, for immediate delivery.',
  },
  ESME_RINVDFTMSGID: {
    ...FIXED_FIELD,
    cause: 'The SMSC refuses the number of a predefined message; Bellhop sends none.',
  },
  ESME_RINVTLVSTREAM: {
    cause: 'The SMSC cannot read the optional parameters (TLVs) of the request.',
    fix: OPTIONAL_FIELD,
    link: PAGE,
  },
  ESME_RTLVNOTALLWD: {
    cause: 'The SMSC does not allow an optional parameter (TLV) of the request.',
    fix: OPTIONAL_FIELD,
    link: PAGE,
  },
  ESME_RINVTLVLEN: {
    cause: 'An optional parameter (TLV) has a length that the SMSC does not accept.',
    fix: OPTIONAL_FIELD,
    link: PAGE,
  },
  ESME_RMISSINGTLV: {
    cause:
      'The SMSC requires an optional parameter (TLV), such as the template id for SMS to India, which Bellhop does not send.',
    fix: "Ask the SMSC's operator for an account that adds it, or route the country to another provider.",
    link: PAGE,
  },
  ESME_RINVTLVVAL: {
    cause: 'The SMSC does not accept the value of an optional parameter (TLV).',
    fix: OPTIONAL_FIELD,
    link: PAGE,
  },
  ESME_RQUERYFAIL: {
    cause:
      'The account has no credit left. SMSCs use this status for it, although its name means a failed query.',
    fix: "Top up the account with the SMSC's operator.",
    link: 'https://smpp.io/cmd-response-table/',
  },
  // SMSC
  ESME_RSYSERR: {
    cause: 'A fault of the SMSC. Some also report a locked account or missing credit with this status.',
    fix: "Nothing to do: the gateway retries. If it persists, ask the SMSC's operator, also about the account.",
    link: PAGE,
  },
  ESME_RSUBMITFAIL: {
    cause: 'The SMSC did not accept this SMS and states no reason.',
    fix: "Nothing to do: the gateway retries. If it persists, ask the SMSC's operator for the reason.",
    link: PAGE,
  },
  ESME_RINVBNDSTS: {
    cause: 'The SMSC no longer considers the connection bound, for example after a restart.',
    fix: 'Nothing to do: the gateway binds again and retries.',
    link: PAGE,
  },
  ESME_RALYBND: {
    cause:
      'The SMSC still holds an earlier connection of this account, or the account allows fewer binds than there are processes.',
    fix: "Nothing to do after a lost connection: the gateway retries. If it persists, ask the SMSC's operator for one bind per process.",
    link: PAGE,
  },
  ESME_RX_T_APPN: {
    cause: 'The receiving side reports a temporary error for this SMS.',
    fix: 'Nothing to do: the gateway retries.',
    link: PAGE,
  },
  ESME_RUNKNOWNERR: {
    cause: 'The SMSC reports an error without a reason. Some report missing credit with this status.',
    fix: "Nothing to do: the gateway retries. If it persists, ask the SMSC's operator, also about the account.",
    link: PAGE,
  },
  // SMPP 5.0
  ESME_RSERTYPUNAUTH: {
    cause: 'The account may not use this service type.',
    fix: "Correct or remove `serviceType`, or have the SMSC's operator allow it.",
    link: PAGE,
  },
  ESME_RPROHIBITED: {
    cause: 'The SMSC prohibits this request for the account.',
    fix: "Ask the SMSC's operator what the account may do: sending, this sender, this country.",
    link: PAGE,
  },
  ESME_RSERTYPDENIED: {
    cause: 'The SMSC denies this service type.',
    fix: "Correct or remove `serviceType`, or have the SMSC's operator allow it.",
    link: PAGE,
  },
  ESME_RSERTYPUNAVAIL: {
    cause: 'The service type is temporarily not available at the SMSC.',
    fix: 'Nothing to do: the gateway retries.',
    link: PAGE,
  },
  // The connection
  timeout: {
    cause:
      'The SMSC did not answer within `requestTimeoutMs`, which covers the bind, the wait for the window and the answers to all parts. If the SMS had been written, it may have been sent.',
    fix: 'Check the network to the SMSC. If it is only slow, raise `requestTimeoutMs`, and `windowSize` as far as the SMSC allows.',
    link: PAGE,
  },
  unbound: {
    cause:
      'The SMSC ended the connection, for example for maintenance or because the account has another bind.',
    fix: "Nothing to do: the gateway binds again and retries. If it is frequent, ask the SMSC's operator how many binds the account may have.",
    link: PAGE,
  },
};

const IN_PROGRESS: Explanation = {
  cause: 'The SMSC has the SMS and has not delivered it yet.',
  fix: 'Nothing to do: a further delivery report follows.',
  link: PAGE,
};

const DELIVERED: Explanation = {
  cause: 'The SMSC reports the SMS as delivered to the phone.',
  fix: "If the user does not see it, check the phone's spam folder and blocked senders.",
  link: PAGE,
};

const NOT_DELIVERED: Explanation = {
  cause:
    "The network could not deliver the SMS. Usually the number is not in use, or a fault or filter of the carrier stopped it; the number after the colon is the SMSC's error code.",
  fix: "Check the number, and look the error code up in the list of the SMSC's operator.",
  link: PAGE,
};

const EXPIRED: Explanation = {
  cause:
    'The SMS could not be delivered within its validity period. Usually the phone was off or out of coverage.',
  fix: 'Send the notification again once the phone is reachable.',
  link: PAGE,
};

const DELETED: Explanation = {
  cause: 'The SMS was deleted or cancelled at the SMSC before it was delivered.',
  fix: "Ask the SMSC's operator for the reason, with the message id.",
  link: PAGE,
};

const REJECTED: Explanation = {
  cause:
    'The SMSC or the carrier rejected the SMS. Usually the sender is not registered, or a filter objects to the text.',
  fix: "Check the registration of `from` and the text of the SMS; look the error code after the colon up in the list of the SMSC's operator.",
  link: PAGE,
};

/**
 * Meanings of delivery reports; the keys are those of `RECEIPT_STATES`. In the ledger, a colon and the SMSC's error
 * code may follow.
 */
export const SMPP_REPORT_EXPLANATIONS: Explanations = {
  SCHEDULED: IN_PROGRESS,
  ENROUTE: IN_PROGRESS,
  ACCEPTD: IN_PROGRESS,
  DELIVRD: DELIVERED,
  UNKNOWN: {
    cause: 'The SMSC does not know the fate of the SMS.',
    fix: "Ask the recipient whether it arrived. If this is frequent in a network, ask the SMSC's operator for another route.",
    link: PAGE,
  },
  EXPIRED,
  DELETED,
  UNDELIV: NOT_DELIVERED,
  REJECTD: REJECTED,
  SKIPPED: {
    cause: 'The SMSC skipped the SMS and will not deliver it.',
    fix: "Ask the SMSC's operator for the reason, with the message id.",
    link: PAGE,
  },
  // Unabbreviated, truncated to seven characters, or other words
  DELIVERED,
  DELIVERD: DELIVERED,
  DELIVER: DELIVERED,
  DLVRD: DELIVERED,
  ACCEPTED: IN_PROGRESS,
  ACCEPT: IN_PROGRESS,
  ACKED: IN_PROGRESS,
  BUFFERED: IN_PROGRESS,
  BUFFRED: IN_PROGRESS,
  BUFFRD: IN_PROGRESS,
  PENDING: IN_PROGRESS,
  QUEUED: IN_PROGRESS,
  SENT: IN_PROGRESS,
  SUBMITTED: IN_PROGRESS,
  SUBMITD: IN_PROGRESS,
  UNDELIVERED: NOT_DELIVERED,
  UNDELIVERABLE: NOT_DELIVERED,
  UNDELIVRD: NOT_DELIVERED,
  UNDELIVD: NOT_DELIVERED,
  UNDELIVE: NOT_DELIVERED,
  UNDELVD: NOT_DELIVERED,
  UNDLVRD: NOT_DELIVERED,
  NOTDELIVERED: NOT_DELIVERED,
  FAILED: NOT_DELIVERED,
  FAILURE: NOT_DELIVERED,
  FAIL: NOT_DELIVERED,
  ERROR: NOT_DELIVERED,
  EXPIRD: EXPIRED,
  EXPIRE: EXPIRED,
  CANCELLED: DELETED,
  CANCELED: DELETED,
  REJECTED,
  REJECT: REJECTED,
  REJCTED: REJECTED,
  REFUSED: REJECTED,
  BLOCKED: REJECTED,
};
