import { setTimeout as sleep } from 'node:timers/promises';
import { CommandFailed, EXIT } from '../command.js';

const LOOK_EVERY_MS = 500;

/**
 * Asks until the answer is complete.
 *
 * @param withinMs then the last answer counts.
 * @throws CommandFailed if the user interrupts it.
 */
export async function waitFor<T>(
  ask: () => Promise<T>,
  isComplete: (answer: T) => boolean,
  signal: AbortSignal,
  withinMs = Number.POSITIVE_INFINITY,
): Promise<T> {
  const until = performance.now() + withinMs;
  let answer = await ask();
  while (!isComplete(answer) && performance.now() < until) {
    await pause(LOOK_EVERY_MS, signal);
    answer = await ask();
  }
  return answer;
}

/** @throws CommandFailed if the user interrupts it. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {
    throw new CommandFailed(EXIT.interrupted, 'Interrupted.');
  });
}
