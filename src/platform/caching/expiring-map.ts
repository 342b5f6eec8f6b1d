interface Entry<V> {
  readonly value: V;
  readonly until: number;
}

/** Values that are remembered for a while; of too many, the one that was asked for longest ago goes. */
export class ExpiringMap<V> {
  /** In the order in which they were last asked for. */
  private readonly entries = new Map<string, Entry<V>>();

  /** @param ttlMs how long a value stands; @param maxEntries how many there are at most. */
  constructor(
    private readonly ttlMs: number,
    private readonly maxEntries: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get(key: string): V | undefined {
    const entry = this.entries.get(key);
    if (!entry) return undefined;
    this.entries.delete(key);
    if (entry.until <= this.now()) return undefined;
    this.entries.set(key, entry);
    return entry.value;
  }

  set(key: string, value: V): void {
    this.entries.delete(key);
    this.entries.set(key, { value, until: this.now() + this.ttlMs });
    if (this.entries.size <= this.maxEntries) return;
    const [oldest] = this.entries.keys();
    if (oldest !== undefined) this.entries.delete(oldest);
  }

  delete(key: string): void {
    this.entries.delete(key);
  }
}
