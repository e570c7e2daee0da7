-- What people said, about which result and the latency they had.
CREATE TABLE answers (
    id TEXT PRIMARY KEY NOT NULL,
    survey_id TEXT NOT NULL,
    at INTEGER NOT NULL,                  -- milliseconds since the epoch
    run_id TEXT NOT NULL,
    profile TEXT NOT NULL,
    p95_us REAL NOT NULL,
    body TEXT NOT NULL                    -- the answer, JSON
) STRICT;
CREATE INDEX answers_by_survey ON answers (survey_id, at);
