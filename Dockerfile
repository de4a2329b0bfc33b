# The server as an image, for runtime.kind "image". Build it from a clone, push it, and name its digest
# in image.digest; as a volume (runtime.volume) a stock Node image reads /app/server.cjs from it.
# Both base images can be replaced: --build-arg BUILD_IMAGE=... --build-arg RUN_IMAGE=... (pin digests).
# Their digests were found in independent public build files (November 2026): verify them once.
ARG BUILD_IMAGE=node:24-alpine@sha256:d32cdf619f63fe0471182d08996dd516c6275bb5fd31ae06e55a570bd9e1ad43
ARG RUN_IMAGE=gcr.io/distroless/nodejs24-debian13:nonroot@sha256:af85d11ce7ef10172855a6e3649e3e8125b1b9e3ca41849ec2918036f05cb212

FROM ${BUILD_IMAGE} AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
# Without scripts: "prepare" would build before the sources are there.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build

# No shell and no package manager; the user is 65532.
FROM ${RUN_IMAGE}
COPY --from=build --chown=0:0 --chmod=0444 \
  /src/dist/server.cjs /src/dist/server.cdx.json /src/dist/THIRD_PARTY_LICENSES.txt /app/
ENV NODE_ENV=production
USER 65532:65532
EXPOSE 9000 9001
# The manifests give arguments only.
ENTRYPOINT ["/nodejs/bin/node"]
CMD ["/app/server.cjs", "serve"]
