#!/bin/sh
# Makes what compose.yaml reads from secrets/, each once; what is there stays. Certificate and key are yours to bring.
set -eu
umask 077
cd "$(dirname "$0")"
mkdir -p secrets
random() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }
once() { [ -s "secrets/$1" ] || printf '%s\n' "$2" >"secrets/$1"; }
once postgres_password "$(random)"
once keys_password "$(random)"
once temporal_password "$(random)"
once banjie_wrapping_key "$(random)"
once banjie_database_url "postgresql://banjie:$(cat secrets/postgres_password)@postgres/banjie"
once banjie_keys_url "postgresql://banjie_keys:$(cat secrets/keys_password)@postgres/banjie_keys"
once temporal.env "POSTGRES_PWD=$(cat secrets/temporal_password)"
# The folder lets nobody in; within the containers each file is read by that container's own user.
chmod 444 secrets/*
chmod 700 secrets
echo "secrets/ 已就绪；请放入 tls_certificate、tls_key，并把 banjie_wrapping_key 另存他处（丢失则密封内容无法打开）。"
echo "secrets/ is ready; put tls_certificate and tls_key there, and keep a copy of banjie_wrapping_key elsewhere."
