-- What the documents about many gauges say in their footnotes, in their own words.

CREATE TABLE rain_footnotes (
    data_source text    NOT NULL CHECK (data_source <> ''),
    position    integer NOT NULL CHECK (position > 0),
    place       text    NOT NULL,
    station_id  text,
    text        text    NOT NULL,
    understood  boolean NOT NULL,
    PRIMARY KEY (data_source, position)
);
CREATE INDEX rain_footnotes_station ON rain_footnotes (station_id);

COMMENT ON TABLE rain_footnotes IS 'Footnotes of the newest document of each source, also those that no program understands.';
COMMENT ON COLUMN rain_footnotes.data_source IS 'The document: excel_WY_2023, pdf_1119.';
COMMENT ON COLUMN rain_footnotes.position IS 'Its place among the footnotes of the document, from 1.';
COMMENT ON COLUMN rain_footnotes.place IS 'Sheet or page, and the number of the footnote there.';
COMMENT ON COLUMN rain_footnotes.station_id IS 'The gauge that it names, which need not be one that is known; NULL where it names none.';
COMMENT ON COLUMN rain_footnotes.text IS 'The agency''s words.';
COMMENT ON COLUMN rain_footnotes.understood IS 'It became gaps or qualities.';
