import type { FastifyRequest } from 'fastify';
import type { Access, Caller } from './access.js';

/** Authenticates a request from its head alone. */
export interface RequestAuthenticator {
  /** Its routes accept any media type, as raw bytes. */
  readonly takesRawBody?: boolean;
  /** @throws GatewayError if authentication fails. */
  authenticate(request: FastifyRequest): Caller | Promise<Caller>;
  /**
   * Verifies the raw body before it is parsed.
   *
   * @throws GatewayError if verification fails.
   */
  inspectBody?(request: FastifyRequest, body: Buffer): void;
}

/** Authenticators by kind of access. Stages register their own at start. */
export class Authenticators {
  private readonly byAccess = new Map<Access, RequestAuthenticator>();

  set(access: Access, guard: RequestAuthenticator): void {
    this.byAccess.set(access, guard);
  }

  get(access: Access): RequestAuthenticator | undefined {
    return this.byAccess.get(access);
  }
}
