import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { IsDefined, IsObject, IsOptional, IsString } from 'class-validator';
import { GatewayError } from '../errors/gateway-error.js';
import { validated } from './validated.js';

class Body {
  @IsString()
  name: string;

  @IsOptional()
  @IsString()
  note: string | null = 'none';
}

class Nest {
  @IsDefined({ message: 'is required' })
  @IsObject()
  child: object;
}

const read = (value: unknown): Body => validated(Body, value, 'REQUEST.INVALID_BODY');

describe('validated', () => {
  it('gives an instance with its defaults, and keeps unknown fields', () => {
    const body = read({ name: 'ann', extra: { a: 1 } });
    expect(body).toBeInstanceOf(Body);
    expect(body).toEqual({ name: 'ann', note: 'none', extra: { a: 1 } });
  });

  it.each([undefined, null, [], 'text', 5])('refuses %p in place of an object', (value) => {
    expect(() => read(value)).toThrow(expect.objectContaining({ code: 'REQUEST.INVALID_BODY' }));
  });

  it('names every fault with its path, and no value', () => {
    expect(() => read({ name: ['secret'], note: 5 })).toThrow(
      expect.objectContaining({
        errors: [
          { path: 'name', problem: 'must be a string' },
          { path: 'note', problem: 'must be a string' },
        ],
      }),
    );
  });

  it('says of what is missing only that it is required', () => {
    expect(() => validated(Nest, {}, 'REQUEST.INVALID_BODY')).toThrow(
      expect.objectContaining({ errors: [{ path: 'child', problem: 'is required' }] }),
    );
    expect(() => validated(Nest, { child: 'none' }, 'REQUEST.INVALID_BODY')).toThrow(
      expect.objectContaining({ errors: [{ path: 'child', problem: 'must be an object' }] }),
    );
  });

  it.each([
    ['a text', { constructor: 'x' }],
    ['an object', { constructor: { name: 'x' } }],
    ['null', { constructor: null }],
    ['beside other inherited names', { constructor: 5, toString: 2, hasOwnProperty: 3 }],
  ])('is never led astray by a constructor that is %s', (_, hostile) => {
    for (const extra of [{ deep: hostile }, { deep: [hostile] }, hostile]) {
      expect(codeOf(() => read({ name: 'ann', ...extra }))).toMatch(/^(taken|REQUEST\.INVALID_BODY)$/);
    }
  });
});

function codeOf(act: () => unknown): string {
  try {
    act();
    return 'taken';
  } catch (error) {
    return error instanceof GatewayError ? error.code : String(error);
  }
}
