import { takeEvents } from './app.mjs';
import { hear, startScript, stop } from './children.mjs';

/**
 * @typedef {import('./programs/load-generator.mjs').LoadRequest} LoadRequest
 * @typedef {import('./programs/load-generator.mjs').Posted} Posted
 */

const PROGRAM = new URL('./programs/load-generator.mjs', import.meta.url);
/** More than any server answers in a run limited by time. */
const MOST_PER_RUN = 5_000_000;

/** Simulates CometChat in a separate process. */
export class Load {
  constructor() {
    this.child = startScript(PROGRAM);
  }

  /** @param {Omit<LoadRequest, 'first' | 'kind'> & { kind?: LoadRequest['kind'] }} request @returns {Promise<Posted>} */
  post(request) {
    const first = takeEvents(request.count ?? MOST_PER_RUN);
    return hear(this.child, { kind: 'chat', first, ...request });
  }

  stop() {
    return stop(this.child);
  }
}
