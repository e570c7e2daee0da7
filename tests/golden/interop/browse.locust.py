# The workload "browse", exported from Hone.
# Open loop: 500/s (Poisson arrivals) for 10s, after 2s of warm-up.
# Run: locust -f FILE --headless -u 8 -r 8 -t 12s --csv result
# Approximated: Locust has no open loop. Each user keeps its share of the rate while answers are fast enough; a stalled server stalls the load.
# Approximated: warm-up is dropped by resetting the statistics after it.
# Approximated: Locust rounds response times to two digits; keys do not follow Hone's seed.
# Approximated: bytes<30KiB is checked on decoded content, not on the wire.
# Not mapped: cpu<50us (Locust does not see the server's CPU).
import itertools
import math
import os
import random

import gevent
from locust import FastHttpUser, constant, constant_throughput, events, task



def zipf(n, s):
    """Rejection-inversion (Hörmann and Derflinger, 1996), as Hone's generator draws."""
    near = lambda f, x: f(x) / x if abs(x) > 1e-8 else 1.0
    area = lambda x: near(math.expm1, (1 - s) * math.log(x)) * math.log(x)
    density = lambda x: math.exp(-s * math.log(x))
    inverse = lambda y: math.exp(near(math.log1p, max(y * (1 - s), -1 + 1e-15)) * y)
    first, last = area(1.5) - 1, area(n + 0.5)
    shortcut = 2 - inverse(area(2.5) - density(2))

    def draw():
        while True:
            u = last + random.random() * (first - last)
            x = inverse(u)
            k = min(max(math.floor(x + 0.5), 1), n)
            if k - x <= shortcut or u >= area(k + 0.5) - density(k):
                return k - 1

    return draw


RANK_id = zipf(150000, 0.9)


def draw_id():
    i = RANK_id()
    return str(1 + i)


VALUES_town = ["Oslo", "It's \"Rome\""]
COUNT_town = itertools.count()


def draw_town():
    i = next(COUNT_town) % 2
    return VALUES_town[i]


class Workload(FastHttpUser):
    host = os.environ.get("BASE_URL", "http://127.0.0.1:8080")
    wait_time = constant_throughput(62.5)
    network_timeout = 10

    @task(4)
    def list(self):
        self.client.request("GET", "/api/cities?limit=100", name="list", headers={"Accept": "application/json"})

    @task(14)
    def city(self):
        self.client.request("GET", "/api/cities/" + draw_id(), name="city", headers={"Accept": "application/json"})

    @task(1)
    def write(self):
        self.client.request("POST", "/api/cities", name="write", headers={}, data=("{\"name\": \"" + draw_town() + "\"}").encode())


@events.test_start.add_listener
def drop_warmup(environment, **_):
    gevent.spawn_later(2, environment.stats.reset_all)


def apdex(s, satisfied_ms):
    """Response times are kept rounded; failures are taken off the fastest."""
    within = lambda limit: max(0, sum(n for t, n in s.response_times.items() if t <= limit) - s.num_failures)
    return (within(satisfied_ms) + within(4 * satisfied_ms)) / (2 * s.num_requests) if s.num_requests else 0


CHECKS = [
    (None, "p95<20ms", lambda s: s.get_response_time_percentile(0.95) < 20),
    ("city", "p95{city}<15ms", lambda s: s.get_response_time_percentile(0.95) < 15),
    (None, "errors<0.1%", lambda s: s.fail_ratio < 0.001),
    (None, "rps>400", lambda s: s.total_rps > 400),
    (None, "bytes<30KiB", lambda s: s.avg_content_length < 30720),
    (None, "apdex(50ms)>0.9", lambda s: apdex(s, 50) > 0.9),
]
METHODS = {"list": "GET", "city": "GET", "write": "POST"}


@events.quitting.add_listener
def gate(environment, **_):
    failed = []
    for name, text, holds in CHECKS:
        s = environment.stats.total if name is None else environment.stats.get(name, METHODS[name])
        if s.num_requests == 0 or not holds(s):
            failed.append(text)
    for text in failed:
        print("threshold failed:", text)
    environment.process_exit_code = 1 if failed else 0
