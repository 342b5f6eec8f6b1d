import type { Explanation, Explanations } from './explanation.js';

const SYSTEM_ERRORS = 'https://nodejs.org/api/errors.html#common-system-errors';
const CERTIFICATES = 'https://nodejs.org/api/tls.html#x509-certificate-error-codes';
const NODE_ERRORS = 'https://nodejs.org/api/errors.html';
const HTTP2_ERRORS = 'https://www.rfc-editor.org/rfc/rfc9113.html#section-7';
const MDN = 'https://developer.mozilla.org/docs/Web/HTTP/Reference/Status';
const TROUBLESHOOTING = 'docs/troubleshooting.md';

const UNREACHABLE: Explanation = {
  cause:
    'There is no network route to the vendor. Usually a firewall, a proxy rule or a missing IPv6 route is the reason.',
  fix: 'The gateway retries. Check the routes and the firewall of its machine, and the address in the settings of the provider.',
  link: SYSTEM_ERRORS,
};

const LOST: Explanation = {
  cause:
    'The connection to the vendor broke before the answer arrived. Usually the vendor, a proxy or a firewall closed it, for example after idle time.',
  fix: 'Nothing to do in single cases. If it is frequent, check proxies and firewalls between the gateway and the vendor.',
  link: SYSTEM_ERRORS,
};

const UNKNOWN_AUTHORITY: Explanation = {
  cause:
    "The vendor's certificate is not signed by an authority that the gateway trusts. Usually a proxy inspects TLS, or `endpoint` is an internal server.",
  fix: 'Set `ca` to the certificate of that authority, or exclude the vendor from TLS inspection.',
  link: CERTIFICATES,
};

const INCOMPLETE_CHAIN: Explanation = {
  cause:
    'The server does not send all certificates up to a known authority. Usually an intermediate certificate is missing, or a proxy inspects TLS.',
  fix: "Complete the server's certificate chain, or set `ca` to the certificate of its authority.",
  link: CERTIFICATES,
};

const NO_TLS: Explanation = {
  cause: 'The server did not answer in TLS. Usually `endpoint` has `https:` and the port of plain HTTP.',
  fix: 'Correct the scheme and the port of `endpoint`.',
  link: NODE_ERRORS,
};

const NO_HTTP: Explanation = {
  cause:
    'The server did not answer in HTTP. Usually `endpoint` has `http:` and the port of HTTPS, or of another service.',
  fix: 'Correct the scheme and the port of `endpoint`.',
  link: NODE_ERRORS,
};

const HTTP2_FAULT: Explanation = {
  cause: 'The vendor or a proxy ended the request because of a fault in the HTTP/2 connection.',
  fix: 'Nothing to do in single cases: the gateway opens another connection. If it is frequent, check proxies between the gateway and the vendor.',
  link: HTTP2_ERRORS,
};

const MOVED: Explanation = {
  cause:
    'The server redirects to another address, which the gateway does not follow. Usually the URL is wrong, or has `http:` instead of `https:`.',
  fix: 'Set `endpoint`, or `url` of an HTTP gateway, to the final address.',
  link: `${MDN}#redirection_messages`,
};

const TOO_MANY_FILES: Explanation = {
  cause: 'The gateway has as many connections and files open as its process may have.',
  fix: 'Raise the limit of open files of the process (`ulimit -n`).',
  link: SYSTEM_ERRORS,
};

/** Meanings of codes that are no vendor's own: the gateway's, connection errors, and bare HTTP statuses. */
export const COMMON_EXPLANATIONS: Explanations = {
  // The gateway's own
  timeout: {
    cause:
      'The vendor did not answer within `requestTimeoutMs`. If the request had been written, the message may have been sent.',
    fix: "Check the vendor's status page and the network. If the vendor is only slow, raise `requestTimeoutMs`.",
    link: TROUBLESHOOTING,
  },
  ping_timeout: {
    cause:
      'The connection to the vendor was dead: not even a ping was answered. Usually a firewall or NAT dropped it silently.',
    fix: 'Nothing to do in single cases: the gateway opens another connection. If it is frequent, check the firewall or NAT.',
    link: TROUBLESHOOTING,
  },
  invalid_answer: {
    cause:
      'The vendor reported success, but its answer could not be read. Usually a proxy answered instead, or `endpoint` is another service. The message may have been sent.',
    fix: 'Check `endpoint` and proxies between the gateway and the vendor.',
    link: TROUBLESHOOTING,
  },
  answer_too_large: {
    cause:
      "The answer was longer than a megabyte, which is not the vendor's. Usually a proxy or a web server answered.",
    fix: 'Check `endpoint` and proxies between the gateway and the vendor.',
    link: TROUBLESHOOTING,
  },
  http2_not_offered: {
    cause:
      'The server does not offer HTTP/2, which this vendor requires. Usually a proxy inspects TLS, or `endpoint` is wrong.',
    fix: 'Let the proxy pass HTTP/2, exclude the vendor from TLS inspection, or correct `endpoint`.',
    link: TROUBLESHOOTING,
  },
  connection_lost: { ...LOST, link: TROUBLESHOOTING },
  closed: {
    cause:
      'The gateway was closing its connection to the vendor, because the process was stopping or the connection had just been lost.',
    fix: 'Nothing to do: another process or a later attempt sends the message.',
    link: TROUBLESHOOTING,
  },
  aborted: {
    cause:
      'The process was stopped before the vendor had answered. The message may have been sent, or only in part.',
    fix: 'Give the process more time to stop, so that pending requests can end.',
    link: TROUBLESHOOTING,
  },
  not_found: {
    cause:
      'After an attempt without an answer, the gateway asked the vendor, which does not know the message: it was not sent.',
    fix: 'Nothing to do: the gateway sends it again.',
    link: TROUBLESHOOTING,
  },
  provider_not_configured: {
    cause: 'The configuration no longer has the provider that this delivery was planned for.',
    fix: 'Restore the provider with its `id`, or send the notification again.',
    link: TROUBLESHOOTING,
  },
  app_not_configured: {
    cause: 'The configuration no longer has the app of this delivery.',
    fix: 'Restore the app, or ignore the delivery if the app was removed on purpose.',
    link: TROUBLESHOOTING,
  },
  no_credentials: {
    cause: 'The configuration has no credentials for the vendor, and the machine offers none.',
    fix: 'Set the credentials of the provider, or give the machine a role or service account.',
    link: TROUBLESHOOTING,
  },
  token_timeout: {
    cause: 'The access token for the vendor did not arrive in time; the message was not sent.',
    fix: "Nothing to do in single cases: the gateway retries. If it is frequent, check the network to the vendor's token server.",
    link: TROUBLESHOOTING,
  },
  token_refused: {
    cause:
      'The vendor refused to issue an access token: the credentials in the configuration are wrong, revoked, or the clock of this machine is.',
    fix: "Compare the credentials of the provider with the vendor's console and check the clock of the machine.",
    link: TROUBLESHOOTING,
  },
  token_invalid_answer: {
    cause: "The vendor's token server answered without an access token. Usually a proxy answered instead.",
    fix: 'Nothing to do in single cases: the gateway retries. If it persists, check proxies between the gateway and the vendor.',
    link: TROUBLESHOOTING,
  },
  // Connection
  ECONNRESET: LOST,
  ECONNABORTED: LOST,
  EPIPE: LOST,
  ECONNREFUSED: {
    cause:
      'Nothing accepts connections at this address. Usually the server is down, or the host or port in `endpoint`, `url` or `host` is wrong.',
    fix: 'The gateway retries. Check that the server runs, and the address in the settings of the provider.',
    link: SYSTEM_ERRORS,
  },
  ENOTFOUND: {
    cause:
      "The vendor's host name does not exist. Usually `endpoint`, `url` or `host` is misspelled, or the machine has no DNS.",
    fix: 'Correct the address in the settings of the provider, and check that the machine resolves names outside its network.',
    link: SYSTEM_ERRORS,
  },
  EAI_AGAIN: {
    cause: "The DNS server did not answer, so that the vendor's host name could not be resolved.",
    fix: 'The gateway retries. Check the DNS server of the machine or container.',
    link: SYSTEM_ERRORS,
  },
  ETIMEDOUT: {
    cause:
      'No connection could be opened in time. Usually a firewall drops the packets, or the server is overloaded or down.',
    fix: "The gateway retries. Allow outgoing connections to the vendor's host and port, and check the address in the settings of the provider.",
    link: SYSTEM_ERRORS,
  },
  EHOSTUNREACH: UNREACHABLE,
  ENETUNREACH: UNREACHABLE,
  EADDRNOTAVAIL: {
    cause:
      'The machine has no local address or port for the connection, for example because too many connections are open or IPv6 is missing.',
    fix: 'Check the network of the machine and the number of its open connections.',
    link: NODE_ERRORS,
  },
  EMFILE: TOO_MANY_FILES,
  ENFILE: { ...TOO_MANY_FILES, cause: 'The machine has as many files and connections open as it may have.' },
  // TLS
  CERT_HAS_EXPIRED: {
    cause: "The server's certificate has expired, or the clock of the machine is wrong.",
    fix: 'Renew the certificate of the server at `endpoint`, or correct the clock. If it is the vendor itself, it has to act.',
    link: CERTIFICATES,
  },
  CERT_NOT_YET_VALID: {
    cause: "The server's certificate is not valid yet. Usually the clock of the machine is behind.",
    fix: 'Correct the clock of the machine.',
    link: CERTIFICATES,
  },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: INCOMPLETE_CHAIN,
  UNABLE_TO_GET_ISSUER_CERT: INCOMPLETE_CHAIN,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_AUTHORITY,
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
  DEPTH_ZERO_SELF_SIGNED_CERT: {
    cause: 'The server has a self-signed certificate. Usually `endpoint` is a test or internal server.',
    fix: 'Set `ca` to this certificate, or give the server one from a known authority.',
    link: CERTIFICATES,
  },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    cause:
      "The server's certificate is for another host name. Usually `endpoint` uses an IP address or alias, or a proxy answered.",
    fix: 'Set `endpoint` to a host name that the certificate contains.',
    link: NODE_ERRORS,
  },
  EPROTO: {
    cause:
      'The TLS handshake failed. Usually the port is not one for TLS, or both sides support different TLS versions.',
    fix: 'Correct `endpoint`, `url` or, for SMPP, `port` and `tls`; update the server if it supports only TLS versions before 1.2.',
    link: NODE_ERRORS,
  },
  ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NO_TLS,
  HPE_INVALID_CONSTANT: NO_HTTP,
  HPE_INVALID_VERSION: NO_HTTP,
  // HTTP/2
  REFUSED_STREAM: {
    cause:
      'The vendor returned the request unprocessed several times, usually because it was overloaded or restarting. The message was not sent.',
    fix: 'Nothing to do: the gateway retries.',
    link: HTTP2_ERRORS,
  },
  ENHANCE_YOUR_CALM: {
    cause:
      'The vendor or a proxy ended the request because it considers the load of the connection excessive.',
    fix: 'Nothing to do in single cases: the gateway opens another connection. If it is frequent, contact the vendor.',
    link: HTTP2_ERRORS,
  },
  CANCEL: { ...HTTP2_FAULT, cause: 'The vendor or a proxy cancelled the request without an answer.' },
  INTERNAL_ERROR: {
    ...HTTP2_FAULT,
    cause: 'The vendor or a proxy ended the request because of an internal fault.',
  },
  PROTOCOL_ERROR: HTTP2_FAULT,
  FLOW_CONTROL_ERROR: HTTP2_FAULT,
  SETTINGS_TIMEOUT: HTTP2_FAULT,
  STREAM_CLOSED: HTTP2_FAULT,
  FRAME_SIZE_ERROR: HTTP2_FAULT,
  COMPRESSION_ERROR: HTTP2_FAULT,
  CONNECT_ERROR: HTTP2_FAULT,
  INADEQUATE_SECURITY: {
    cause:
      'The server considers the TLS connection too weak for HTTP/2. Usually a proxy negotiates old ciphers.',
    fix: 'Update the proxy, or exclude the vendor from TLS inspection.',
    link: HTTP2_ERRORS,
  },
  HTTP_1_1_REQUIRED: {
    cause:
      'The server requires HTTP/1.1 for this request, although the vendor uses HTTP/2. Usually a proxy answered.',
    fix: 'Check `endpoint` and proxies between the gateway and the vendor.',
    link: HTTP2_ERRORS,
  },
  // HTTP statuses
  301: MOVED,
  302: MOVED,
  307: MOVED,
  308: MOVED,
  400: {
    cause:
      'The vendor considers the request malformed and states no code. Usually a field of this message is invalid, such as the address.',
    fix: 'Check the address and the content of the message. If all messages fail, check the settings of the provider.',
    link: `${MDN}/400`,
  },
  401: {
    cause: 'The vendor does not accept the credentials. Usually a key or token is wrong, revoked or expired.',
    fix: "Copy the credentials again from the vendor's console.",
    link: `${MDN}/401`,
  },
  402: {
    cause: 'The account with the vendor has no credit left.',
    fix: "Top up the account in the vendor's console.",
    link: `${MDN}/402`,
  },
  403: {
    cause:
      'The account may not do this. Usually a permission is missing, or the IP address of the gateway is not allowed; a proxy may also have refused the request.',
    fix: "Check the permissions, the allowed IP addresses and the state of the account in the vendor's console.",
    link: `${MDN}/403`,
  },
  404: {
    cause:
      'The address of the request does not exist. Usually `endpoint`, `url` or an id of the account or project is wrong.',
    fix: 'Correct the URL and the ids in the settings of the provider.',
    link: `${MDN}/404`,
  },
  405: {
    cause: 'The server does not accept this method at this address. Usually the URL is wrong.',
    fix: 'Correct `endpoint`, or `url` and `method` of an HTTP gateway.',
    link: `${MDN}/405`,
  },
  408: {
    cause: 'The server did not receive the whole request in time. The message may have been sent.',
    fix: 'If it is frequent, check the network and proxies between the gateway and the vendor.',
    link: `${MDN}/408`,
  },
  413: {
    cause: 'The message is larger than the vendor accepts.',
    fix: 'Shorten the message: the text of an SMS, or the payload of a push.',
    link: `${MDN}/413`,
  },
  415: {
    cause:
      'The server does not accept the format of the request. Usually the URL or, for an HTTP gateway, `content-type` is wrong.',
    fix: 'Correct `endpoint`, or `content-type` in `headers` of an HTTP gateway.',
    link: `${MDN}/415`,
  },
  422: {
    cause:
      'The vendor refused the content of the request and states no code. Usually a field of this message is invalid.',
    fix: 'Check the address and the content of the message. If all messages fail, check the settings of the provider.',
    link: `${MDN}/422`,
  },
  429: {
    cause: 'The account sends faster than the vendor allows.',
    fix: "Nothing to do: the gateway waits as long as the vendor asks, then retries. For SMS, set `throughputPerSecond` to the vendor's rate.",
    link: `${MDN}/429`,
  },
  500: {
    cause: 'A fault of the vendor.',
    fix: "Nothing to do: the gateway retries. If it persists, check the vendor's status page.",
    link: `${MDN}/500`,
  },
  502: {
    cause: "A proxy got no valid answer from the vendor's server.",
    fix: "Nothing to do: the gateway retries. If it persists, check the vendor's status page, or your own proxy.",
    link: `${MDN}/502`,
  },
  503: {
    cause: 'The vendor is overloaded or under maintenance.',
    fix: "Nothing to do: the gateway retries. If it persists, check the vendor's status page.",
    link: `${MDN}/503`,
  },
  504: {
    cause:
      "A proxy waited too long for the vendor's server, which has the request. The message may have been sent.",
    fix: "Check the vendor's status page, or your own proxy.",
    link: `${MDN}/504`,
  },
};
