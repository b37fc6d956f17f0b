#!/usr/bin/env bash
# Makes a stand-in for the Dockerfile's base image out of Debian's own packages, for a machine that reaches Debian's
# mirror but no image registry. It proves the Dockerfile's steps, not that base: its Python is Debian's.
#
#     scripts/local_base_image.sh FOLDER      # as root, on Debian; needs buildah, debootstrap and podman
#
# The image is put into FOLDER/store under the name that the Dockerfile asks for; scripts/build_image.sh finds it there
# when ROLLCALL_IMAGE_STORE=FOLDER. Remove FOLDER afterwards: each image in it is stored whole.
set -euo pipefail

if [[ $# -ne 1 ]]; then
    echo "usage: $0 FOLDER" >&2
    exit 2
fi
folder=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
base=$(sed -n 's/^FROM \([^ ]*\).*/\1/p' "$here/../Dockerfile" | head -n 1)
release=${base##*-}
rootfs=$folder/rootfs

mkdir -p "$folder"
if [[ ! -e $folder/rootfs.ready ]]; then
    rm -rf "$rootfs"
    debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates "$release" "$rootfs" >"$folder/debootstrap.log" ||
        { tail -n 20 "$folder/debootstrap.log" >&2; exit 1; }
    rm -rf "$rootfs"/var/cache/apt/* "$rootfs"/var/lib/apt/lists/*
    touch "$folder/rootfs.ready"
fi
# A build here reaches what this machine reaches: by the same name servers, trusting the same authorities.
cp /etc/ssl/certs/ca-certificates.crt "$rootfs/etc/ssl/certs/"
cp /etc/resolv.conf "$rootfs/etc/"

tar -C "$rootfs" -c . | podman --root "$folder/store" --runroot "$folder/run" --storage-driver vfs \
    import --quiet --change 'CMD ["python3"]' - "docker.io/library/$base"
