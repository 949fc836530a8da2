# Revela, with all that its services and its fleets take; nothing is fetched when it runs. See docs/container.md.
ARG NODE=20-bookworm-slim

# Packs the checkout, as it would be published.
FROM node:${NODE} AS pack
WORKDIR /revela
ENV ONNXRUNTIME_NODE_INSTALL=skip
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.base.json tsconfig.build.json tsconfig.web.json README.md LICENSE CHANGELOG.md ./
COPY scripts scripts
COPY models models
COPY docs docs
COPY web web
COPY src src
RUN npm run build && npm run pack

# Installs the archive, and of the optional peers those that serve, in their versions.
FROM node:${NODE} AS install
WORKDIR /opt/revela
COPY package.json /tmp/
COPY --from=pack /revela/build/package /tmp/package
RUN npm install --ignore-scripts --no-audit --no-fund /tmp/package/revela-*.tgz $(node -p "const { peerDependencies } = require('/tmp/package.json'); ['hono', '@hono/node-server', 'bullmq', 'ioredis', 'aws4fetch'].map((name) => name + '@' + peerDependencies[name]).join(' ')") \
  && node node_modules/revela/scripts/own-platform.mjs

FROM node:${NODE}
RUN apt-get update \
  && apt-get install --yes --no-install-recommends tini \
  && rm -rf /var/lib/apt/lists/* \
  && install --directory --owner=node --group=node /srv/revela /photos
COPY --from=install /opt/revela /opt/revela
ENV NODE_ENV=production REVELA_OFFLINE=1 PATH=/opt/revela/node_modules/.bin:$PATH
WORKDIR /photos
USER node
EXPOSE 8787
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["node", "-e", "fetch('http://127.0.0.1:8787/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["tini", "--", "revela"]
CMD ["serve", "--host", "0.0.0.0", "--tokens", "/run/secrets/tokens"]
