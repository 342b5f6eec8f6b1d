import { describe, expect, it } from '@jest/globals';
import { compile, statement } from './statement.js';

describe('a hand-written statement', () => {
  it('numbers its named parameters, repeated ones once', () => {
    expect(compile('SELECT :a::uuid, :bC, :a')).toEqual({
      text: 'SELECT $1::uuid, $2, $1',
      names: ['a', 'bC'],
    });
  });

  it('leaves casts, quoted strings and comments as they are', () => {
    const sql = `SELECT '{"a":true}'::jsonb, 'it''s :b', now()::date -- as of :c, it's not used`;
    expect(compile(`${sql}\n, :d`)).toEqual({ text: `${sql}\n, $1`, names: ['d'] });
  });

  it('refuses to run without a value for each parameter', async () => {
    const select = statement<'a'>('SELECT :a, :b');
    const connection = { query: () => Promise.resolve({ rows: [], rowCount: 0 }) };
    await expect(select.rows(connection as never, { a: 1 })).rejects.toThrow(':b has no value');
  });
});
