#!/usr/bin/env bash
# Installs what the tests need from the system (Debian or Ubuntu). The program itself needs nothing of it.
# Without the right to install, it says what is missing; the tests concerned are then skipped and counted as such.
set -euo pipefail

declare -A package_of=(
  [mmdebstrap]=mmdebstrap
  [docker-registry]=docker-registry
  [htpasswd]=apache2-utils
  [umoci]=umoci
  [skopeo]=skopeo
  [newuidmap]=uidmap
  [dpkg-deb]=dpkg
  [bwrap]=bubblewrap
  [zstd]=zstd
  [xz]=xz-utils
  [openssl]=openssl
  [unzip]=unzip
  # The packaging worlds' own tools: they make the test images and are the oracles of version orders.
  [rpmbuild]=rpm
  [db5.3_load]=db5.3-util
  [gem]=ruby
  [composer]=composer
  [go]=golang-go
  [cargo]=cargo
  [mvn]=maven
  [pip3]=python3-pip
  # The console is used in it by the tests.
  [chromium]=chromium
  # Oracles of the detectors: each is asked what it makes of the same file.
  [yara]=yara
  [clamd]=clamav-daemon
  [sshd]=openssh-server
  [visudo]=sudo
  [oscap]=openscap-scanner
  [mkpasswd]=whois
)

missing=()
for program in "${!package_of[@]}"; do
  PATH="$PATH:/usr/sbin:/sbin" command -v "$program" >/dev/null || missing+=("${package_of[$program]}")
done
/usr/bin/python3 -c 'import apt_pkg' 2>/dev/null || missing+=(python3-apt)
/usr/bin/python3 -c 'import packaging' 2>/dev/null || missing+=(python3-packaging)
/usr/bin/python3 -c 'import venv, ensurepip' 2>/dev/null || missing+=(python3-venv)
[ -e /usr/share/keyrings/debian-archive-keyring.gpg ] || missing+=(debian-archive-keyring)
[ -e /usr/share/distro-info/debian.csv ] || missing+=(distro-info-data)
[ -d /usr/share/clamav-testfiles ] || missing+=(clamav-testfiles)
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
[ "${#missing[@]}" -eq 0 ] && exit 0

if ! command -v apt-get >/dev/null; then
  echo "system-deps: no apt-get here; tests that need these are skipped: ${missing[*]}" >&2
  exit 0
fi
run=()
if [ "$(id -u)" -ne 0 ]; then
  if sudo -n true 2>/dev/null; then
    run=(sudo -n)
  else
    echo "system-deps: not root; tests that need these are skipped: ${missing[*]}" >&2
    exit 0
  fi
fi
echo "system-deps: installing ${missing[*]}" >&2
"${run[@]}" apt-get update -qq
DEBIAN_FRONTEND=noninteractive "${run[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
