#!/bin/sh
# Writes .env from .env.example, with a random value for every secret.
set -eu
cd "$(dirname "$0")/.."
if [ -e .env ]; then
  echo '.env already exists; nothing was changed.' >&2
  exit 1
fi
umask 077
while IFS= read -r line; do
  case $line in
    POSTGRES_PASSWORD= | *=change-me*)
      printf '%s=%s\n' "${line%%=*}" "$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')"
      ;;
    *) printf '%s\n' "$line" ;;
  esac
done <.env.example >.env
echo 'Wrote .env. ADMIN_PASSWORD is the operator'"'"'s password.'
