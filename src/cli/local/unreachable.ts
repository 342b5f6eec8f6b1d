import { codeOf } from '../../platform/errors/code-of.js';
import { withoutUserinfo } from '../../platform/logging/without-userinfo.js';

const NETWORK =
  /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|57P0[123])$/;

/** Whether a store could not be reached, or is starting or stopping. */
export function isUnreachable(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isUnreachable);
  return NETWORK.test(codeOf(error) ?? '') || /timeout|terminated/i.test(messageOf(error));
}

/** For a name with several addresses, Node throws an AggregateError without a message. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join('; ');
  return withoutUserinfo(error instanceof Error ? error.message : String(error));
}
