#!/bin/sh
# Starts Alertmanager with the receivers whose secret is given: a file of its name, not empty, in SECRETS. Without any
# it runs all the same and tells nobody. Arguments go to Alertmanager.
set -eu
umask 077
secrets=${SECRETS:-/run/fds/alerts}
config=${CONFIG:-/etc/alertmanager/alertmanager.yml}
made=$(mktemp)

given() { [ -s "$secrets/$1" ]; }

edits=
for secret in slack-webhook-url pagerduty-routing-key dead-man-url; do
  if ! given "$secret"; then
    echo "no $secret in $secrets: its receiver tells nobody" >&2
    edits="$edits /# needs $secret\$/,/# end\$/d;"
  fi
done
if given dead-man-url; then
  url=$(tr -d '\r\n' <"$secrets/dead-man-url" | sed 's/[&|\\]/\\&/g')
  edits="$edits s|http://dead-man.invalid/|$url|;"
fi
sed "$edits" "$config" >"$made"
exec "${ALERTMANAGER:-/bin/alertmanager}" --config.file="$made" "$@"
