#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes a self-signed certificate and serves with it: tls_server.sh DIR KIND
# PROTOCOL. KIND is good (for 127.0.0.1), other (for another name) or expired;
# DIR gets cert.pem and key.pem. See tls_server.js for the rest.
set -eu
dir=$1 kind=$2 protocol=$3 here=$(dirname "$0")
name=IP:127.0.0.1 from=20200101000000Z until=20991231000000Z
case $kind in
other) name=DNS:other.example ;;
expired) from=20010101000000Z until=20020101000000Z ;;
esac
cat >"$dir/openssl.cnf" <<EOF
[req]
distinguished_name = dn
[dn]
[ca]
default_ca = own
[own]
database = $dir/index
serial = $dir/serial
new_certs_dir = $dir
default_md = sha256
policy = any
x509_extensions = ext
[any]
commonName = supplied
[ext]
subjectAltName = $name
basicConstraints = CA:TRUE
EOF
: >"$dir/index"
echo 01 >"$dir/serial"
openssl req -config "$dir/openssl.cnf" -new -newkey ec \
	-pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$dir/key.pem" \
	-subj "/CN=coop test" -out "$dir/request.pem" 2>"$dir/log"
openssl ca -config "$dir/openssl.cnf" -selfsign -batch -notext \
	-keyfile "$dir/key.pem" -in "$dir/request.pem" -out "$dir/cert.pem" \
	-startdate $from -enddate $until 2>>"$dir/log"
exec /usr/bin/node "$here/tls_server.js" "$dir" "$protocol"
