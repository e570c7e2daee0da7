// The workload "browse", exported from Hone.
// Open loop: 500/s (Poisson arrivals) for 10s, after 2s of warm-up.
// Run: mvn gatling:test -Dgatling.simulationClass=HoneWorkload
// Class: save as HoneWorkload.java below src/test/java of a Gatling project.
// Approximated: arrivals are randomised within their slots, not Poisson.
// Approximated: 6 values of each variable, drawn in its popularity.
// Approximated: Gatling's statistics and assertions include the warm-up.
// Not mapped: bytes<30KiB (no such assertion in Gatling).
// Not mapped: apdex(50ms)>0.9 (no such assertion in Gatling).
// Not mapped: cpu<50us (no such assertion in Gatling).

import static io.gatling.javaapi.core.CoreDsl.*;
import static io.gatling.javaapi.http.HttpDsl.*;

import io.gatling.javaapi.core.*;
import io.gatling.javaapi.http.*;
import java.time.Duration;
import java.util.*;

public class HoneWorkload extends Simulation {
  private final HttpProtocolBuilder protocol = http.baseUrl(System.getProperty("baseUrl", "http://127.0.0.1:8080")).shareConnections();
  private static final String[] VALUES_id = {"3706", "20263", "121697", "961", "960", "23497"};
  private final FeederBuilder<Object> feed_id = listFeeder(Arrays.stream(VALUES_id)
      .map(value -> Map.<String, Object>of("id", value)).toList()).random();
  private static final String[] VALUES_town = {"Oslo", "It's \"Rome\"", "Oslo", "It's \"Rome\"", "Oslo", "It's \"Rome\""};
  private final FeederBuilder<Object> feed_town = listFeeder(Arrays.stream(VALUES_town)
      .map(value -> Map.<String, Object>of("town", value)).toList()).circular();
  private final ScenarioBuilder scenario = scenario("browse").feed(feed_id).feed(feed_town).exec(randomSwitch().on(
          percent(21.052632).then(exec(http("list").httpRequest("GET", "/api/cities?limit=100")
              .header("Accept", "application/json")
              .check(status().lt(400)))),
          percent(73.684211).then(exec(http("city").httpRequest("GET", "/api/cities/#{id}")
              .header("Accept", "application/json")
              .check(status().lt(400)))),
          percent(5.263158).then(exec(http("write").httpRequest("POST", "/api/cities")
              .body(StringBody("{\"name\": \"#{town}\"}"))
              .check(status().lt(400))))));

  {
    setUp(scenario.injectOpen(constantUsersPerSec(500).during(Duration.ofMillis(12000)).randomized()))
        .protocols(protocol)
        .assertions(
            global().responseTime().percentile(95.0).lt(20),
            details("city").responseTime().percentile(95.0).lt(15),
            global().failedRequests().percent().lt(0.100000),
            global().requestsPerSec().gt(400.000000));
  }
}
