import { randomUUID } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import { ColumnTypeEnum } from '@prisma/driver-adapter-utils';

// PostgreSQL's type numbers (pg_type.oid).
const CHAR = 18;
const NAME = 19;
const TEXT = 25;
const CHAR_ARRAY = 1002;
const NAME_ARRAY = 1003;
const TEXT_ARRAY = 1009;
/** Catalog types that the adapter rejects, and the types they are read as. */
const READ_AS = new Map([
  [CHAR, TEXT],
  [NAME, TEXT],
  [CHAR_ARRAY, TEXT_ARRAY],
  [NAME_ARRAY, TEXT_ARRAY],
]);
const patched = new WeakSet();

/**
 * Closes three gaps of @prisma/adapter-pg that matter to the schema engine alone
 * (https://github.com/prisma/prisma/issues/27403):
 * - it rejects the catalog types "char" and name, which the engine reads to describe a schema;
 * - it never reports a column as Character, which the engine expects for "char";
 * - it splits a script at every `;`, also within function bodies and strings. Sent whole, as the binary does it, the
 *   script also runs in one transaction.
 */
function patch(connection) {
  const connected = Object.getPrototypeOf(connection);
  const queryable = Object.getPrototypeOf(connected);
  if (patched.has(queryable)) return connection;
  patched.add(queryable);

  const { performIO, queryRaw } = queryable;
  queryable.queryRaw = async function (query) {
    let isChar = [];
    const tolerant = Object.create(this, {
      performIO: {
        value: async (inner) => {
          const result = await performIO.call(this, inner);
          isChar = result.fields.map((field) => field.dataTypeID === CHAR);
          for (const field of result.fields)
            field.dataTypeID = READ_AS.get(field.dataTypeID) ?? field.dataTypeID;
          return result;
        },
      },
    });
    const result = await queryRaw.call(tolerant, query);
    result.columnTypes = result.columnTypes.map((type, i) => (isChar[i] ? ColumnTypeEnum.Character : type));
    return result;
  };
  connected.executeScript = async function (script) {
    try {
      await this.client.query(script);
    } catch (error) {
      this.onError(error);
    }
  };
  return connection;
}

/** PostgreSQL adapter for the schema engine. */
export class MigrationPg extends PrismaPg {
  async connect() {
    return patch(await super.connect());
  }

  /** The adapter's version drops the database before closing its connections. */
  async connectToShadowDb() {
    const main = await this.connect();
    const database = `prisma_migrate_shadow_db_${randomUUID()}`;
    await main.executeScript(`CREATE DATABASE "${database}"`);
    const shadow = await new MigrationPg({ ...this.config, database }, this.options).connect();
    const disconnect = shadow.dispose.bind(shadow);
    shadow.dispose = async () => {
      await disconnect();
      await main.executeScript(`DROP DATABASE IF EXISTS "${database}" WITH (FORCE)`);
      await main.dispose();
    };
    return shadow;
  }
}
