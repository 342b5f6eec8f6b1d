import { SentinelConnector, type RedisOptions } from 'ioredis';
import { StandaloneConnector } from 'ioredis/built/connectors/index.js';

type Connect = StandaloneConnector['connect'];
type Stream = Awaited<ReturnType<Connect>>;

/** Its own server, or a node of a cluster. */
class StandaloneCoalescingConnector extends StandaloneConnector {
  override async connect(...args: Parameters<Connect>): Promise<Stream> {
    return coalesceWrites(await super.connect(...args));
  }
}

/** A server that Sentinels watch. */
class SentinelCoalescingConnector extends SentinelConnector {
  override async connect(...args: Parameters<Connect>): Promise<Stream> {
    // In ioredis 6.0 a failover notice that arrives while connecting ends the attempt, and the client for good. The
    // notice is not needed then: the Sentinels are about to be asked. Remove when ioredis reconnects by itself.
    (this['failoverDetector'] as { cleanup(): void } | null)?.cleanup();
    return coalesceWrites(await super.connect(...args));
  }
}

/**
 * The option `Connector` of a connection, or of a cluster's `redisOptions`: connects as ioredis does by itself, and
 * sends all commands of one turn of the event loop in one write. A system call for each of them costs more than to
 * make and read the command.
 */
export function coalescingConnector({ sentinels }: RedisOptions = {}): NonNullable<
  RedisOptions['Connector']
> {
  return (sentinels ? SentinelCoalescingConnector : StandaloneCoalescingConnector) as NonNullable<
    RedisOptions['Connector']
  >;
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
