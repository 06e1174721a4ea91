# The receiver alone in a small image: no shell, no package manager, not root.
#   docker build --build-arg COMMIT="$(git rev-parse HEAD)" -t receiver .

ARG RUST_IMAGE=docker.io/library/rust:1.95-slim-trixie
ARG BASE_IMAGE=gcr.io/distroless/cc-debian13:nonroot

FROM ${RUST_IMAGE} AS build
ARG COMMIT
WORKDIR /source
COPY Cargo.toml Cargo.lock ./
COPY generated generated
COPY receiver-impl receiver-impl
COPY scripts/spec-tools scripts/spec-tools
RUN RECEIVER_COMMIT=$COMMIT cargo build --release --locked --package receiver --bin receiver \
    && mkdir -p /out/data && mv target/release/receiver /out/receiver

FROM ${BASE_IMAGE}
COPY --from=build /out/receiver /usr/local/bin/receiver
# The one folder that is written to: the inbox, where it is a file. The rest of the file system may be read-only.
COPY --from=build --chown=65532:65532 /out/data /data
WORKDIR /data
VOLUME /data
USER 65532:65532
# The admin port stays on the container's own loopback; the health check runs there.
ENV RECEIVER_LISTEN=0.0.0.0:8080 RECEIVER_ADMIN=127.0.0.1:8081 RECEIVER_INBOX=sqlite:/data/inbox.db
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s CMD ["/usr/local/bin/receiver", "health"]
# It is the container's first process, and handles SIGTERM itself.
ENTRYPOINT ["/usr/local/bin/receiver"]
CMD ["serve"]
