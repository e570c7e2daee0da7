-- Attributions are results too. SQLite cannot change a CHECK, so the table is made anew: the list of kinds
-- lives in the program from now on, and a later kind needs no such step.
CREATE TABLE results_new (
    id TEXT PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL CHECK (kind <> ''),
    started_at INTEGER NOT NULL,          -- milliseconds since the epoch
    name TEXT NOT NULL,
    note TEXT NOT NULL,
    tags TEXT NOT NULL,                   -- JSON array of strings
    profile TEXT NOT NULL,
    profile_b TEXT NOT NULL,
    workload TEXT NOT NULL,
    source TEXT NOT NULL,
    target TEXT NOT NULL,
    dataset TEXT NOT NULL,
    p50_us REAL NOT NULL,
    p95_us REAL NOT NULL,
    p99_us REAL NOT NULL,
    rps REAL NOT NULL,
    error_rate REAL NOT NULL,
    seconds REAL NOT NULL,
    bytes_per_request REAL NOT NULL,
    requests INTEGER NOT NULL,
    verdict TEXT NOT NULL,
    sentence TEXT NOT NULL,
    partial INTEGER NOT NULL,
    sparkline TEXT NOT NULL,              -- JSON array of numbers, microseconds
    removed_at INTEGER,                   -- set while a removal can be undone
    body TEXT NOT NULL                    -- the result, JSON
) STRICT;
INSERT INTO results_new (id, kind, started_at, name, note, tags, profile, profile_b, workload, source, target,
                         dataset, p50_us, p95_us, p99_us, rps, error_rate, seconds, bytes_per_request, requests,
                         verdict, sentence, partial, sparkline, removed_at, body)
    SELECT id, kind, started_at, name, note, tags, profile, profile_b, workload, source, target, dataset, p50_us,
           p95_us, p99_us, rps, error_rate, seconds, bytes_per_request, requests, verdict, sentence, partial,
           sparkline, removed_at, body FROM results;
DROP TABLE results;
ALTER TABLE results_new RENAME TO results;
CREATE INDEX results_by_time ON results (started_at DESC);
