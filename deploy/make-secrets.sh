#!/bin/sh
# Makes the passwords that the services share, once, each in the folder that only those who need it mount. A file of the
# same name in the second folder (deploy/secrets) goes before. Prints no secret.
set -eu
made=${1:-/made}
given=${2:-/given}

random() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }

# put FOLDER/NAME: its value comes on standard input
put() {
  mkdir -p "$made/${1%/*}"
  tr -d '\r\n' >"$made/$1.new"
  # the folder is the border: services run as different users
  chmod 444 "$made/$1.new"
  mv -f "$made/$1.new" "$made/$1"
}

# given_or FOLDER/NAME COMMAND: what was given, else what is there, else what the command prints
given_or() {
  if [ -f "$given/${1#*/}" ]; then
    put "$1" <"$given/${1#*/}"
  elif [ ! -f "$made/$1" ]; then
    "$2" | put "$1"
  fi
}

given_or database/database-password random
printf 'postgres://fds:%s@postgres:5432/fds' "$(cat "$made/database/database-password")" | put database/database-url
given_or api/api-key random
given_or grafana/grafana-admin-password random
# where alerts go is somebody's to give; nothing is told to what is not given, or no longer
for name in slack-webhook-url pagerduty-routing-key dead-man-url; do
  rm -f "$made/alerts/$name"
  if [ -f "$given/$name" ]; then put "alerts/$name" <"$given/$name"; fi
done
