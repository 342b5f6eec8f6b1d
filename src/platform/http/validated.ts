import { Injectable, type PipeTransform } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import type { ErrorCode } from '../errors/error-table.js';
import { toFaults } from '../errors/faults.js';
import { GatewayError } from '../errors/gateway-error.js';

/**
 * Validates a body or query and returns an instance of its class. Unknown fields are kept.
 *
 * @throws GatewayError with `code` and all problems with their paths.
 */
export function validated<T extends object>(type: new () => T, value: unknown, code: ErrorCode): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new GatewayError(code, { errors: [{ path: '', problem: 'must be a JSON object' }] });
  }
  const instance = read(type, value, code);
  const errors = validateSync(instance, { forbidUnknownValues: true });
  if (errors.length > 0) throw new GatewayError(code, { errors: toFaults(errors) });
  return instance;
}

function read<T extends object>(type: new () => T, value: object, code: ErrorCode): T {
  try {
    return plainToInstance(type, value, { exposeDefaultValues: true });
  } catch (cause) {
    // class-transformer uses a key named `constructor`, at any depth, as the value's class.
    throw new GatewayError(code, { errors: [{ path: '', problem: 'has a key that cannot be read' }], cause });
  }
}

/** The same as a Nest pipe: `@Body(new Validated(Dto, code))`. */
@Injectable()
export class Validated<T extends object> implements PipeTransform<unknown, T> {
  constructor(
    private readonly type: new () => T,
    private readonly code: ErrorCode,
  ) {}

  transform(value: unknown): T {
    return validated(this.type, value, this.code);
  }
}
