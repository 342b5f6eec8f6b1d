import { Injectable } from '@nestjs/common';
import type { JobName, Jobs } from './jobs.js';

/** Work of a stage that no notification waits for. */
export interface UpkeepTask<N extends JobName> {
  /** Runs once at start, to schedule the task. */
  start(): Promise<void>;
  /** @param signal aborts work in progress at shutdown. */
  run(data: Jobs[N], signal: AbortSignal): Promise<void>;
}

/** Tasks of the queue `upkeep` by job name. Stages add their own when they are initialised. */
@Injectable()
export class UpkeepTasks {
  private readonly tasks = new Map<string, UpkeepTask<never>>();

  add<N extends JobName>(name: N, task: UpkeepTask<N>): void {
    this.tasks.set(name, task);
  }

  find(name: string): UpkeepTask<never> | undefined {
    return this.tasks.get(name);
  }

  all(): readonly UpkeepTask<never>[] {
    return [...this.tasks.values()];
  }
}
