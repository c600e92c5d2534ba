# The steps are a script that also runs without Docker; a test runs it in a clean folder.
FROM python:3.12-slim-bookworm
WORKDIR /srv/muster
COPY . .
RUN sh docs/recipes/image.sh /srv && useradd --system --uid 10001 --home-dir /srv/data muster \
    && mkdir -p /srv/data && chown muster /srv/data
ENV PATH=/srv/venv/bin:$PATH MUSTER_STATIC=/srv/static MUSTER_DATA=/srv/data PYTHONDONTWRITEBYTECODE=1
USER muster
EXPOSE 8000
CMD ["muster-web"]
