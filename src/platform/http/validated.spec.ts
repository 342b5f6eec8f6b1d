import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { IsOptional, IsString } from 'class-validator';
import { validated } from './validated.js';

class Body {
  @IsString()
  name: string;

  @IsOptional()
  @IsString()
  note: string | null = 'none';
}

describe('validated', () => {
  const read = (value: unknown): Body => validated(Body, value, 'REQUEST.INVALID_BODY');

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

  it.each([
    { constructor: 'x' },
    { constructor: { name: 'x' } },
    { constructor: null },
    { then: 1, toString: 2 },
  ])('is not led astray by %j', (hostile) => {
    for (const value of [
      { name: 'ann', deep: hostile },
      { name: 'ann', deep: [hostile] },
      { name: 'ann', ...hostile },
    ]) {
      const outcome = ((): string => {
        try {
          return read(value).name;
        } catch (error) {
          return error instanceof Error && 'code' in error ? String(error.code) : 'fault';
        }
      })();
      expect(['ann', 'REQUEST.INVALID_BODY']).toContain(outcome);
    }
  });
});
