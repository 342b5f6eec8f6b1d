// Read by the Prisma CLI only.
import path from 'node:path';

const prisma = path.resolve(import.meta.dirname, '../../prisma');

export default {
  schema: path.join(prisma, 'schema.prisma'),
  migrations: { path: path.join(prisma, 'migrations') },
  // Only for commands that need a database.
  datasource: { url: process.env['DATABASE_URL'] ?? 'postgresql://127.0.0.1:5432/none' },
};
