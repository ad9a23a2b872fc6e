# Builder: everything goes into /opt/govbot, pinned by requirements.lock, with PyTorch's build for processors only.
FROM python:3.11-slim AS builder
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_INPUT=1 \
    PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
RUN python -m venv --without-pip /opt/govbot

COPY requirements.lock ./
RUN --mount=type=cache,target=/root/.cache/pip \
    pip --python /opt/govbot/bin/python install \
        --index-url https://download.pytorch.org/whl/cpu "$(head -n 1 requirements.lock)"

# The lock is a constraint here, so that the tools of development stay out.
COPY pyproject.toml README.md LICENSE ./
COPY govbot ./govbot
COPY principles ./principles
COPY prompts ./prompts
RUN --mount=type=cache,target=/root/.cache/pip \
    pip --python /opt/govbot/bin/python install --constraint requirements.lock . \
 && pip --python /opt/govbot/bin/python check

# Image: Python, that environment, and what reads scans; the model is in it.
FROM python:3.11-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends tesseract-ocr tesseract-ocr-cym \
 && rm -rf /var/lib/apt/lists/*
# With --build-arg WITH_WRITER=1, LibreOffice Writer too, to read .rtf and .doc: some 400 MB more.
ARG WITH_WRITER=
RUN if [ -n "$WITH_WRITER" ]; then \
      apt-get update \
      && apt-get install -y --no-install-recommends libreoffice-writer-nogui \
      && rm -rf /var/lib/apt/lists/*; \
    fi
RUN useradd --uid 10001 --create-home govbot \
 && install -d -o govbot -g govbot -m 700 /var/cache/govbot
COPY --from=builder /opt/govbot /opt/govbot
ENV PATH=/opt/govbot/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HF_HUB_OFFLINE=1 \
    GOVBOT_CACHE=/var/cache/govbot
USER govbot
WORKDIR /drafts
# Vectors and hashes of passages, no text. GOVBOT_CACHE=off keeps none.
VOLUME /var/cache/govbot
HEALTHCHECK --interval=5m --timeout=30s --start-period=10s CMD ["govbot", "frameworks", "list"]
ENTRYPOINT ["govbot"]
CMD ["--help"]
