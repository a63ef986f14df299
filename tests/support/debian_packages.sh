#!/bin/sh
# Installs the Debian packages that the tests use, where this user may. Never fails: what stays away is named in one
# sentence, and the tests that need it say so again.
set -u

wanted="mosquitto postgresql python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-base gstreamer1.0-plugins-good
gstreamer1.0-plugins-bad gstreamer1.0-plugins-ugly ffmpeg chromium fonts-noto-cjk influxdb victoria-metrics"

missing() {
    for package in $wanted; do
        dpkg-query --show --showformat='${Status}\n' "$package" 2>/dev/null | grep -q ' installed$' ||
            printf '%s ' "$package"
    done
}

say() {
    printf 'debian packages: %s\n' "$1" >&2
}

install() {
    # shellcheck disable=SC2086 # one word a package, and no word without sudo
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --no-install-recommends "$@" >&2
}

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    say "this is no Debian: install by your own means what these packages hold: $(printf '%s ' $wanted)"
    exit 0
fi

lacking=$(missing)
[ -n "$lacking" ] || exit 0

if [ "$(id -u)" = 0 ]; then
    as_root=""
elif sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    say "missing and not mine to install: ${lacking% }; run: sudo apt-get install ${lacking% }"
    exit 0
fi

# These serve on every address as soon as they are installed; the tests start their own, on loopback.
services() {
    command -v systemctl >/dev/null || return 0
    for service in influxdb victoria-metrics; do
        case " $asked " in *" $service "*) $as_root systemctl "$1" --quiet "$service" >&2 || true ;; esac
    done
}

say "installing ${lacking% }"
asked=$lacking
services mask
$as_root apt-get update --quiet >&2 || true
# shellcheck disable=SC2086 # one word a package
install $lacking || for package in $lacking; do install "$package" || true; done
services unmask
services disable

lacking=$(missing)
[ -z "$lacking" ] || say "could not be installed, the tests that need them are skipped or fail: ${lacking% }"
