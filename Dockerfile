# One image for every role: `ROLE=api`, `ROLE=worker`, and `node dist/cli.js migrate` for the migration step.

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No install scripts: the build needs none, and some download from outside the package registry.
RUN npm ci --ignore-scripts
COPY nest-cli.json tsconfig.json tsconfig.build.json .swcrc ./
COPY scripts ./scripts
COPY prisma/schema.prisma ./prisma/
COPY src ./src
COPY console ./console
RUN npm run build

FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The optional packages are the embedded PostgreSQL, which production never starts.
RUN npm ci --omit=dev --omit=optional --ignore-scripts && npm cache clean --force

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/var/lib/bellhop
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json ./
COPY prisma/migrations ./prisma/migrations
# The spool. A volume mounted here inherits the owner.
RUN mkdir -p /var/lib/bellhop && chown node:node /var/lib/bellhop
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Most objects are short-lived: a semi-space of 64 MB costs memory and avoids promoting them too early.
CMD ["node", "--max-semi-space-size=64", "--enable-source-maps", "dist/main.js"]
