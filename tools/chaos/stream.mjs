import { takeEvents } from '../stage/app.mjs';
import { hear, startScript, stop } from '../stage/children.mjs';

/** @typedef {import('./programs/stream.mjs').Webhook} Webhook */

const PROGRAM = new URL('programs/stream.mjs', import.meta.url);
/** More than any scenario posts. */
const MOST_EVENTS = 1_000_000;

/** Webhooks at a steady rate, from a separate process. */
export class Stream {
  constructor() {
    this.child = startScript(PROGRAM);
  }

  /** @param {Omit<import('./programs/stream.mjs').StreamRequest, 'first'>} request */
  start(request) {
    this.child.send({ ...request, first: takeEvents(MOST_EVENTS) });
  }

  /** Stops posting. @returns {Promise<Webhook[]>} all webhooks with their answers */
  stop() {
    return hear(this.child, 'stop');
  }

  end() {
    return stop(this.child);
  }
}
