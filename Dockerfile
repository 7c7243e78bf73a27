# Build: packages and sources in, dist/ out.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build && npm prune --omit=dev

# Run: no compilers, no sources, nobody's root.
FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 DATA_DIR=/data NODE_COMPILE_CACHE=/compiled
WORKDIR /app
COPY --from=build --chown=root:root /app/package.json /app/package-lock.json ./
COPY --from=build --chown=root:root /app/node_modules ./node_modules
COPY --from=build --chown=root:root /app/dist ./dist
COPY --from=build --chown=root:root /app/start ./start
COPY --from=build --chown=root:root /app/templates ./templates
# Where Node keeps what it compiled, so that a container that starts again is quicker.
RUN mkdir /data /compiled && chown node:node /data /compiled
USER node
VOLUME /data
EXPOSE 3000
# A worker answers at HEALTH_PORT, an API at PORT.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["node", "-e", "fetch('http://127.0.0.1:'+(process.env.HEALTH_PORT||process.env.PORT||3000)+'/readyz').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
# Not through npm: signals must reach the process itself.
CMD ["node", "start/launch.mjs"]
