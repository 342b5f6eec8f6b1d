import { isObject } from './vendor-request.js';

/** Read so much of a body: a proxy's page may be long. */
const MAX_BODY = 4_096;
/** Levels of an error body, such as `{"requestError":{"serviceException":{"text":…}}}`. */
const MAX_DEPTH = 4;

/** Fields in which vendors explain an error, the most telling first. */
const FIELDS = [
  'message',
  'Message',
  'detail',
  'description',
  'error-text',
  'error_message',
  'msg',
  'text',
  'title',
  'error',
  'reason',
] as const;

/**
 * The vendor's own words in the body of an answer: its explanation if the body is JSON, otherwise the text of the body,
 * without tags.
 *
 * @returns undefined if there are none.
 */
export function vendorWords(body: string): string | undefined {
  const given = body.slice(0, MAX_BODY);
  const words = explanationIn(parse(body)) ?? given.replace(/<(style|script)\b.*?<\/\1>|<[^>]*>/gis, ' ');
  return words.trim() === '' ? undefined : words;
}

/** The shallowest explanation, and among those the one in the most telling field. */
function explanationIn(value: unknown): string | undefined {
  for (let level: unknown[] = [value], depth = 0; level.length > 0 && depth <= MAX_DEPTH; depth++) {
    const objects = level.filter(isObject);
    for (const field of FIELDS) {
      for (const object of objects) {
        const words = object[field];
        if (typeof words === 'string' && words.trim() !== '') return words;
      }
    }
    level = level.flatMap(childrenOf);
  }
  return undefined;
}

function childrenOf(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value) : [];
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
