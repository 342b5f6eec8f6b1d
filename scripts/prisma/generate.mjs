// `npm run generate`: the Prisma client of prisma/schema.prisma, where it is not there already.
import { ensureClient } from './client.mjs';

await ensureClient();
