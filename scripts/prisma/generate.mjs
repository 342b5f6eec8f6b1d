// `npm run generate`: generates the Prisma client of prisma/schema.prisma unless it is up to date.
import { ensureClient } from './client.mjs';

await ensureClient();
