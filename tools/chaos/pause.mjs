import { setTimeout as sleep } from 'node:timers/promises';
import { goOn } from '../stage/children.mjs';

const STEP_MS = 100;

/** Waits. @param {number} ms @throws {Error} after `breakOff` */
export async function pause(ms) {
  const until = performance.now() + ms;
  for (let leftMs = ms; leftMs > 0; leftMs = until - performance.now()) {
    goOn();
    await sleep(Math.min(leftMs, STEP_MS));
  }
  goOn();
}

/** Waits for a random time. @param {number} fromMs @param {number} toMs */
export const anyMoment = (fromMs, toMs) => pause(fromMs + Math.random() * (toMs - fromMs));
