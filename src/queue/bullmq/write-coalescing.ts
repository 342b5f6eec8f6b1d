// Works around two behaviors of ioredis 6.0:
// - It writes each command to the socket separately, and a system call costs more than creating and reading a command.
//   Pull request 343 proposed coalescing in the connector and was not merged; `enableAutoPipelining` saves a quarter
//   less (ADR 0025).
// - A failover notice during a connection attempt ends the client for good (`connectors/SentinelConnector`).
// Delete when ioredis coalesces the writes of a tick itself, and reconnects after such a notice.

import { SentinelConnector, type RedisOptions } from 'ioredis';
import { StandaloneConnector } from 'ioredis/built/connectors/index.js';

type Connector = NonNullable<RedisOptions['Connector']>;
type Connect = StandaloneConnector['connect'];
type Stream = Awaited<ReturnType<Connect>>;

/** Connects to a standalone server or a Cluster node. */
class StandaloneCoalescingConnector extends StandaloneConnector {
  override async connect(...args: Parameters<Connect>): Promise<Stream> {
    return coalesceWrites(await super.connect(...args));
  }
}

/** Connects to a master by its Sentinels. */
class SentinelCoalescingConnector extends SentinelConnector {
  override async connect(...args: Parameters<Connect>): Promise<Stream> {
    // Unsubscribes from failover notices: the Sentinels are queried next anyway.
    (this['failoverDetector'] as { cleanup(): void } | null)?.cleanup();
    return coalesceWrites(await super.connect(...args));
  }
}

/**
 * Value of the option `Connector`, also in a Cluster's `redisOptions`: connects like ioredis, and sends all commands of
 * an event-loop tick in one write.
 */
export function coalescingConnector({ sentinels }: RedisOptions = {}): Connector {
  return (sentinels ? SentinelCoalescingConnector : StandaloneCoalescingConnector) as Connector;
}

function coalesceWrites(stream: Stream): Stream {
  const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
  let isCorked = false;
  const uncork = (): void => {
    isCorked = false;
    stream.uncork();
  };
  stream.write = (...args: unknown[]): boolean => {
    if (!isCorked) {
      isCorked = true;
      stream.cork();
      setImmediate(uncork);
    }
    return write(...args);
  };
  return stream;
}
