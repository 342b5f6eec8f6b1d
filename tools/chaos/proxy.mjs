import { connect, createServer } from 'node:net';
import { freePort } from './ports.mjs';

/**
 * State of a line. `delay` applies to each direction; `trickle` limits the rate of each connection and direction.
 *
 * @typedef {{ state: 'well' } | { state: 'cut' } | { state: 'delay', ms: number } | { state: 'trickle', bytesPerSecond: number }} Line
 */

/** Interval between two writes of a trickle. */
const DROP_EVERY_MS = 20;

/** A TCP proxy that can delay, throttle and cut the connections to a server. */
export class Proxy {
  /** @type {Set<import('node:net').Socket>} */
  #sockets = new Set();
  /** @type {Line} */
  #line = { state: 'well' };

  /** @param {number} port @param {string} target URL */
  constructor(port, target) {
    const url = new URL(target);
    this.#target = { host: url.hostname, port: Number(url.port) };
    url.host = `127.0.0.1:${port}`;
    /** URL of the server through this proxy. */
    this.url = url.href;
    this.server = createServer((client) => this.#accept(client));
  }

  /** @type {{ host: string, port: number }} */
  #target;

  /** @param {string} target URL @returns {Promise<Proxy>} */
  static async start(target) {
    const port = await freePort();
    const proxy = new Proxy(port, target);
    await new Promise((resolve) => proxy.server.listen(port, '127.0.0.1', () => resolve(undefined)));
    return proxy;
  }

  /** @param {Line} line from now on */
  become(line) {
    this.#line = line;
    if (line.state === 'cut') this.#hangUp();
  }

  close() {
    this.#hangUp();
    this.server.close();
  }

  /** @param {import('node:net').Socket} client */
  #accept(client) {
    if (this.#line.state === 'cut') {
      client.destroy();
      return;
    }
    const upstream = connect(this.#target);
    this.#carry(client, upstream);
    this.#carry(upstream, client);
  }

  /** @param {import('node:net').Socket} from @param {import('node:net').Socket} to */
  #carry(from, to) {
    this.#sockets.add(from);
    from.setNoDelay(true);
    /** Preserves the order: each piece waits for the previous one. */
    let sending = Promise.resolve();
    from.on('data', (piece) => {
      const arrivesAt = performance.now() + (this.#line.state === 'delay' ? this.#line.ms : 0);
      from.pause();
      sending = sending.then(() => this.#pass(piece, arrivesAt, to));
      // A throttled line applies backpressure; a delayed one does not.
      if (this.#line.state === 'trickle') void sending.then(() => from.resume());
      else from.resume();
    });
    from.on('error', () => from.destroy());
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
  }

  /** @param {Buffer} piece @param {number} arrivesAt @param {import('node:net').Socket} to */
  async #pass(piece, arrivesAt, to) {
    const waitMs = arrivesAt - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    let rest = piece;
    while (rest.length > 0 && this.#line.state === 'trickle' && !to.destroyed) {
      const drop = Math.max(1, Math.round((this.#line.bytesPerSecond * DROP_EVERY_MS) / 1_000));
      to.write(rest.subarray(0, drop));
      rest = rest.subarray(drop);
      await new Promise((resolve) => setTimeout(resolve, DROP_EVERY_MS));
    }
    if (rest.length > 0 && !to.destroyed) to.write(rest);
  }

  #hangUp() {
    for (const socket of this.#sockets) socket.destroy();
  }
}
