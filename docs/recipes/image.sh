#!/bin/sh
# Build a production tree under $1 from this checkout: environment, static files, launchers.
# Used by the Dockerfile and by a test that runs it in a clean folder.
set -eu
target=$1
here=$(cd "$(dirname "$0")/../.." && pwd)
python=${PYTHON:-python3}
"$python" -m venv "$target/venv"
"$target/venv/bin/pip" install --quiet --disable-pip-version-check --no-cache-dir --require-hashes \
  -r "$here/requirements/runtime.lock"
site=$("$target/venv/bin/python" -c 'import site; print(site.getsitepackages()[0])')
printf '%s\n' "$here" > "$site/muster.pth"
launcher() {
  printf '#!/bin/sh\nexec %s\n' "$2" > "$target/venv/bin/$1"
  chmod 755 "$target/venv/bin/$1"
}
bin=$target/venv/bin
launcher muster "$bin/python -m backend.cli \"\$@\""
launcher muster-web "$bin/granian --interface wsgi --host \${MUSTER_HOST:-0.0.0.0} --port \${MUSTER_PORT:-8000} --workers \${MUSTER_WEB_WORKERS:-2} --blocking-threads 4 --no-ws backend.wsgi:application"
launcher muster-worker "$bin/celery -A backend.celery worker --pool threads --concurrency 4 -Q wake --without-gossip --without-mingle --loglevel INFO"
launcher muster-scheduler "$bin/celery -A backend.celery beat -s /tmp/beat --pidfile= --loglevel INFO"
MUSTER_STATIC=$target/static MUSTER_DATA=$target/build-data MUSTER_SECRET_KEY=build DJANGO_SETTINGS_MODULE=backend.settings \
  "$bin/python" -c 'import django; django.setup(); from backend.web.collect import collect_if_changed; collect_if_changed()'
rm -rf "$target/build-data"
