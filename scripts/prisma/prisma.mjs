// `node scripts/prisma/prisma.mjs <arguments>`: the Prisma CLI by hand.
import { prisma } from './prisma-cli.mjs';

const { status } = await prisma(process.argv.slice(2));
process.exitCode = status;
