import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { Expose, Transform, Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, ValidateIf, ValidateNested } from 'class-validator';
import { compiledCheck } from './compiled-check.js';

class Inner {
  @IsInt()
  n: number;
}

class Outer {
  @IsString()
  name: string;

  @IsOptional()
  @IsString()
  note?: string | null;

  @ValidateIf((outer: Outer) => outer.name === 'needy')
  @IsString()
  need?: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => Inner)
  inner?: Inner | null;

  @IsOptional()
  @ValidateNested({ each: true })
  @Type(() => Inner)
  list?: Inner[];
}

const accepts = compiledCheck(Outer);

describe('compiledCheck', () => {
  it.each([
    ['what is declared', { name: 'a', note: 'b', inner: { n: 1 }, list: [{ n: 1 }, { n: 2 }] }],
    ['nulls and gaps where they are allowed', { name: 'a', note: null, inner: null }],
    ['fields that are not declared', { name: 'a', more: { deep: [1, { x: null }] } }],
    ['what a condition asks for', { name: 'needy', need: 'x' }],
  ])('accepts %s', (_, value) => expect(accepts(value)).toBe(true));

  it.each<[string, unknown]>([
    ['no object', 'text'],
    ['null', null],
    ['an array', [{ name: 'a' }]],
    ['a missing field', {}],
    ['a field of another type', { name: 5 }],
    ['a condition that is not met', { name: 'needy' }],
    ['a fault within', { name: 'a', inner: { n: 'x' } }],
    ['an array in place of what is within', { name: 'a', inner: [[{ n: 1 }]] }],
    ['a fault in a list', { name: 'a', list: [{ n: 1 }, { n: 0.5 }] }],
    ['a list of what is no object', { name: 'a', list: ['x'] }],
    ['a key that every object has', { name: 'a', toString: 1 }],
    ['the same further down', { name: 'a', more: [{ deep: { constructor: 'x' } }] }],
    ['a prototype as a key', JSON.parse('{"name":"a","more":{"__proto__":{}}}')],
  ])('does not accept %s', (_, value) => expect(accepts(value)).toBe(false));

  it('refuses a class without declarations, with transformations, or with unknown decorators', () => {
    class Nothing {
      name: string;
    }
    class Default {
      @IsString()
      name: string = 'a';
    }
    class Changed {
      @Transform(() => 'x')
      @IsString()
      name: string;
    }
    class Renamed {
      @Expose({ name: 'title' })
      @IsString()
      name: string;
    }
    class Each {
      @IsString({ each: true })
      names: string[];
    }
    class Untyped {
      @ValidateNested()
      inner: object;
    }
    for (const type of [Nothing, Default, Changed, Renamed, Each, Untyped]) {
      expect(() => compiledCheck<object>(type)).toThrow(type.name);
    }
  });
});
