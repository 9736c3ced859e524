# docker build -t yinjian . && docker run -p 8000:8000 -v yinjian:/data yinjian
# Settings: YINJIAN_* variables (docker run -e …), or a yinjian.toml in the volume.
FROM debian:bookworm-slim AS pages
WORKDIR /opt/yinjian
COPY package.json package-lock.json .npmrc ./
COPY .ci .ci
RUN .ci/pages

FROM debian:bookworm-slim

RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*
WORKDIR /opt/yinjian
COPY . .
COPY --from=pages /opt/yinjian/api/review/static/vendor api/review/static/vendor
RUN make setup && rm -rf /var/lib/apt/lists/* /root/.cache

RUN useradd --create-home yinjian && install -d -o yinjian /data
USER yinjian
WORKDIR /data
ENV PATH=/opt/yinjian/.venv/bin:$PATH YINJIAN_DATA=/data YINJIAN_HOST=0.0.0.0
VOLUME /data
EXPOSE 8000
CMD ["yinjian", "serve"]
