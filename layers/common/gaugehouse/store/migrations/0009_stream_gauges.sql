-- Stream gauges: their series and what was measured.

ALTER TABLE gauges
    ADD COLUMN agency_code text,
    ADD COLUMN state text;
COMMENT ON COLUMN gauges.agency_code IS 'Who runs the gauge for its network: USGS, MD007; NULL where that is not told.';
COMMENT ON COLUMN gauges.state IS 'State.';
COMMENT ON COLUMN gauges.metadata_source IS 'Which document told the columns of this row: gauge_list, fopr, usgs_monitoring_location.';

ALTER TABLE import_jobs
    DROP CONSTRAINT import_jobs_kind_check,
    ADD CONSTRAINT import_jobs_kind_check
        CHECK (kind IN ('fopr', 'water_year', 'monthly_pdf', 'usgs_daily', 'usgs_continuous'));
COMMENT ON COLUMN import_jobs.kind IS 'What is imported: fopr (a gauge''s full record), water_year, monthly_pdf, usgs_daily, usgs_continuous.';
COMMENT ON COLUMN import_jobs.subject IS 'Which one: a station id for fopr; a station id and its water years for usgs_daily (05568500:1940-1949) and usgs_continuous (05568500:2024).';

CREATE TABLE series (
    series_id          integer     GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    station_id         text        NOT NULL REFERENCES gauges,
    parameter_code     text        NOT NULL CHECK (parameter_code <> ''),
    statistic          text        NOT NULL CHECK (statistic <> ''),
    method             text        NOT NULL DEFAULT '',
    unit               text        NOT NULL,
    upstream_series_id text        UNIQUE CHECK (upstream_series_id <> ''),
    is_primary         boolean     NOT NULL,
    staleness_minutes  integer     NOT NULL DEFAULT 120 CHECK (staleness_minutes BETWEEN 1 AND 43200),
    begins             timestamptz,
    ends               timestamptz,
    created_at         timestamptz NOT NULL DEFAULT now(),
    updated_at         timestamptz NOT NULL DEFAULT now(),
    UNIQUE (station_id, parameter_code, statistic, method)
);

COMMENT ON TABLE series IS 'Time series of stream gauges: what is measured where, and how. Readings belong to a row of this table, whatever sensor the agency has in place.';
COMMENT ON COLUMN series.series_id IS 'Short key of the readings.';
COMMENT ON COLUMN series.station_id IS 'The gauge.';
COMMENT ON COLUMN series.parameter_code IS 'What is measured, by USGS parameter code: 00060 is discharge, 00065 stage.';
COMMENT ON COLUMN series.statistic IS 'USGS statistic code: 00011 is instantaneous, 00003 the daily mean.';
COMMENT ON COLUMN series.method IS 'Tells several sensors of one parameter apart; empty for the primary one.';
COMMENT ON COLUMN series.unit IS 'The agency''s unit: ft, ft^3/s.';
COMMENT ON COLUMN series.upstream_series_id IS 'The agency''s own id, which changes when it replaces a sensor; NULL where there is none, or where another series has it now.';
COMMENT ON COLUMN series.is_primary IS 'The agency''s choice among several sensors. Readings of the others are not stored.';
COMMENT ON COLUMN series.staleness_minutes IS 'A newest reading that is older than this, strictly, makes the series stale. An operator may change it.';
COMMENT ON COLUMN series.begins IS 'First time of the series according to the agency.';
COMMENT ON COLUMN series.ends IS 'Last time of the series according to the agency, as of the last discovery.';
COMMENT ON COLUMN series.created_at IS 'When the series was first seen.';
COMMENT ON COLUMN series.updated_at IS 'When a column of this row last changed.';

-- No foreign key on the two tables of measurements: its trigger is more than half of the time of a load. Their
-- one insert locks and joins the rows of series, which guarantees the same. The order of the columns leaves no
-- padding: 8 bytes a row less than with the flag at the end. Infinity and NaN are greater than any number.
CREATE TABLE gauge_readings (
    series_id    integer          NOT NULL,
    approved     boolean          NOT NULL,
    reading_time timestamptz      NOT NULL,
    value        double precision NOT NULL CHECK (value > -999000 AND value < 'Infinity'),
    modified_at  timestamptz      NOT NULL,
    received_at  timestamptz      NOT NULL DEFAULT now(),
    qualifiers   text[],
    PRIMARY KEY (series_id, reading_time)
) PARTITION BY RANGE (reading_time);

COMMENT ON TABLE gauge_readings IS 'Instantaneous values of the primary series. Only real measurements; absence is no row. A partition for each month, made by ensure_partition.';
COMMENT ON COLUMN gauge_readings.series_id IS 'The series.';
COMMENT ON COLUMN gauge_readings.approved IS 'The agency has approved the value; otherwise it is provisional.';
COMMENT ON COLUMN gauge_readings.reading_time IS 'When it was measured.';
COMMENT ON COLUMN gauge_readings.value IS 'In the unit of the series. Can be negative: stage on an odd datum.';
COMMENT ON COLUMN gauge_readings.modified_at IS 'When the agency last changed the value. The newest wins, in whatever order they arrive.';
COMMENT ON COLUMN gauge_readings.received_at IS 'When this value was stored.';
COMMENT ON COLUMN gauge_readings.qualifiers IS 'The agency''s words about the value: {ESTIMATED}; NULL without any.';

CREATE TABLE daily_values (
    series_id    integer          NOT NULL,
    reading_date date             NOT NULL,
    value        double precision NOT NULL CHECK (value > -999000 AND value < 'Infinity'),
    modified_at  timestamptz      NOT NULL,
    received_at  timestamptz      NOT NULL DEFAULT now(),
    approved     boolean          NOT NULL,
    qualifiers   text[],
    PRIMARY KEY (series_id, reading_date)
);

COMMENT ON TABLE daily_values IS 'The agency''s own daily statistics of the primary series. Never mixed with instantaneous values.';
COMMENT ON COLUMN daily_values.series_id IS 'The series; its statistic tells mean, minimum, maximum apart.';
COMMENT ON COLUMN daily_values.reading_date IS 'The local day of the gauge, as the agency writes it.';
COMMENT ON COLUMN daily_values.value IS 'In the unit of the series. Can be negative.';
COMMENT ON COLUMN daily_values.modified_at IS 'When the agency last changed the value. The newest wins, in whatever order they arrive.';
COMMENT ON COLUMN daily_values.received_at IS 'When this value was stored.';
COMMENT ON COLUMN daily_values.approved IS 'The agency has approved the value; otherwise it is provisional.';
COMMENT ON COLUMN daily_values.qualifiers IS 'The agency''s words about the value: {ESTIMATED}; NULL without any.';

-- A role that is not the owner cannot make partitions, so the owner's function does it, and only for months
-- that a reading can be of. PARTITION OF would wait behind every open transaction that has read the table, and
-- everybody else behind it; ATTACH does not. The new table is empty, so ATTACH has nothing to check.
CREATE FUNCTION ensure_partition(month date) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    first_day CONSTANT timestamptz := date_trunc('month', month::timestamptz);
    partition CONSTANT text := to_char(first_day, '"gauge_readings_"YYYY"_"MM');
BEGIN
    IF month IS NULL OR first_day < '1900-01-01' OR first_day > clock_timestamp() + interval '1 year' THEN
        RAISE EXCEPTION 'no partition for %: readings are from 1900 to a year from now', month
            USING ERRCODE = 'datetime_field_overflow';
    END IF;
    -- The second of two callers waits here, and then finds the first one's partition.
    PERFORM pg_advisory_xact_lock(hashtextextended(partition, 0));
    IF to_regclass('public.' || partition) IS NOT NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE public.%I (LIKE public.gauge_readings INCLUDING ALL)', partition);
    EXECUTE format('ALTER TABLE public.gauge_readings ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
                   partition, first_day, first_day + interval '1 month');
    RETURN true;
END $$;

REVOKE ALL ON FUNCTION ensure_partition(date) FROM PUBLIC;
COMMENT ON FUNCTION ensure_partition(date) IS 'Makes the partition of gauge_readings for a month (UTC) if it is missing; says whether it did. Needs a transaction of its own.';
