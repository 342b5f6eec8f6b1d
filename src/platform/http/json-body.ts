import { isUtf8 } from 'node:buffer';
import secureJson from 'secure-json-parse';
import { GatewayError } from '../errors/gateway-error.js';

/** Deeper than any documented CometChat payload, far below a stack overflow in a recursive reader. */
const MAX_DEPTH = 64;

/**
 * Parses a JSON body.
 *
 * @throws GatewayError `REQUEST.INVALID_JSON` if it is not UTF-8, not JSON, nested deeper than 64 levels, or has a
 *   key that would modify an object's prototype (`__proto__`, `constructor.prototype`).
 */
export function parseJsonBody(body: Buffer): unknown {
  if (!isUtf8(body)) throw invalid('is not valid UTF-8');
  if (depthOf(body) > MAX_DEPTH) throw invalid(`is nested deeper than ${MAX_DEPTH} levels`);
  try {
    return secureJson.parse(body);
  } catch (error) {
    const hostile = error instanceof SyntaxError && error.message.includes('forbidden prototype');
    throw invalid(hostile ? 'has a forbidden key (__proto__ or constructor.prototype)' : 'is not valid JSON');
  }
}

function invalid(problem: string): GatewayError {
  return new GatewayError('REQUEST.INVALID_JSON', { errors: [{ path: '', problem }] });
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Of `[` and `{`, and of `]` and `}`: they differ in this bit alone. */
const CASE_BIT = 0x20;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/** Nesting depth of brackets outside strings; exact for valid JSON. */
function depthOf(body: Buffer): number {
  let depth = 0;
  let deepest = 0;
  for (let i = 0; i < body.length; i++) {
    const byte = body[i] ?? 0;
    if (byte === QUOTE) {
      for (i++; i < body.length && body[i] !== QUOTE; i++) if (body[i] === BACKSLASH) i++;
    } else if ((byte | CASE_BIT) === OPEN) {
      depth++;
      if (depth > deepest) deepest = depth;
    } else if ((byte | CASE_BIT) === CLOSE) {
      depth--;
    }
  }
  return deepest;
}
