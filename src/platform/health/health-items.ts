/** State of one dependency. The detail contains no user, address or secret. */
export interface HealthItem {
  readonly status: 'up' | 'down';
  readonly detail?: string;
}

/** Items of `/health/ready` besides the stores. Stages register their own at start. */
export class HealthItems {
  private readonly checks = new Map<string, () => HealthItem>();

  add(name: string, check: () => HealthItem): void {
    this.checks.set(name, check);
  }

  all(): Record<string, HealthItem> {
    return Object.fromEntries([...this.checks].map(([name, check]) => [name, check()]));
  }
}
