# One image for web, workers, beat and migrations; docker-compose.yml says which of them a container is.

FROM node:22-bookworm-slim AS static
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --omit=dev

FROM python:3.11-slim-bookworm AS packages
COPY requirements.lock ./
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --require-hashes --no-deps --only-binary=:all: -r requirements.lock

FROM python:3.11-slim-bookworm
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    LC_ALL=C.UTF-8 \
    PORTAL_MODE=production
# A new volume takes over the owner of the folder that it is mounted on.
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin portal \
    && install --directory --owner portal --mode 0700 /files /snapshots
WORKDIR /app
COPY --from=packages /venv /venv
COPY --from=static /build/node_modules /app/node_modules
COPY . /app
# collectstatic reads the settings of production, which demand values: these exist in this one command only.
RUN mkdir -p /app/var/static \
    && SECRET_KEY=build PORTAL_URL=https://build.invalid ALLOWED_HOSTS=build.invalid MAIL_FROM=build@build.invalid \
       DATABASE_URL=postgresql:///build REDIS_URL=redis://build.invalid SMTP_URL=smtp://build.invalid:25 \
       python manage.py collectstatic --noinput --verbosity 0 \
    && python -m compileall -q cooperation_portal matching experts projects
USER portal
EXPOSE 8000
# Written out again in docker-compose.yml for the other roles; SIGTERM ends gunicorn in order.
CMD ["gunicorn", "cooperation_portal.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", \
     "--workers", "2", "--threads", "4", "--worker-tmp-dir", "/dev/shm", "--no-control-socket", \
     "--max-requests", "5000", "--max-requests-jitter", "500"]
