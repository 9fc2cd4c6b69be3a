#!/bin/sh
# The oracle of a fix: upgrades an image that our own tests built with its own apt-get in a chroot.
# Never for anybody else's image: this runs the image's code as root.
#   apt-upgrade.sh OUTPUT-DIR SOURCES-LIST KEYRING LAYER-TAR… -- [PACKAGE=VERSION…]   (no package: dist-upgrade)
# Run it below `unshare --mount --pid --fork` so that its mounts and processes end with it.
set -eu
root=$1 sources=$2 keyring=$3
shift 3

now() { date +%s%N; }
started=$(now)
mkdir -p "$root"
# Layers in order: what a whiteout names goes away before the files of its layer arrive.
while [ "$1" != -- ]; do
  tar --list --file "$1" | sed -n 's#^\./##; /\(^\|\/\)\.wh\./p' | while read -r mark; do
    folder=$root/$(dirname "$mark") name=$(basename "$mark")
    if [ "$name" = .wh..wh..opq ]; then
      find "$folder" -mindepth 1 -delete
    else
      rm -rf "${folder:?}/${name#.wh.}"
    fi
  done
  tar --extract --file "$1" --directory "$root" --numeric-owner --same-permissions --xattrs --xattrs-include='*' \
    --exclude='.wh.*'
  shift
done
shift
unpacked=$(now)

work=$root/var/tmp/oracle
mkdir -p "$work"
cp "$sources" "$work/sources.list"
cp "$keyring" "$work/keyring.gpg"
sed -i 's#\[signed-by=[^]]*\]#[signed-by=/var/tmp/oracle/keyring.gpg]#' "$work/sources.list"
for file in etc/resolv.conf etc/hosts; do
  [ -e "$root/$file" ] && cp -a "$root/$file" "$work/$(basename "$file").before"
  cp -L "/$file" "$root/$file"
done
# No service may start: the upgraded daemons belong to the image, not to this machine.
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"

in_chroot() {
  chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C \
    DEBIAN_FRONTEND=noninteractive DEBCONF_NONINTERACTIVE_SEEN=true "$@" </dev/null
}
apt="-o Dir::Etc::SourceList=/var/tmp/oracle/sources.list -o Dir::Etc::SourceParts=/nonexistent -o Acquire::Languages=none -o APT::Sandbox::User=root"
in_chroot apt-get $apt -qq update
if [ $# -gt 0 ]; then
  set -- install --only-upgrade "$@"
else
  set -- dist-upgrade
fi
in_chroot apt-get $apt -qq -y -o Dpkg::Options::=--force-confold -o Dpkg::Options::=--force-confdef -o Dpkg::Use-Pty=0 "$@" >"$root.log" 2>&1 || {
  tail -n 40 "$root.log" >&2
  exit 1
}
ran=$(now)

in_chroot dpkg --audit >"$root.audit" 2>&1 || true
in_chroot apt-get $apt clean
umount "$root/dev" "$root/proc"
rm -f "$root/usr/sbin/policy-rc.d"
for file in etc/resolv.conf etc/hosts; do
  rm -f "$root/$file"
  [ -e "$work/$(basename "$file").before" ] && cp -a "$work/$(basename "$file").before" "$root/$file"
done
rm -rf "$work"
find "$root/var/lib/apt/lists" -type f -delete
echo "{\"unpackMs\":$(((unpacked - started) / 1000000)),\"runMs\":$(((ran - unpacked) / 1000000))}"
