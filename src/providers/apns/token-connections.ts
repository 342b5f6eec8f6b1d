import type { OutboundClient } from '../../platform/outbound/outbound-client.js';

/**
 * Connections to APNs, each of which carries one provider token for its life.
 *
 * Apple takes a second token over a connection no sooner than 20 minutes after the first, and a connection may have
 * been opened a second before the token changes. So the connections change with it; what is under way ends on the old
 * ones.
 * https://developer.apple.com/documentation/usernotifications/establishing-a-token-based-connection-to-apns
 */
export class TokenConnections {
  private client: OutboundClient;
  private token: string | undefined;
  private readonly ending = new Set<Promise<void>>();

  /** @param open gives a client that connects only when it is asked to send. */
  constructor(private readonly open: () => OutboundClient) {
    this.client = open();
  }

  /** The connections for this token, the one to send from now on. */
  of(token: string): OutboundClient {
    if (this.token !== undefined && this.token !== token) this.replace(this.client);
    this.token = token;
    return this.client;
  }

  /** Apple takes nothing more over these for a while: the next push opens others. */
  replace(client: OutboundClient): void {
    if (client !== this.client) return;
    this.client = this.open();
    const ended = client.close().finally(() => this.ending.delete(ended));
    this.ending.add(ended);
  }

  /** Lets what was asked before end, each within its time, and closes all connections. */
  async close(): Promise<void> {
    await Promise.all([...this.ending, this.client.close()]);
  }
}
