/**
 * Counts by command.
 *
 * @typedef {ReadonlyMap<string, number>} Counts
 */

/** @param {string} info of `INFO commandstats` @returns {Counts} */
export const commandCounts = (info) =>
  new Map(
    [...info.matchAll(/^cmdstat_([^:|]+)[^:]*:calls=(\d+)/gm)]
      .map(([, name = '', calls]) => /** @type {const} */ ([name, Number(calls)]))
      .reduce(added, new Map()),
  );

/**
 * Commands that clients sent. Redis also counts those that scripts run.
 *
 * @param {object} counted
 * @param {Counts} counted.before
 * @param {Counts} counted.after
 * @param {Counts} counted.own sent meanwhile by the observer
 * @param {Counts} counted.sentShares share of each command that clients send themselves
 */
export const sentBetween = ({ before, after, own, sentShares }) =>
  [...after].reduce((sum, [name, calls]) => {
    const others = calls - (before.get(name) ?? 0) - (own.get(name) ?? 0);
    return sum + others * (sentShares.get(name) ?? 0);
  }, 0);

/** @param {Map<string, number>} counts @param {readonly [string, number]} entry */
function added(counts, [name, calls]) {
  return counts.set(name, (counts.get(name) ?? 0) + calls);
}

/** Counts the commands that other clients send to a Redis. */
export class RedisCommands {
  /** @type {Map<string, number>} */
  #own = new Map();

  /** @param {import('ioredis').Redis} redis the only connection of this process that is used meanwhile */
  constructor(redis) {
    this.redis = redis;
    const send = redis.sendCommand.bind(redis);
    redis.sendCommand = (command, ...rest) => {
      added(this.#own, [command.name.toLowerCase(), 1]);
      return send(command, ...rest);
    };
  }

  /**
   * Observes every command during `use`, which slows Redis down.
   *
   * @param {() => Promise<unknown>} use
   * @returns {Promise<Counts>} share of each command that clients send themselves, as opposed to scripts
   */
  async sentShares(use) {
    /** @type {Map<string, number>} */
    const sent = new Map();
    /** @type {Map<string, number>} */
    const all = new Map();
    const address = / addr=(\S+)/.exec(await this.redis.client('INFO'))?.[1];
    const monitor = await this.redis.monitor();
    monitor.on('monitor', (_time, /** @type {string[]} */ [name = ''], /** @type {string} */ source) => {
      if (source === address) return;
      added(all, [name.toLowerCase(), 1]);
      if (source !== 'lua') added(sent, [name.toLowerCase(), 1]);
    });
    try {
      await use();
    } finally {
      monitor.disconnect();
    }
    return new Map([...all].map(([name, calls]) => [name, (sent.get(name) ?? 0) / calls]));
  }

  /**
   * @template T
   * @param {Counts} sentShares
   * @param {() => Promise<T>} use
   * @returns {Promise<{ result: T, commands: number }>} commands that other clients sent during `use`
   */
  async during(sentShares, use) {
    const before = await this.#counts();
    this.#own.clear();
    const result = await use();
    const own = new Map(this.#own);
    const after = await this.#counts();
    return { result, commands: sentBetween({ before, after, own, sentShares }) };
  }

  async #counts() {
    return commandCounts(await this.redis.info('commandstats'));
  }
}
