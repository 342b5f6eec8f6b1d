import type { FastifyRequest } from 'fastify';
import type { Access, Caller } from './access.js';

/** Finds out who calls, from the head of the request alone. */
export interface RequestGuard {
  /** Its routes take a body of any media type, as the bytes that came. */
  readonly takesRawBody?: boolean;
  /** @throws GatewayError where the caller may not pass. */
  admit(request: FastifyRequest): Caller | Promise<Caller>;
  /**
   * Looks at the raw body before anything parses it.
   *
   * @throws GatewayError where the caller may not pass with it.
   */
  inspectBody?(request: FastifyRequest, body: Buffer): void;
}

/** Which guard stands at which kind of route. Rooms add their own at start. */
export class Guards {
  private readonly byAccess = new Map<Access, RequestGuard>();

  set(access: Access, guard: RequestGuard): void {
    this.byAccess.set(access, guard);
  }

  get(access: Access): RequestGuard | undefined {
    return this.byAccess.get(access);
  }
}
