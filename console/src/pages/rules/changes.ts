/** A field that differs; undefined: it is not there. */
export interface Change {
  /** `notificationDetails.title` */
  readonly field: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** The fields that differ, in the order of the event. */
export function changesBetween(before: unknown, after: unknown): Change[] {
  const [old, changed] = [fieldsOf(before), fieldsOf(after)];
  const fields = new Set([...old.keys(), ...changed.keys()]);
  return [...fields]
    .map((field) => ({ field, before: old.get(field), after: changed.get(field) }))
    .filter((change) => change.before !== change.after);
}

/** Leaves by their path. Empty objects and arrays are leaves. */
function fieldsOf(value: unknown): Map<string, string> {
  const found = new Map<string, string>();
  const open = [{ path: '', value }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { path, value: part } = next;
    const members: [string, unknown][] =
      typeof part === 'object' && part !== null ? Object.entries(part) : [];
    if (members.length === 0) found.set(path, typeof part === 'string' ? part : JSON.stringify(part));
    // The last is taken first.
    for (const [name, member] of members.toReversed())
      open.push({ path: path === '' ? name : `${path}.${name}`, value: member });
  }
  return found;
}
