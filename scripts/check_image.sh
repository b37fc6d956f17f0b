#!/usr/bin/env bash
# Builds the image on a stand-in for its base, and uses it as it is meant to be used: as its own user, with nothing
# writable but /data and /tmp. `make image-check` runs it.
#
#     scripts/check_image.sh [FOLDER]     # as root, on Debian; needs buildah, debootstrap and podman
#
# FOLDER keeps the base for the next time; without it, everything is removed at the end.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

folder=${1:-$(mktemp -d)}
folder=$(realpath -m "$folder")
engine=(buildah --root "$folder/store" --runroot "$folder/run" --storage-driver vfs)
port=$(python3 -c 'import socket; print(socket.create_server(("127.0.0.1", 0)).getsockname()[1])')

say() { echo "image: $* ($SECONDS s)"; }

clean_up() {
    # unshare takes its child along, and the server is that child.
    [[ -z ${server:-} ]] || kill -KILL "$server" 2>/dev/null || true
    "${engine[@]}" rm --all >/dev/null 2>&1 || true
    [[ ${1:-} == all ]] && rm -rf "$folder"
    rm -rf "$folder/data"
}
trap "clean_up $([[ $# -eq 0 ]] && echo all)" EXIT

for program in buildah debootstrap podman unshare; do
    command -v "$program" >/dev/null || { echo "$program is not installed: apt-get install buildah debootstrap podman" >&2; exit 2; }
done
scripts/local_base_image.sh "$folder" >/dev/null
say "the stand-in for the base is there"
ROLLCALL_IMAGE_STORE=$folder scripts/build_image.sh rollcall:check >"$folder/build.log" 2>&1 || { tail -n 30 "$folder/build.log" >&2; exit 1; }
say "built, $("${engine[@]}" images --format '{{.Size}}' rollcall:check)"

container=$("${engine[@]}" from --pull=never rollcall:check)
root=$("${engine[@]}" mount "$container")
"${engine[@]}" inspect "$container" >"$folder/container.json"
of_image() { python3 -c 'import json, sys; found = json.load(open(sys.argv[1])); print(*eval(sys.argv[2]), sep="\0", end="\0")' "$folder/container.json" "$1"; }
mapfile -t -d '' environment < <(of_image 'found["OCIv1"]["config"]["Env"]')
# The words of the health check, as an engine would start them.
mapfile -t -d '' health < <(of_image 'found["Docker"]["config"]["Healthcheck"]["Test"][1:]')
user=$(of_image '[found["OCIv1"]["config"]["User"]]' | tr -d '\0')
install --directory --owner "${user%:*}" --group "${user#*:}" "$folder/data"

# Runs a command in the image: its user and environment, its root read-only, /tmp in memory, /data a folder of ours.
inside() {
    unshare --mount --pid --fork --kill-child bash -euc '
        root=$1 data=$2 user=$3; shift 3
        mount --make-rprivate /
        mount --bind "$root" "$root"
        mount -o remount,bind,ro "$root"
        mount -t tmpfs tmpfs "$root/tmp"
        mount --bind "$data" "$root/data"
        mount --rbind /dev "$root/dev"
        mount -t proc proc "$root/proc"
        exec chroot --userspec="$user" "$root" /usr/bin/env --ignore-environment --chdir=/data "$@"
    ' inside "$root" "$folder/data" "$user" "${environment[@]}" HOME=/data "$@"
}

inside rollcall --help >/dev/null
say "says that it is $(inside rollcall --version)"
if inside touch /opt/rollcall/mark 2>/dev/null || ! inside touch /tmp/mark /data/mark; then
    echo "What is writable inside isn't what should be." >&2
    exit 1
fi
say "runs as $user on a read-only root"

inside rollcall demo --once --port 0 >"$folder/demo.log" 2>&1 || { tail -n 20 "$folder/demo.log" >&2; exit 1; }
say "played the demo: $(tail -n 1 "$folder/demo.log")"

# A sign that no font has keeps an invoice from being PDF/A, so this tells whether the fonts are found.
cat >"$folder/data/book.yaml" <<'BOOK'
version: 1
seller: {name: 北風情報}
clients:
  - slug: acme
    name: 日本 김철수 สมชาย হাসান
    currency: JPY
    agreements: [{name: Support, start: 2027-01-01, lines: [{name: site, price: {model: flat, amount: "1000"}}]}]
BOOK
inside bash -euc 'export ROLLCALL_DATABASE_URL=sqlite:////data/fonts.db ROLLCALL_TODAY=2027-01-01
    rollcall import book.yaml --apply
    rollcall run start 2027-01-01
    rollcall run approve --by Check
    rollcall run issue --by Check
    rollcall invoice INV-000001 --format pdf -o invoice.pdf' >"$folder/fonts.log" 2>&1 || { cat "$folder/fonts.log" >&2; exit 1; }
grep -q "<pdfaid:part>3</pdfaid:part>" "$folder/data/invoice.pdf" || { echo "The PDF lacks signs: are the fonts there?" >&2; exit 1; }
say "drew an invoice in four scripts"

# Charts are drawn by a process of their own, which must find its engine and its fonts there as well.
inside python3 -I -c '
from datetime import date
from decimal import Decimal
from billing.quantities import Step
from documents.charts import Chart, Curve, as_png
from documents.format import Format
steps = (Step(date(2027, 1, 1), Decimal(42)), Step(date(2027, 4, 11), Decimal(45)))
chart = Chart(date(2026, 6, 1), date(2027, 5, 1), (Curve("full", steps),), Format("en_US", "USD"))
open("/data/chart.png", "wb").write(as_png(chart))'
[[ $(head -c 4 "$folder/data/chart.png" | tail -c 3) == PNG ]] || { echo "No chart was drawn." >&2; exit 1; }
inside rollcall doctor >"$folder/doctor.log" 2>&1 || { cat "$folder/doctor.log" >&2; exit 1; }
say "drew a chart; doctor says: $(tail -n 1 "$folder/doctor.log")"

# Slack is out of reach on purpose: the process is healthy all the same, and not ready.
serving=(ROLLCALL_HTTP_PORT=$port ROLLCALL_SLACK_BOT_TOKEN=xoxb-none ROLLCALL_SLACK_SIGNING_SECRET=none
    ROLLCALL_SLACK_API_URL=http://127.0.0.1:9/api/)
inside "${serving[@]}" rollcall serve >"$folder/serve.log" 2>&1 &
server=$!
healthy=no
for _ in $(seq 60); do
    if inside ROLLCALL_HTTP_PORT=$port "${health[@]}" 2>/dev/null; then healthy=yes; break; fi
    kill -0 "$server" 2>/dev/null || break
    sleep 0.5
done
[[ $healthy == yes ]] || { echo "The health check never passed:" >&2; cat "$folder/serve.log" >&2; exit 1; }
if inside ROLLCALL_HTTP_PORT=$((port + 1)) "${health[@]}" 2>/dev/null; then echo "The health check passes where nothing listens." >&2; exit 1; fi
say "serves, and its health check tells"

# The server is the innermost process: the ones around it only made its surroundings.
innermost=$server
while child=$(pgrep --parent "$innermost"); do innermost=$child; done
asked=$SECONDS
kill -TERM "$innermost"
code=0
wait "$server" || code=$?
[[ $code -eq 0 ]] || { echo "On SIGTERM it ended with $code:" >&2; cat "$folder/serve.log" >&2; exit 1; }
say "ended in good order within $((SECONDS - asked + 1)) s of SIGTERM"
