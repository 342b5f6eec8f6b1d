// `node scripts/prisma/prisma.mjs <arguments>`: runs the Prisma CLI.
import { prisma } from './prisma-cli.mjs';

const { status } = await prisma(process.argv.slice(2));
process.exitCode = status;
