/** How one thing is that a process needs. The detail names no person, address or secret. */
export interface HealthItem {
  readonly status: 'up' | 'down';
  readonly detail?: string;
}

/** What a process shows at `/health/ready` beside its stores. Rooms add their own at start. */
export class HealthItems {
  private readonly checks = new Map<string, () => HealthItem>();

  add(name: string, check: () => HealthItem): void {
    this.checks.set(name, check);
  }

  all(): Record<string, HealthItem> {
    return Object.fromEntries([...this.checks].map(([name, check]) => [name, check()]));
  }
}
