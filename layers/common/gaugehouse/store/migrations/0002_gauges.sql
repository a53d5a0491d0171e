CREATE TABLE gauges (
    station_id      text             PRIMARY KEY CHECK (station_id ~ '^[A-Za-z0-9][A-Za-z0-9:_.-]{0,39}$'),
    network         text             NOT NULL CHECK (network <> ''),
    name            text             NOT NULL,
    previous_ids    text[]           NOT NULL DEFAULT '{}',
    gauge_type      text,
    latitude        double precision,
    longitude       double precision,
    elevation_ft    double precision,
    city            text,
    county          text,
    location        text,
    data_begins     date,
    time_zone       text             NOT NULL,
    metadata_source text             NOT NULL,
    remarks         text,
    fopr_metadata   jsonb,
    created_at      timestamptz      NOT NULL DEFAULT now(),
    updated_at      timestamptz      NOT NULL DEFAULT now()
);

COMMENT ON TABLE gauges IS 'One row per gauge of any network, from the moment it is first seen.';
COMMENT ON COLUMN gauges.station_id IS 'The agency''s own id, as text. A network whose ids could clash prefixes them (pima:2020).';
COMMENT ON COLUMN gauges.network IS 'The agency that runs the gauge: mcfcd, usgs.';
COMMENT ON COLUMN gauges.name IS 'The agency''s name of the gauge.';
COMMENT ON COLUMN gauges.previous_ids IS 'Ids that the agency used for this gauge before.';
COMMENT ON COLUMN gauges.gauge_type IS 'The agency''s word: Rain, Rain / Stage.';
COMMENT ON COLUMN gauges.latitude IS 'Decimal degrees, north positive.';
COMMENT ON COLUMN gauges.longitude IS 'Decimal degrees, east positive (Arizona is negative).';
COMMENT ON COLUMN gauges.elevation_ft IS 'Feet above sea level.';
COMMENT ON COLUMN gauges.city IS 'In or nearest city or town.';
COMMENT ON COLUMN gauges.county IS 'County.';
COMMENT ON COLUMN gauges.location IS 'Where it stands, in the agency''s words.';
COMMENT ON COLUMN gauges.data_begins IS 'First day of the record according to the agency; readings can begin earlier.';
COMMENT ON COLUMN gauges.time_zone IS 'IANA zone in which the gauge''s days begin and end.';
COMMENT ON COLUMN gauges.metadata_source IS 'Which document told the columns of this row: gauge_list, fopr.';
COMMENT ON COLUMN gauges.remarks IS 'The agency''s remarks on the record.';
COMMENT ON COLUMN gauges.fopr_metadata IS 'Everything else that the full-record document says: storms, frequency table, warnings.';
COMMENT ON COLUMN gauges.created_at IS 'When the gauge was first seen.';
COMMENT ON COLUMN gauges.updated_at IS 'When a column of this row last changed.';

CREATE TABLE gauge_summaries (
    station_id                text        PRIMARY KEY REFERENCES gauges,
    gauge_name                text        NOT NULL,
    rainfall_past_6h_inches   numeric     CHECK (rainfall_past_6h_inches >= 0 AND rainfall_past_6h_inches < 1000),
    rainfall_past_24h_inches  numeric     CHECK (rainfall_past_24h_inches >= 0 AND rainfall_past_24h_inches < 1000),
    forecast_zone             text,
    observed_at               timestamptz NOT NULL,
    received_at               timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE gauge_summaries IS 'The newest entry of each gauge on its agency''s list. Never replaced by an older one.';
COMMENT ON COLUMN gauge_summaries.station_id IS 'The gauge.';
COMMENT ON COLUMN gauge_summaries.gauge_name IS 'The name on the list; the full record may spell it otherwise.';
COMMENT ON COLUMN gauge_summaries.rainfall_past_6h_inches IS 'Inches in the 6 hours before observed_at. NULL is missing; 0 is dry.';
COMMENT ON COLUMN gauge_summaries.rainfall_past_24h_inches IS 'Inches in the 24 hours before observed_at. NULL is missing; 0 is dry.';
COMMENT ON COLUMN gauge_summaries.forecast_zone IS 'The agency''s forecast zone; NULL where it has none.';
COMMENT ON COLUMN gauge_summaries.observed_at IS 'The time that the list states for its totals.';
COMMENT ON COLUMN gauge_summaries.received_at IS 'When we stored it.';
