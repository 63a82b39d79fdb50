#!/bin/sh
# keep-python.sh VERSION FROM TO: of the Python that an image has below FROM, keeps in TO what compiling needs: the program, its
# library and the modules of the standard library that start it. For Dockerfile.verify.
set -eu
version=$1 from=$2 to=$3

if [ -e "$from/no-python" ]; then
  echo "CPython $version is left out: the embedded one will speak for it"
  exit 0
fi
if ! [ -x "$from/bin/python$version" ]; then
  name=$(echo "$version" | tr . _)
  echo "the image PYTHON_${name}_IMAGE has no /usr/local/bin/python$version: name another, or none to leave it out" >&2
  exit 1
fi

mkdir -p "$to/bin" "$to/lib"
cp "$from/bin/python$version" "$to/bin/"
# Of the standard library, what neither starting nor a codec needs is left out, as are the packages of others.
tar -C "$from/lib" -cf "$to/python.tar" --exclude=site-packages --exclude=__pycache__ --exclude=test --exclude=tests \
  --exclude=idlelib --exclude=lib2to3 --exclude=tkinter --exclude=turtledemo --exclude=ensurepip --exclude=pydoc_data \
  --exclude=unittest --exclude='config-*' "python$version"
tar -C "$to/lib" -xf "$to/python.tar"
rm "$to/python.tar"
for library in "$from/lib/libpython$version"*.so*; do
  if [ -e "$library" ]; then cp -P "$library" "$to/lib/"; fi
done

# That it starts and compiles tells that nothing was left out.
LD_LIBRARY_PATH=$to/lib "$to/bin/python$version" -I -S -B -c '
import ast, importlib.util, json, os, re, resource, signal, struct, sys, sysconfig, warnings
compile("f(1)", "<test>", "exec", dont_inherit=True)
print("CPython %d.%d.%d" % sys.version_info[:3])
'
