import { ApiDefaultResponse, ApiResponse } from '@nestjs/swagger';
import { ERRORS, type ErrorCode } from '../errors/error-table.js';
import { ErrorBodyDto } from './error-body.dto.js';

/** Where a handler's codes are kept between the decorators that add to them. */
const CODES = Symbol('api-errors');

/** What a route that takes a body may answer before it has seen it. */
export const BODY_ERRORS = [
  'REQUEST.INVALID_JSON',
  'REQUEST.TOO_LARGE',
  'REQUEST.UNSUPPORTED_MEDIA_TYPE',
] as const satisfies readonly ErrorCode[];

/** Says on the API page with which errors a route answers, beside those that its other decorators name. */
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
