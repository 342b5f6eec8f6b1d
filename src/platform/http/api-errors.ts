import { ApiDefaultResponse, ApiResponse } from '@nestjs/swagger';
import { ERRORS, type ErrorCode } from '../errors/error-table.js';
import { ErrorBodyDto } from './error-body.dto.js';

/** Metadata key of a handler's error codes, extended by several decorators. */
const CODES = Symbol('api-errors');

/** Errors of routes with a body, before the body is parsed. */
export const BODY_ERRORS = [
  'REQUEST.INVALID_JSON',
  'REQUEST.TOO_LARGE',
  'REQUEST.UNSUPPORTED_MEDIA_TYPE',
] as const satisfies readonly ErrorCode[];

/** Documents a route's errors, in addition to those of its other decorators. */
export function ApiErrors(...codes: readonly ErrorCode[]): MethodDecorator {
  return (target, property, descriptor) => {
    const handler = descriptor.value as object;
    const known = (Reflect.getMetadata(CODES, handler) as readonly ErrorCode[] | undefined) ?? [];
    const all = [...new Set([...known, ...codes])].sort();
    Reflect.defineMetadata(CODES, all, handler);
    for (const [status, own] of byStatus(all)) {
      const description = own.map((code) => `\`${code}\`: ${ERRORS[code][1]}`).join('\n\n');
      ApiResponse({ status, type: ErrorBodyDto, description })(target, property, descriptor);
    }
    const description = 'Any other error has the same form.';
    ApiDefaultResponse({ type: ErrorBodyDto, description })(target, property, descriptor);
  };
}

function byStatus(codes: readonly ErrorCode[]): Map<number, ErrorCode[]> {
  const groups = new Map<number, ErrorCode[]>();
  for (const code of codes) groups.set(ERRORS[code][0], [...(groups.get(ERRORS[code][0]) ?? []), code]);
  return groups;
}
