/** What had to go so that a push fits. */
export interface Fitted<T> {
  readonly payload: T;
  readonly dropped: readonly string[];
}

/**
 * Makes a push fit its vendor's limit: `message` goes first, then `custom`, then the body is cut.
 *
 * @param data the fields, not changed; @param build makes the push from them; @param sizeOf its size in bytes.
 */
export function fit<T>(
  data: Readonly<Record<string, string>>,
  build: (data: Readonly<Record<string, string>>) => T,
  sizeOf: (payload: T) => number,
  limit: number,
): Fitted<T> {
  const rest = { ...data };
  const dropped: string[] = [];
  for (const field of ['message', 'custom']) {
    const payload = build(rest);
    if (sizeOf(payload) <= limit) return { payload, dropped };
    if (field in rest) {
      delete rest[field];
      dropped.push(field);
    }
  }
  const payload = build(rest);
  if (sizeOf(payload) <= limit || rest['body'] === undefined) return { payload, dropped };
  return { payload: cutBody(rest, build, sizeOf, limit), dropped: [...dropped, 'body'] };
}

/** The longest beginning of the body, in whole characters as people see them, that fits. */
function cutBody<T>(
  data: Readonly<Record<string, string>>,
  build: (data: Readonly<Record<string, string>>) => T,
  sizeOf: (payload: T) => number,
  limit: number,
): T {
  const graphemes = [...new Intl.Segmenter().segment(data['body'] ?? '')].map(({ segment }) => segment);
  const withLength = (length: number): T =>
    build({ ...data, body: `${graphemes.slice(0, length).join('')}…` });
  let fits = 0;
  let tooLong = graphemes.length;
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1;
    if (sizeOf(withLength(middle)) <= limit) fits = middle;
    else tooLong = middle;
  }
  return withLength(fits);
}
