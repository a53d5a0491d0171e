-- A document that is kept can be read again, and one that an operator brought can be read at all, without a download.

-- No foreign key: documents are never deleted, and its check would make every new job wait for whoever locks them.
ALTER TABLE import_jobs ADD COLUMN document_id bigint;
COMMENT ON COLUMN import_jobs.document_id IS 'A kept document (source_documents.id) to be read instead of a download; NULL, as nearly always, for a download.';
COMMENT ON COLUMN import_jobs.source IS 'Who asked: discovery, operator, message, refresh, schedule, reparse, or the kind of document in which the gauge was found.';
COMMENT ON COLUMN import_jobs.priority IS 'Higher first. 0 is automatic, 1 a document to be read again, 10 an operator''s.';
COMMENT ON COLUMN import_jobs.subject IS 'Which one: a station id for fopr; a water year for water_year (2023); a month for monthly_pdf (2019-11); a station id and its water years for usgs_daily (05568500:1940-1949) and usgs_continuous (05568500:2024).';

ALTER TABLE source_documents
    ALTER COLUMN parser_version DROP NOT NULL,
    DROP CONSTRAINT source_documents_outcome_check,
    ADD CONSTRAINT source_documents_outcome_check
        CHECK (outcome IN ('imported', 'superseded', 'invalid', 'offered')),
    ADD CONSTRAINT source_documents_read_check CHECK (outcome = 'offered' OR parser_version IS NOT NULL);
COMMENT ON TABLE source_documents IS 'Every document that was downloaded or offered by an operator, and what became of it.';
COMMENT ON COLUMN source_documents.parser_version IS 'Version of the parser that last read it; NULL before the first.';
COMMENT ON COLUMN source_documents.outcome IS 'imported, superseded (a newer one had been imported), invalid, or offered (an operator brought it, and nobody has read it yet).';
