// The workload "browse", exported from Hone.
// Open loop: 500/s (Poisson arrivals) for 10s, after 2s of warm-up.
// Run: k6 run FILE   (another target: k6 run -e BASE_URL=http://… FILE)
// Approximated: k6 has no Poisson arrivals; these are evenly spaced.
// Approximated: k6 counts latency from the send, not from when a request was due.
// Approximated: keys follow the same distribution, but not Hone's seed.
// Not mapped: bytes<30KiB (k6 does not measure it per request).
// Not mapped: cpu<50us (k6 does not measure it per request).
import http from 'k6/http';
import exec from 'k6/execution';
import { sleep } from 'k6';
import { Trend } from 'k6/metrics';

const BASE = __ENV.BASE_URL || "http://127.0.0.1:8080";

export const options = {
  scenarios: {
    warmup: {
      executor: 'constant-arrival-rate',
      rate: 500,
      timeUnit: '1s',
      preAllocatedVUs: 8,
      maxVUs: 500,
      startTime: '0s',
      duration: '2s',
      gracefulStop: '0s',
    },
    measured: {
      executor: 'constant-arrival-rate',
      rate: 500,
      timeUnit: '1s',
      preAllocatedVUs: 8,
      maxVUs: 500,
      startTime: '2s',
      duration: '10s',
      gracefulStop: '0s',
    },
  },
  thresholds: {
    "apdex_50000us{scenario:measured}": ["avg>0.9"],
    "http_req_duration{scenario:measured,name:city}": ["p(95)<15"],
    "http_req_duration{scenario:measured}": ["p(95)<20"],
    "http_req_failed{scenario:measured}": ["rate<0.001"],
    "http_reqs{scenario:measured}": ["count>4000"],
  },
};

const apdex_50000us = new Trend('apdex_50000us');
function zipf(n, s) {
  const near = (f, x) => (Math.abs(x) > 1e-8 ? f(x) / x : 1);
  const area = (x) => near(Math.expm1, (1 - s) * Math.log(x)) * Math.log(x);
  const density = (x) => Math.exp(-s * Math.log(x));
  const inverse = (y) => Math.exp(near(Math.log1p, Math.max(y * (1 - s), -1)) * y);
  const first = area(1.5) - 1, last = area(n + 0.5), shortcut = 2 - inverse(area(2.5) - density(2));
  return () => {
    for (;;) {
      const u = last + Math.random() * (first - last);
      const x = inverse(u);
      const k = Math.min(Math.max(Math.floor(x + 0.5), 1), n);
      if (k - x <= shortcut || u >= area(k + 0.5) - density(k)) return k - 1;
    }
  };
}
const rank_id = zipf(150000, 0.9);
function draw_id() {
  const i = rank_id();
  return 1 + i;
}
const values_town = ["Oslo", "It's \"Rome\""];
function draw_town() {
  const i = exec.scenario.iterationInTest % 2;
  return values_town[i];
}
function fire(v) {
  const pick = Math.random() * 9.5;
  if (pick < 2) {
    const name = "list";
    return [name, http.request("GET", BASE + "/api/cities?limit=100", null, { tags: { name }, timeout: '10000ms', headers: { "Accept": "application/json" } })];
  }
  if (pick < 9) {
    const name = "city";
    return [name, http.request("GET", BASE + "/api/cities/" + v.id, null, { tags: { name }, timeout: '10000ms', headers: { "Accept": "application/json" } })];
  }
  if (pick < 9.5) {
    const name = "write";
    return [name, http.request("POST", BASE + "/api/cities", "{\"name\": \"" + v.town + "\"}", { tags: { name }, timeout: '10000ms', headers: {  } })];
  }
}

export default function () {
  const [name, res] = fire({ id: draw_id(), town: draw_town() });
  const failed = res.status === 0 || res.status >= 400;
  apdex_50000us.add(failed ? 0 : res.timings.duration <= 50 ? 1 : res.timings.duration <= 200 ? 0.5 : 0, { name });
}
