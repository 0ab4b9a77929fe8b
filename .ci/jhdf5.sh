#!/usr/bin/env bash
# Puts JHDF5 (sis-jhdf5) and the HDF Group's library for it into a folder: Debian's packages, unpacked
# without root and without installing anything. Usage: .ci/jhdf5.sh FOLDER
set -euo pipefail
folder=$1
packages=(libsis-jhdf5-java libsis-jhdf5-jni libsis-base-java libsis-base-jni libhdf5-103-1 libsz2 libaec0)
# h5dump and h5stat of the same version: do they read what we write?
packages+=(hdf5-tools libhdf5-hl-100)
give_up() {
  echo "JHDF5 can't be set up: $*" >&2
  exit 1
}
command -v apt-get > /dev/null && command -v dpkg-deb > /dev/null || give_up "it needs Debian's or Ubuntu's apt-get and dpkg-deb"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/packages" "$work/lists/partial" "$work/cache/archives/partial"
cd "$work/packages"
own=(-o "Dir::State::Lists=$work/lists" -o "Dir::Cache=$work/cache" -o Debug::NoLocking=1)
apt-get -qq download "${packages[@]}" 2> "$work/log" \
  || { apt-get -qq "${own[@]}" update && apt-get -qq "${own[@]}" download "${packages[@]}"; } 2>> "$work/log" \
  || { cat "$work/log" >&2; give_up "its packages can't be downloaded"; }
for package in *.deb; do
  dpkg-deb -x "$package" "$work/root"
done
cd - > /dev/null

mkdir -p "$work/flat"
find "$work/root/usr/share/java" -name 'sis-*.jar' -type f -exec cp {} "$work/flat" \;
find "$work/root" \( -name '*.so' -o -name '*.so.*' \) -exec cp -P {} "$work/flat" \;
cp "$work"/root/usr/bin/{h5dump,h5stat} "$work/flat"
if LD_LIBRARY_PATH=$work/flat ldd "$work/flat/libsis-jhdf5.so" | grep 'not found' >&2; then
  give_up "it needs these libraries too"
fi
rm -rf "$folder"
mkdir -p "$(dirname "$folder")"
cp -a "$work/flat" "$folder"
