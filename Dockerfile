# Rollcall in a container: one stage builds, the other carries only what runs.
# The base is named by its tag, so that a new build takes the patches of Debian and Python; who wants the same bytes
# each time adds its digest here (@sha256:…). Everything of Python's is pinned with hashes in requirements*.txt.

FROM python:3.11-slim-bookworm AS builder

# The base's own list of authorities counts, so a base that trusts a company's proxy is all that a build behind it needs.
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    UV_LINK_MODE=copy \
    UV_NO_CACHE=1 \
    UV_PYTHON_DOWNLOADS=never \
    UV_SYSTEM_CERTS=1

WORKDIR /build
COPY requirements-tools.txt ./
RUN python3 -m venv tools \
    && tools/bin/pip install --quiet --require-hashes --requirement requirements-tools.txt

# The libraries come before the sources: they change seldom, and are then taken from the cache.
COPY requirements.txt ./
RUN python3 -m venv --without-pip /opt/rollcall \
    && tools/bin/uv pip install --quiet --python /opt/rollcall/bin/python --compile-bytecode \
        --require-hashes --requirement requirements.txt

COPY pyproject.toml README.md LICENSE ./
COPY billing/ billing/
COPY bot/ bot/
COPY checks/ checks/
COPY commands/ commands/
COPY connectors/ connectors/
COPY documents/ documents/
COPY rosters/ rosters/
COPY sandbox/ sandbox/
COPY storage/ storage/
RUN tools/bin/hatchling build --target wheel --directory dist \
    && tools/bin/uv pip install --quiet --python /opt/rollcall/bin/python --compile-bytecode \
        --no-deps --no-index dist/*.whl


FROM python:3.11-slim-bookworm

# The fonts are for names that our own font has no signs for: Chinese, Japanese and Korean; Thai, Bengali, Tamil and others.
RUN apt-get update -qq \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        ca-certificates fonts-noto-ui-core fonts-wqy-microhei tzdata \
    && rm -rf /var/cache/apt/* /var/lib/apt/lists/*

# A number that doesn't change, so that the owner of a volume's files stays the same from one version to the next.
RUN groupadd --gid 10001 rollcall \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin rollcall \
    && install --directory --owner 10001 --group 10001 --mode 0750 /data

COPY --from=builder /opt/rollcall /opt/rollcall

# 0.0.0.0 is the container's own; compose.yaml and `docker run --publish` decide who reaches it.
ENV PATH="/opt/rollcall/bin:${PATH}" \
    PYTHONUNBUFFERED=1 \
    ROLLCALL_DATABASE_URL=sqlite:////data/rollcall.db \
    ROLLCALL_HTTP_HOST=0.0.0.0

ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Rollcall" \
      org.opencontainers.image.description="A Slack bot that bills an MSP's clients per user, with every cent explainable." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 3000
STOPSIGNAL SIGTERM

# http.client rather than urllib, which would ask a proxy for an address of our own.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 CMD ["python3", "-I", "-c", "\
import os, sys; from http.client import HTTPConnection; \
server = HTTPConnection('127.0.0.1', int(os.environ.get('ROLLCALL_HTTP_PORT') or 3000), timeout=4); \
server.request('GET', '/healthz'); \
sys.exit(server.getresponse().status != 200)"]

ENTRYPOINT ["rollcall"]
CMD ["serve"]
