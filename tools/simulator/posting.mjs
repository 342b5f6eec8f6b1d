import { setTimeout as sleep } from 'node:timers/promises';

/**
 * @typedef {import('./events.mjs').Event} Event
 * @typedef {import('./gateway.mjs').Answer} Answer
 * @typedef {object} Posted
 * @property {Answer[]} answers
 * @property {number} tookMs
 * @property {number} latenessMs delay of the last webhook behind the requested rate
 */

/**
 * Posts events in order: with a rate, each turn at its time; without one, as fast as answers arrive.
 *
 * @param {readonly Event[]} events
 * @param {{ rate: number, concurrency: number }} load
 * @param {(event: Event) => Promise<Answer>} send must not throw
 * @param {() => void} onAnswer called after each answer
 * @returns {Promise<Posted>}
 */
export async function post(events, { rate, concurrency }, send, onAnswer) {
  const startedAt = performance.now();
  const dueMs = rate > 0 ? dueTimes(events, rate) : events.map(() => 0);
  const left = events.entries();
  /** @type {Answer[]} */
  const answers = [];
  let latenessMs = 0;
  const worker = async () => {
    for (const [index, event] of left) {
      const due = dueMs[index] ?? 0;
      const early = due - (performance.now() - startedAt);
      if (early > 0) await sleep(early);
      if (rate > 0) latenessMs = Math.max(0, performance.now() - startedAt - due);
      answers[index] = await send(event);
      onAnswer();
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return { answers, tookMs: performance.now() - startedAt, latenessMs };
}

/**
 * Due time of each event in milliseconds from the start: all events of a turn at once, and the turns spaced so that the
 * average rate is as requested.
 *
 * @param {readonly Event[]} events @param {number} rate events a second
 * @returns {number[]}
 */
export function dueTimes(events, rate) {
  let turnStart = 0;
  return events.map((event, index) => {
    if (event.turn !== events[turnStart]?.turn) turnStart = index;
    return (turnStart / rate) * 1_000;
  });
}
