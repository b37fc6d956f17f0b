#!/usr/bin/env bash
# Builds the image with whichever engine is here: docker, podman or buildah.
#
#     scripts/build_image.sh [TAG]            # TAG is rollcall:latest unless it is given
#
# ROLLCALL_IMAGE_ENGINE names the engine instead. With ROLLCALL_IMAGE_STORE=FOLDER, buildah builds in that folder, on the
# base that scripts/local_base_image.sh has put there, and needs neither a registry nor the kernel's namespaces.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tag=${1:-rollcall:latest}
store=${ROLLCALL_IMAGE_STORE:-}

engine_here() {
    # docker's command is often there without its daemon, which does the work.
    if docker info >/dev/null 2>&1; then echo docker; return; fi
    for engine in podman buildah; do
        if command -v "$engine" >/dev/null; then echo "$engine"; return; fi
    done
    echo "No docker (with its daemon), podman or buildah is here: install one of them." >&2
    return 2
}

version=$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml | head -n 1)
revision=$(git -c safe.directory='*' rev-parse HEAD 2>/dev/null || echo unknown)
arguments=(--tag "$tag" --build-arg "VERSION=$version" --build-arg "REVISION=$revision" .)

if [[ -n $store ]]; then
    exec buildah --root "$store/store" --runroot "$store/run" --storage-driver vfs \
        build --format docker --isolation chroot --pull=never "${arguments[@]}"
fi
engine=${ROLLCALL_IMAGE_ENGINE:-$(engine_here)}
case $engine in
    docker) exec docker build "${arguments[@]}" ;;
    # Only docker's format keeps the health check.
    podman | buildah) exec "$engine" build --format docker "${arguments[@]}" ;;
    *) echo "The engine $engine isn't known: docker, podman or buildah." >&2; exit 2 ;;
esac
