/** Merges sequences that are each sorted by age, oldest first. */
export async function* byAge<T>(
  sources: readonly AsyncIterator<T>[],
  atOf: (item: T) => number,
): AsyncGenerator<T, void> {
  const heads = await Promise.all(sources.map(async (source) => ({ source, next: await source.next() })));
  for (;;) {
    let oldest: { readonly head: (typeof heads)[number]; readonly value: T; readonly at: number } | undefined;
    for (const head of heads) {
      if (head.next.done) continue;
      const at = atOf(head.next.value);
      if (!oldest || at < oldest.at) oldest = { head, value: head.next.value, at };
    }
    if (!oldest) return;
    yield oldest.value;
    oldest.head.next = await oldest.head.source.next();
  }
}
