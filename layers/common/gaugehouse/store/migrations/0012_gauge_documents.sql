-- Which days each document speaks of. rain_readings holds only the winner of a day, so it cannot tell that a newer
-- document confirmed it or calls the day missing: see docs/adr/0007-documents-are-remembered-by-their-days.md.

CREATE TABLE gauge_documents (
    station_id    text           NOT NULL REFERENCES gauges,
    data_source   text           NOT NULL CHECK (data_source <> ''),
    document_date date           NOT NULL,
    standing      smallint       NOT NULL CHECK (standing BETWEEN 1 AND 3),
    told          datemultirange NOT NULL,
    missing       datemultirange NOT NULL,
    PRIMARY KEY (station_id, data_source, document_date),
    CHECK (NOT told && missing),
    CHECK (NOT isempty(told) OR NOT isempty(missing))
);
CREATE INDEX gauge_documents_source ON gauge_documents (data_source);

COMMENT ON TABLE gauge_documents IS 'The days that official documents speak of, gauge by gauge. Of one source, each day stands with its newest document only.';
COMMENT ON COLUMN gauge_documents.station_id IS 'The gauge.';
COMMENT ON COLUMN gauge_documents.data_source IS 'The document: fopr, excel_WY_2023, pdf_1119.';
COMMENT ON COLUMN gauge_documents.document_date IS 'Its date; a newer document is the newer truth.';
COMMENT ON COLUMN gauge_documents.standing IS 'Who wins between documents of one date: 3 a full record, 2 another workbook, 1 a PDF, which has two decimals only.';
COMMENT ON COLUMN gauge_documents.told IS 'Days for which it has a number.';
COMMENT ON COLUMN gauge_documents.missing IS 'Days that it marks as missing.';

COMMENT ON COLUMN gauges.metadata_source IS 'Which document told the columns of this row: gauge_list, fopr, usgs_monitoring_location; water_year or monthly_pdf for a minimal row, which knows nothing but the id.';

-- What is stored already. A full record is a gauge's whole record, so that its newest document confirmed all the
-- days that older ones had brought.
WITH newest AS (
    SELECT subject AS station_id, max(document_date) AS document_date
    FROM source_documents WHERE source = 'fopr' AND outcome = 'imported'
    GROUP BY subject
), stored AS (
    SELECT reading.station_id, reading.data_source,
           CASE WHEN reading.data_source = 'fopr' THEN greatest(newest.document_date, reading.document_date)
                ELSE reading.document_date END AS document_date,
           daterange(reading.reading_date, reading.reading_date, '[]') AS days
    FROM rain_readings AS reading LEFT JOIN newest USING (station_id)
    WHERE reading.data_source <> 'live_scrape'
), told AS (
    SELECT station_id, data_source, document_date, range_agg(days) AS days
    FROM stored
    GROUP BY station_id, data_source, document_date
), latest AS (
    SELECT station_id, data_source, max(document_date) AS document_date FROM told GROUP BY station_id, data_source
), gap AS (
    SELECT gap.station_id, gap.source AS data_source,
           range_agg(daterange((gap.gap_start AT TIME ZONE gauge.time_zone)::date,
                               (gap.gap_start AT TIME ZONE gauge.time_zone)::date + gap.missing_days)) AS days
    FROM data_gaps AS gap JOIN gauges AS gauge USING (station_id)
    -- Days that hold no rainfall at all have no quality and no outage, and what was known of them stays.
    WHERE gap.parameter_code = '00045' AND gap.missing_days > 0 AND gap.source <> 'live_scrape'
        AND gap.notes IS DISTINCT FROM 'what the document holds here is no rainfall: see the rejected records'
    GROUP BY gap.station_id, gap.source
)
INSERT INTO gauge_documents (station_id, data_source, document_date, standing, told, missing)
SELECT told.station_id, told.data_source, told.document_date,
       CASE WHEN told.data_source = 'fopr' THEN 3 WHEN starts_with(told.data_source, 'pdf_') THEN 1 ELSE 2 END,
       told.days, coalesce(gap.days, '{}') - told.days
FROM told
LEFT JOIN latest USING (station_id, data_source, document_date)
LEFT JOIN gap ON gap.station_id = latest.station_id AND gap.data_source = latest.data_source;
