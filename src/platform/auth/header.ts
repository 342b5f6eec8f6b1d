import type { FastifyRequest } from 'fastify';

/** The value of a request header that was sent once and is not empty. */
export function headerOf(request: FastifyRequest, lowerCaseName: string): string | undefined {
  const value = request.headers[lowerCaseName];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
