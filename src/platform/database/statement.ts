import type pg from 'pg';

/** The pool, or a connection in a transaction. */
export type Connection = pg.Pool | pg.ClientBase;

/** Strings, comments and casts, which may contain a colon, or a parameter. */
const TOKEN = /'(?:[^']|'')*'|--.*|::|:([a-z]\w*)/gi;

interface Compiled {
  readonly text: string;
  /** Parameters in order of their numbers. */
  readonly names: readonly string[];
}

/** Replaces named parameters by numbered ones: every `:ids` becomes `$1`. */
export function compile(sql: string): Compiled {
  const names: string[] = [];
  const text = sql.replaceAll(TOKEN, (token: string, name?: string) => {
    if (name === undefined) return token;
    if (!names.includes(name)) names.push(name);
    return `$${names.indexOf(name) + 1}`;
  });
  return { text, names };
}

/**
 * A hand-written statement with named parameters, compiled when its module is loaded.
 *
 * @typeParam Name its parameters; @typeParam Row what it returns.
 */
class Statement<Name extends string, Row extends pg.QueryResultRow> {
  private readonly names: readonly string[];
  private readonly config: { readonly text: string; readonly name?: string };

  constructor(sql: string, preparedAs?: string) {
    const { text, names } = compile(sql);
    this.names = names;
    this.config = preparedAs === undefined ? { text } : { text, name: preparedAs };
  }

  async rows(on: Connection, params: Readonly<Record<Name, unknown>>): Promise<Row[]> {
    return (await this.query(on, params)).rows;
  }

  /** @returns how many rows it found or changed. */
  async run(on: Connection, params: Readonly<Record<Name, unknown>>): Promise<number> {
    return (await this.query(on, params)).rowCount ?? 0;
  }

  private query(on: Connection, params: Readonly<Record<string, unknown>>): Promise<pg.QueryResult<Row>> {
    const values = this.names.map((name) => {
      if (!(name in params)) throw new Error(`The parameter :${name} has no value.`);
      return params[name];
    });
    return on.query<Row>({ ...this.config, values });
  }
}

/** A statement that PostgreSQL parses and plans at each run, for the values at hand. */
export const statement = <Name extends string = never, Row extends pg.QueryResultRow = never>(
  sql: string,
): Statement<Name, Row> => new Statement(sql);

/** A statement that each connection prepares once, under a name that no other one has. */
export const prepared = <Name extends string = never, Row extends pg.QueryResultRow = never>(
  name: string,
  sql: string,
): Statement<Name, Row> => new Statement(sql, name);
