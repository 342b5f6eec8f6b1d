// Reads a configuration that may be invalid: a malformed value counts as unset.

export function at(node: unknown, key: string): unknown {
  return typeof node === 'object' && node !== null ? (Reflect.get(node, key) as unknown) : undefined;
}

export function list(node: unknown, key: string): readonly unknown[] {
  const value = at(node, key);
  return Array.isArray(value) ? value : [];
}

export function text(node: unknown, key: string): string | undefined {
  const value = at(node, key);
  return typeof value === 'string' ? value : undefined;
}

export function number(node: unknown, key: string): number | undefined {
  const value = at(node, key);
  return typeof value === 'number' ? value : undefined;
}
