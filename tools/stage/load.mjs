import { takeEvents } from './app.mjs';
import { hear, startScript, stop } from './children.mjs';

/**
 * @typedef {import('./programs/load-generator.mjs').Order} Order
 * @typedef {import('./programs/load-generator.mjs').Posted} Posted
 */

const PROGRAM = new URL('./programs/load-generator.mjs', import.meta.url);
/** More than any server answers in a run that is limited by time. */
const MOST_PER_RUN = 5_000_000;

/** Plays CometChat, from a process of its own. */
export class Load {
  constructor() {
    this.child = startScript(PROGRAM);
  }

  /** @param {Omit<Order, 'first' | 'kind'> & { kind?: Order['kind'] }} order @returns {Promise<Posted>} */
  post(order) {
    const first = takeEvents(order.count ?? MOST_PER_RUN);
    return hear(this.child, { kind: 'chat', first, ...order });
  }

  stop() {
    return stop(this.child);
  }
}
