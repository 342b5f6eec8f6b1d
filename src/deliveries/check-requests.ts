import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { newId } from '../platform/ids/new-id.js';
import { JobQueue } from '../queue/job-queue.js';
import { ProviderCheckRepository, type ProviderCheck } from './provider-check.repository.js';
import type { ProviderAccount } from './provider-state.repository.js';

/** A check is not repeated earlier, so that nobody exhausts the vendor's limits. */
const FRESH_MS = 10_000;
const ANSWER_WITHIN_MS = 15_000;
const LOOK_EVERY_MS = 200;
const STORED_WITHIN_MS = 2_000;

/** Asks a worker to check an account, and waits. Concurrent requests for an account share one wait. */
@Injectable()
export class CheckRequests {
  private readonly waits = new Map<string, Promise<boolean>>();

  constructor(
    private readonly checks: ProviderCheckRepository,
    private readonly queue: JobQueue,
  ) {}

  /**
   * @param size the number of accounts that share the id.
   * @returns whether there are results from within the last seconds for each of them.
   * @throws QueueUnavailable if the check could not be enqueued.
   */
  run(account: ProviderAccount, size: number): Promise<boolean> {
    const key = JSON.stringify([account.appId, account.channel, account.provider]);
    const wait = this.waits.get(key) ?? this.ask(account, size).finally(() => this.waits.delete(key));
    this.waits.set(key, wait);
    return wait;
  }

  private async ask(account: ProviderAccount, size: number): Promise<boolean> {
    const { appId, channel, provider } = account;
    const isFresh = async (): Promise<boolean> =>
      (await this.checks.all()).filter((check) => isOf(check, account) && check.ageMs < FRESH_MS).length >=
      size;
    if (await isFresh()) return true;
    const data = { v: 1, account: { appId, channel, provider } } as const;
    await this.queue.add(
      { queueName: 'upkeep', name: 'provider.check', id: newId(), data },
      STORED_WITHIN_MS,
    );
    const until = performance.now() + ANSWER_WITHIN_MS;
    while (performance.now() < until) {
      await sleep(LOOK_EVERY_MS);
      if (await isFresh()) return true;
    }
    return false;
  }
}

const isOf = (check: ProviderCheck, { appId, channel, provider }: ProviderAccount): boolean =>
  check.appId === appId && check.channel === channel && check.provider === provider;
