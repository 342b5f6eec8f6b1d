/**
 * Every error that an answer can carry: its code, HTTP status and sentence. One closed list, so that a client can
 * rely on the codes and the OpenAPI page can show them.
 */
export const ERRORS = {
  'REQUEST.INVALID_JSON': [400, 'The body is not valid JSON.'],
  'REQUEST.INVALID_BODY': [400, 'The body does not have the expected form.'],
  'REQUEST.INVALID_QUERY': [400, 'The query does not have the expected form.'],
  'REQUEST.INVALID_HEADER': [400, 'A header does not have the expected form.'],
  'REQUEST.NOT_FOUND': [404, 'There is no such resource.'],
  'REQUEST.METHOD_NOT_ALLOWED': [405, 'This resource does not take this method.'],
  'REQUEST.TIMEOUT': [408, 'The request took too long to arrive.'],
  'REQUEST.TOO_LARGE': [413, 'The body is larger than this route takes.'],
  'REQUEST.UNSUPPORTED_MEDIA_TYPE': [415, 'The body must be application/json.'],
  'REQUEST.HEADERS_TOO_LARGE': [431, 'The headers are larger than this server takes.'],
  'REQUEST.MALFORMED': [400, 'The request is malformed.'],
  'AUTH.REQUIRED': [401, 'Credentials are required.'],
  'AUTH.INVALID': [401, 'The credentials are not valid.'],
  'AUTH.FORBIDDEN': [403, 'The credentials do not allow this.'],
  'WEBHOOK.UNAUTHORIZED': [401, 'The webhook credentials are missing or wrong.'],
  'WEBHOOK.INVALID_SIGNATURE': [401, 'The signature of the body is missing or wrong.'],
  'WEBHOOK.INVALID_BODY': [400, 'The body is not a webhook of this route.'],
  'WEBHOOK.UNKNOWN_APP': [403, 'This appId is not configured.'],
  'WEBHOOK.WRONG_APP': [403, 'These credentials belong to another app.'],
  'WEBHOOK.NOT_STORED': [503, 'The event could not be stored; send it again.'],
  'APP.REQUIRED': [400, 'Several apps are configured: name one in the appId header.'],
  'APP.UNKNOWN': [403, 'This appId is not configured, or not for these credentials.'],
  'DEVICE.INVALID_BODY': [400, 'The body is not a device registration.'],
  'DEVICE.UNKNOWN_PROVIDER': [400, 'The app has no push provider of this id for this platform.'],
  'DEVICE.NOT_FOUND': [404, 'There is no such device.'],
  'DEVICE.SESSION_REQUIRED': [400, 'Name the session, one token, or all=true.'],
  'CONTACT.INVALID_BODY': [400, 'The body is not a contact.'],
  'CONTACT.NOT_FOUND': [404, 'This person has no contact.'],
  'CONTACT.READ_ONLY': [403, 'This app does not let clients change their contact.'],
  'RECEIPT.INVALID_BODY': [400, 'The body does not tell what was seen.'],
  'NOTIFICATION.NOT_FOUND': [404, 'There is no such notification.'],
  'NOTIFICATION.NOT_STORED': [503, 'The notification could not be stored; ask again.'],
  'NOTIFICATION.IDEMPOTENCY_CONFLICT': [409, 'Something else was asked for under this Idempotency-Key.'],
  'NOTIFICATION.RING_OVER': [409, 'The call of this notification does not ring any more.'],
  'SERVICE.UNAVAILABLE': [503, 'A service behind the gateway cannot be reached; try again.'],
  'SERVICE.INTERNAL_ERROR': [500, 'The gateway has a fault; its log has the details under the request id.'],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export type ErrorCode = keyof typeof ERRORS;
