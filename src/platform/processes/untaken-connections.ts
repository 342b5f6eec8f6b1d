// node:cluster forgets a connection whose process dies before it takes it: the connection stays open in the supervisor,
// and its client waits until its own time limit (`RoundRobinHandle.handoff` in lib/internal/cluster of Node 20 to 24).
// Delete when `handoff` closes or redistributes such connections.

import type { Worker } from 'node:cluster';

/** A connection as node:cluster sends it. */
interface Connection {
  close(): void;
}

/** The process to which a connection was offered last: one that is stopping passes it on. */
const offeredTo = new WeakMap<Connection, Worker>();

/** Closes the connection that a process was offered and had not taken when it ended. The client may then try again. */
export function closeUntakenConnections(worker: Worker): void {
  /** By listener: the next one is offered after the last one was taken. Closing that again does nothing. */
  const offered = new Map<unknown, Connection>();
  const process = worker.process;
  const send = process.send.bind(process) as (...args: unknown[]) => boolean;
  process.send = (...args: unknown[]): boolean => {
    const [message, connection] = args;
    if (isOffer(message) && isConnection(connection)) {
      offered.set(message.key, connection);
      offeredTo.set(connection, worker);
    }
    return send(...args);
  };
  worker.once('exit', () => {
    for (const connection of offered.values()) if (offeredTo.get(connection) === worker) connection.close();
  });
}

function isOffer(message: unknown): message is { readonly key: unknown } {
  return typeof message === 'object' && message !== null && 'act' in message && message.act === 'newconn';
}

function isConnection(handle: unknown): handle is Connection {
  return typeof handle === 'object' && handle !== null && 'close' in handle;
}
