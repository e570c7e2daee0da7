#!/bin/sh
# The workload "browse", exported from Hone.
# Open loop: 500/s (Poisson arrivals) for 10s, after 2s of warm-up.
# Run: sh FILE
# 20 requests drawn in the workload's weights and popularity, one after the other: no load, but each answer's status, size and phases.
# Not mapped: 'p95<20ms' 'p95{city}<15ms' 'errors<0.1%' 'rps>400' 'bytes<30KiB' 'apdex(50ms)>0.9' 'cpu<50us' (curl has no thresholds; hone import its output, or hone gate).
set -eu
BASE="${BASE_URL:-http://127.0.0.1:8080}"
ask() { curl -sS -o /dev/null --max-time 10 -w '%{http_code} %{size_download} B connect %{time_connect} s first byte %{time_starttransfer} s total %{time_total} s %{url_effective}\n' "$@"; }
ask -X 'POST' --data-binary '{"name": "Oslo"}' "$BASE"'/api/cities'
ask -H 'Accept: application/json' "$BASE"'/api/cities/99440'
ask -H 'Accept: application/json' "$BASE"'/api/cities/2'
ask -H 'Accept: application/json' "$BASE"'/api/cities/26603'
ask -H 'Accept: application/json' "$BASE"'/api/cities/43'
ask -H 'Accept: application/json' "$BASE"'/api/cities/25925'
ask -H 'Accept: application/json' "$BASE"'/api/cities/6743'
ask -H 'Accept: application/json' "$BASE"'/api/cities/67'
ask -H 'Accept: application/json' "$BASE"'/api/cities/21'
ask -H 'Accept: application/json' "$BASE"'/api/cities/64'
ask -H 'Accept: application/json' "$BASE"'/api/cities/6024'
ask -H 'Accept: application/json' "$BASE"'/api/cities/88394'
ask -H 'Accept: application/json' "$BASE"'/api/cities/13'
ask -H 'Accept: application/json' "$BASE"'/api/cities?limit=100'
ask -H 'Accept: application/json' "$BASE"'/api/cities/18730'
ask -H 'Accept: application/json' "$BASE"'/api/cities/317'
ask -H 'Accept: application/json' "$BASE"'/api/cities/132125'
ask -H 'Accept: application/json' "$BASE"'/api/cities/31867'
ask -H 'Accept: application/json' "$BASE"'/api/cities?limit=100'
ask -H 'Accept: application/json' "$BASE"'/api/cities?limit=100'
