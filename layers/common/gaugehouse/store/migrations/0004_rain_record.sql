CREATE TABLE source_documents (
    id             bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source         text        NOT NULL CHECK (source <> ''),
    subject        text        NOT NULL CHECK (subject <> ''),
    sha256         text        NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    s3_key         text        NOT NULL,
    url            text        NOT NULL,
    etag           text,
    last_modified  timestamptz,
    size_bytes     bigint      NOT NULL CHECK (size_bytes >= 0),
    document_date  date,
    fetched_at     timestamptz NOT NULL DEFAULT now(),
    parser_version integer     NOT NULL,
    outcome        text        NOT NULL CHECK (outcome IN ('imported', 'superseded', 'invalid')),
    imported_at    timestamptz,
    UNIQUE (source, subject, sha256),
    CHECK (outcome <> 'imported' OR (imported_at IS NOT NULL AND document_date IS NOT NULL))
);

COMMENT ON TABLE source_documents IS 'Every document that was downloaded, and what became of it.';
COMMENT ON COLUMN source_documents.id IS 'Surrogate key.';
COMMENT ON COLUMN source_documents.source IS 'The kind of document: fopr.';
COMMENT ON COLUMN source_documents.subject IS 'Which one: the station id it was asked for.';
COMMENT ON COLUMN source_documents.sha256 IS 'Hex digest of the bytes.';
COMMENT ON COLUMN source_documents.s3_key IS 'Where the bytes are kept in the document bucket.';
COMMENT ON COLUMN source_documents.url IS 'Where they came from.';
COMMENT ON COLUMN source_documents.etag IS 'The server''s ETag, sent back to ask whether the document has changed.';
COMMENT ON COLUMN source_documents.last_modified IS 'The server''s Last-Modified.';
COMMENT ON COLUMN source_documents.size_bytes IS 'How many bytes.';
COMMENT ON COLUMN source_documents.document_date IS 'The date of the document itself, which decides which of two documents is the newer truth.';
COMMENT ON COLUMN source_documents.fetched_at IS 'When these bytes were last downloaded.';
COMMENT ON COLUMN source_documents.parser_version IS 'Version of the parser that last read it.';
COMMENT ON COLUMN source_documents.outcome IS 'imported, superseded (a newer one had been imported) or invalid.';
COMMENT ON COLUMN source_documents.imported_at IS 'When its content was last stored.';

CREATE TABLE rain_readings (
    station_id      text          NOT NULL REFERENCES gauges,
    reading_date    date          NOT NULL,
    rainfall_inches numeric(8, 5) NOT NULL CHECK (rainfall_inches >= 0),
    quality         text          NOT NULL DEFAULT 'measured' CHECK (quality IN
                    ('measured', 'assigned', 'estimated', 'incomplete', 'suspect', 'provisional')),
    data_source     text          NOT NULL CHECK (data_source <> ''),
    document_date   date          NOT NULL,
    import_metadata jsonb,
    PRIMARY KEY (station_id, reading_date)
);

COMMENT ON TABLE rain_readings IS 'Daily rainfall. Only real measurements: a dry day is a row with 0, a missing day is no row.';
COMMENT ON COLUMN rain_readings.station_id IS 'The gauge.';
COMMENT ON COLUMN rain_readings.reading_date IS 'The local day, midnight to midnight in the gauge''s time zone.';
COMMENT ON COLUMN rain_readings.rainfall_inches IS 'Inches. Five decimals, because one tip is 1 mm = 0.03937 in.';
COMMENT ON COLUMN rain_readings.quality IS 'How the value came about: measured, assigned, estimated, incomplete, suspect, provisional.';
COMMENT ON COLUMN rain_readings.data_source IS 'The document that set the value: fopr, excel_WY_2023, pdf_1119, live_scrape.';
COMMENT ON COLUMN rain_readings.document_date IS 'The date of that document; a newer document is the newer truth.';
COMMENT ON COLUMN rain_readings.import_metadata IS 'The document''s own words about this day: {"note": "Assigned 15mm to 6/24"}.';

CREATE TABLE data_gaps (
    station_id     text        NOT NULL REFERENCES gauges,
    parameter_code text        NOT NULL,
    source         text        NOT NULL CHECK (source <> ''),
    gap_start      timestamptz NOT NULL,
    gap_end        timestamptz,
    cause          text        NOT NULL,
    missing_days   integer     NOT NULL CHECK (missing_days >= 0),
    notes          text,
    quality_code   smallint,
    outage_start   timestamptz,
    outage_end     timestamptz,
    PRIMARY KEY (station_id, parameter_code, source, gap_start),
    CHECK (gap_end > gap_start)
);

COMMENT ON TABLE data_gaps IS 'Absence, as each source tells it: [gap_start, gap_end).';
COMMENT ON COLUMN data_gaps.station_id IS 'The gauge.';
COMMENT ON COLUMN data_gaps.parameter_code IS 'What is missing, by USGS parameter code: 00045 is rainfall.';
COMMENT ON COLUMN data_gaps.source IS 'The kind of document that tells of the gap: fopr.';
COMMENT ON COLUMN data_gaps.gap_start IS 'First instant of the gap: local midnight of its first missing day.';
COMMENT ON COLUMN data_gaps.gap_end IS 'First instant after the gap; NULL where the document gives no end.';
COMMENT ON COLUMN data_gaps.cause IS 'The agency''s word (Battery), before_record, or unexplained.';
COMMENT ON COLUMN data_gaps.missing_days IS 'Local days in it without a value; 0 for an outage over which the agency could account for every day.';
COMMENT ON COLUMN data_gaps.notes IS 'The agency''s notes.';
COMMENT ON COLUMN data_gaps.quality_code IS 'The agency''s code: 1 = OK, 2 = incomplete, 3 = estimated.';
COMMENT ON COLUMN data_gaps.outage_start IS 'Start of the outage that explains the gap, as the agency timed it.';
COMMENT ON COLUMN data_gaps.outage_end IS 'End of that outage.';

CREATE TABLE rejected_records (
    source        text        NOT NULL,
    reason        text        NOT NULL,
    fingerprint   text        NOT NULL,
    detail        text        NOT NULL,
    raw           text        NOT NULL,
    first_seen_at timestamptz NOT NULL DEFAULT now(),
    last_seen_at  timestamptz NOT NULL DEFAULT now(),
    seen_count    bigint      NOT NULL DEFAULT 1 CHECK (seen_count > 0),
    PRIMARY KEY (source, reason, fingerprint)
);

COMMENT ON TABLE rejected_records IS 'What was dropped instead of stored, and why.';
COMMENT ON COLUMN rejected_records.source IS 'The document it stood in: mcfcd_gauge_list, fopr.';
COMMENT ON COLUMN rejected_records.reason IS 'One word: duplicate_station_id, negative_rainfall, not_a_number, …';
COMMENT ON COLUMN rejected_records.fingerprint IS 'Digest of its place and fault, so that seeing it again counts up.';
COMMENT ON COLUMN rejected_records.detail IS 'File, sheet, row and field, and what was wrong.';
COMMENT ON COLUMN rejected_records.raw IS 'The text as it last came.';
COMMENT ON COLUMN rejected_records.first_seen_at IS 'When it was first dropped.';
COMMENT ON COLUMN rejected_records.last_seen_at IS 'When it was last dropped.';
COMMENT ON COLUMN rejected_records.seen_count IS 'How often it was dropped.';
