import type { HttpClient } from '../http-client/http-client.js';

/**
 * Connections to APNs, each of which carries a single provider token.
 *
 * Apple rejects a second token on a connection within 20 minutes of the first, and a connection may be opened a second
 * before the token changes. Connections are therefore replaced together with the token. Requests in progress finish on
 * the old connections.
 * https://developer.apple.com/documentation/usernotifications/establishing-a-token-based-connection-to-apns
 */
export class TokenConnections {
  private client: HttpClient;
  private token: string | undefined;
  private readonly ending = new Set<Promise<void>>();

  /** @param open returns a client that connects on its first request. */
  constructor(private readonly open: () => HttpClient) {
    this.client = open();
  }

  /** @returns the connections for this token, which replaces the one before. */
  of(token: string): HttpClient {
    if (this.token !== undefined && this.token !== token) this.replace(this.client);
    this.token = token;
    return this.client;
  }

  /** Closes connections that Apple rejects for a while; the next push opens new ones. */
  replace(client: HttpClient): void {
    if (client !== this.client) return;
    this.client = this.open();
    const ended = client.close().finally(() => this.ending.delete(ended));
    this.ending.add(ended);
  }

  /** Closes all connections once the requests in progress have finished. */
  async close(): Promise<void> {
    await Promise.all([...this.ending, this.client.close()]);
  }
}
