#!/bin/sh
# The workload "browse", exported from Hone.
# Open loop: 500/s (Poisson arrivals) for 10s, after 2s of warm-up.
# Run: sh FILE
# Approximated: wrk has no open loop; its 8 connections ask as fast as they can. wrk2 adds -R 500.
# Approximated: 6 requests drawn in the workload's weights and popularity, repeated.
# Not mapped: p95{city}<15ms (wrk does not measure it).
# Not mapped: apdex(50ms)>0.9 (wrk does not measure it).
# Not mapped: cpu<50us (wrk does not measure it).
set -eu
BASE="${BASE_URL:-http://127.0.0.1:8080}"
script=$(mktemp)
trap 'rm -f "$script"' EXIT
cat >"$script" <<'END_OF_LUA'
local list = {
  {"POST", "/api/cities", "{\"name\": \"Oslo\"}", {}},
  {"GET", "/api/cities/99440", nil, {["Accept"] = "application/json", }},
  {"GET", "/api/cities/2", nil, {["Accept"] = "application/json", }},
  {"GET", "/api/cities/26603", nil, {["Accept"] = "application/json", }},
  {"GET", "/api/cities/43", nil, {["Accept"] = "application/json", }},
  {"GET", "/api/cities/25925", nil, {["Accept"] = "application/json", }},
}
local threads, at = 0, 0
function setup(thread) thread:set("first", threads); threads = threads + 1 end
function init() at = (first or 0) * 379 end
function request()
  at = at % #list + 1
  local one = list[at]
  return wrk.format(one[1], one[2], one[4], one[3])
end
function done(summary, latency)
  local e = summary.errors
  local failed = e.connect + e.read + e.write + e.status + e.timeout
  local broken = false
  local function check(text, holds)
    print((holds and "ok: " or "failed: ") .. text)
    broken = broken or not holds
  end
  check("p95<20ms", latency:percentile(95) < 20000)
  check("errors<0.1%", failed / math.max(summary.requests, 1) < 0.001)
  check("rps>400", summary.requests / (summary.duration / 1e6) > 400)
  check("bytes<30KiB", summary.bytes / math.max(summary.requests, 1) < 30720)
  io.stdout:flush()
  if broken then os.exit(1) end
end
END_OF_LUA
wrk -t 1 -c 8 --timeout 10s -d 2s "$BASE" >/dev/null  # warm-up
wrk -t 1 -c 8 --timeout 10s -d 10s --latency -s "$script" "$BASE"
