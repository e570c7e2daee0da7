-- One row a result; what lists and searches need is in columns, the whole result is JSON.
CREATE TABLE results (
    id TEXT PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('run', 'comparison')),
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
CREATE INDEX results_by_time ON results (started_at DESC);
