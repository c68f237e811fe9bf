# The gateway as an image: Node as pinned in package.json, argon2 compiled for today's processors (half the time of its
# prebuilt binary), no build tools and no root in what runs.
# Not built so far: no container engine was at hand. The commands inside were each run by hand on Debian 12.

FROM node:24.21.0-bookworm AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# The image has its own Node: the pinned one of package.json is for bare machines. Install scripts stay off, argon2 is
# compiled below. MARCH=native is faster still, on the very machine that builds it.
ARG MARCH=x86-64-v3
ENV npm_config_nodedir=/usr/local
RUN npm ci --omit=dev --ignore-scripts && rm -rf node_modules/node node_modules/.bin/node
RUN if [ "$(uname -m)" = x86_64 ]; then optimise="-O3 -march=$MARCH"; else optimise="-O3"; fi \
  && CFLAGS="$optimise" CXXFLAGS="$optimise" npm rebuild argon2 --build-from-source \
  && node -e "require('argon2').hash('x').then((hash) => require('argon2').verify(hash, 'x'))"

FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts && rm -rf node_modules/node node_modules/.bin/node
COPY tsconfig.json tsconfig.build.json ./
COPY src src
COPY views views
RUN npm run -s build

FROM node:24.21.0-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production RENKEI_LISTEN=0.0.0.0 RENKEI_PORT=3000 RENKEI_DATA_DIR=/data
RUN install -d -o node -g node -m 700 /data
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json LICENSE ./
COPY bin bin
COPY config config
COPY views/assets views/assets
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=15s --timeout=3s --start-period=30s --retries=3 CMD ["node", "bin/alive.js"]
CMD ["node", "dist/src/main.js", "serve"]
