#!/bin/sh
# The workload "browse", exported from Hone.
# Open loop: 500/s (Poisson arrivals) for 10s, after 2s of warm-up.
# Run: sh FILE
# Approximated: 6 URLs drawn in the workload's weights and popularity, repeated.
# Left out: 1 of 3 requests; oha sends one method with one set of headers.
# Not mapped: 'p95<20ms' 'p95{city}<15ms' 'errors<0.1%' 'rps>400' 'bytes<30KiB' 'apdex(50ms)>0.9' 'cpu<50us' (oha has no thresholds; hone import its output, or hone gate).
# Approximated: evenly spaced instead of Poisson; --latency-correction counts from the due time.
set -eu
BASE="${BASE_URL:-http://127.0.0.1:8080}"
urls=$(mktemp)
trap 'rm -f "$urls"' EXIT
sed "s#@BASE@#$BASE#" >"$urls" <<'END_OF_URLS'
@BASE@/api/cities/99440
@BASE@/api/cities/2
@BASE@/api/cities/26603
@BASE@/api/cities/43
@BASE@/api/cities/25925
END_OF_URLS
oha -c 8 -z 2s -t 10s -m 'GET' -H 'Accept: application/json' -q 500 --latency-correction --no-tui --output-format json --urls-from-file "$urls" >/dev/null  # warm-up
oha -c 8 -z 10s -t 10s -m 'GET' -H 'Accept: application/json' -q 500 --latency-correction --no-tui --output-format json --urls-from-file "$urls"
