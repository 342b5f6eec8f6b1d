import { takeEvents } from '../stage/app.mjs';
import { hear, startScript, stop } from '../stage/children.mjs';

/** @typedef {import('./programs/stream.mjs').Webhook} Webhook */

const PROGRAM = new URL('programs/stream.mjs', import.meta.url);
/** More than any scenario posts. */
const MOST_EVENTS = 1_000_000;

/** Webhooks at a steady rate, from a process of its own. */
export class Stream {
  constructor() {
    this.child = startScript(PROGRAM);
  }

  /** @param {Omit<import('./programs/stream.mjs').StreamOrder, 'first'>} order */
  start(order) {
    this.child.send({ ...order, first: takeEvents(MOST_EVENTS) });
  }

  /** Posts no more. @returns {Promise<Webhook[]>} all that were posted, each with its answer */
  stop() {
    return hear(this.child, 'stop');
  }

  end() {
    return stop(this.child);
  }
}
