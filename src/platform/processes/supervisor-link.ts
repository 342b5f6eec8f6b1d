import type { Worker } from 'node:cluster';
import type { MetricsSnapshot, SiblingMetrics } from '../metrics/merged-metrics.js';
import { within } from '../timing/within.js';
import type { Addresses, Assignment, ToProcess, ToSupervisor } from './supervisor-messages.js';

/** Longer than the supervisor waits for the other processes. */
const MERGE_WITHIN_MS = 3_000;

/** Cause of a stop: the supervisor asks for it, or is gone. */
export type StopReason = { readonly signal: NodeJS.Signals } | 'supervisor gone';

/** The connection of a process to its supervisor. */
export class SupervisorLink implements SiblingMetrics {
  readonly assignment: Promise<Assignment>;
  /** Collects the metrics of this process that are summed over all. */
  onCollect: (() => Promise<MetricsSnapshot>) | undefined;
  private onAssigned: (assignment: Assignment) => void = () => undefined;
  private onStop: ((reason: StopReason) => void) | undefined;
  private stopReason: StopReason | undefined;
  private readonly merging = new Map<number, (text: string) => void>();
  private lastId = 0;

  /** @param worker this process, as `node:cluster` knows it. */
  constructor(private readonly worker: Worker) {
    this.assignment = new Promise((resolve) => (this.onAssigned = resolve));
    worker.on('message', (message: ToProcess) => void this.receive(message));
    worker.once('disconnect', () => {
      // Otherwise node:cluster ends the process at once.
      worker.exitedAfterDisconnect = true;
      this.stop('supervisor gone');
    });
    this.send({ kind: 'joined' });
  }

  /** Replaces the function that stops this process. It is called at once if the stop is due already. */
  whenStopping(stop: (reason: StopReason) => void): void {
    this.onStop = stop;
    if (this.stopReason !== undefined) stop(this.stopReason);
  }

  listening(addresses: Addresses): void {
    this.send({ kind: 'listening', addresses });
  }

  /** Merges the metrics of this process with those of the others. @throws TimeLimitExceeded without a supervisor. */
  async merge(metrics: MetricsSnapshot): Promise<string> {
    const id = ++this.lastId;
    try {
      return await within(
        MERGE_WITHIN_MS,
        new Promise<string>((resolve) => {
          this.merging.set(id, resolve);
          this.send({ kind: 'merge', id, metrics });
        }),
      );
    } finally {
      this.merging.delete(id);
    }
  }

  private async receive(message: ToProcess): Promise<void> {
    switch (message.kind) {
      case 'start':
        return this.onAssigned(message.assignment);
      case 'stop':
        return this.stop({ signal: message.signal });
      case 'collect':
        return this.send({ kind: 'collected', metrics: (await this.onCollect?.()) ?? [] });
      case 'merged':
        return this.merging.get(message.id)?.(message.text);
      default:
        message satisfies never;
    }
  }

  private stop(reason: StopReason): void {
    this.stopReason ??= reason;
    this.onStop?.(reason);
  }

  private send(message: ToSupervisor): void {
    if (this.worker.isConnected()) this.worker.send(message, () => undefined);
  }
}
