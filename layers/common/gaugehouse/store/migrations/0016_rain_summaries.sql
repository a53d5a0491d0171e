-- Monthly and water-year rainfall of each gauge, which say of themselves whether they are complete.
--
-- Every day of a month or water year is one of four: present (a value), missing (a document says so), before
-- the record (the gauge did not measure yet), or untold (in no document that was imported: because nobody
-- imported it, because it is not published yet, or because the day is still to come). So the current water
-- year is not full of holes on its second day, a year that was never imported is not mistaken for an outage,
-- and the four always add up to the days of the calendar.
-- Both views read one gauge by the primary key, and a single year or month of it as a range of that key.

CREATE VIEW rain_extents AS
SELECT gauge.station_id, first.reading_date AS first_day,
       greatest(last.reading_date, upper(told.missing) - 1) AS last_day,
       told.missing AS missing_days
FROM gauges AS gauge
CROSS JOIN LATERAL (
    SELECT reading_date FROM rain_readings AS reading
    WHERE reading.station_id = gauge.station_id ORDER BY reading_date LIMIT 1
) AS first
CROSS JOIN LATERAL (
    SELECT reading_date FROM rain_readings AS reading
    WHERE reading.station_id = gauge.station_id ORDER BY reading_date DESC LIMIT 1
) AS last
CROSS JOIN LATERAL (
    -- Cut here, once for each gauge: outside of the aggregate it would be done once for each day.
    SELECT coalesce(range_agg(missing), '{}') * datemultirange(daterange(first.reading_date, NULL)) AS missing
    FROM gauge_documents AS document
    WHERE document.station_id = gauge.station_id
) AS told;

COMMENT ON VIEW rain_extents IS 'From when to when the record of daily rainfall of each gauge reaches. Gauges without a value are not in it.';
COMMENT ON COLUMN rain_extents.first_day IS 'The first day with a value.';
COMMENT ON COLUMN rain_extents.last_day IS 'The last day with a value, or that a document calls missing.';
COMMENT ON COLUMN rain_extents.missing_days IS 'The days from then on that a document calls missing, whether or not another one has a value.';

CREATE VIEW water_year_rainfall AS
SELECT extent.station_id, year.water_year, year.first_day, year.last_day,
       rain.total_inches, rain.monsoon_inches,
       rain.days AS days_present,
       gap.days - rain.days_in_gaps AS days_missing,
       greatest(extent.first_day - year.first_day, 0) AS days_before_record,
       year.last_day - year.first_day + 1 - rain.days - (gap.days - rain.days_in_gaps)
           - greatest(extent.first_day - year.first_day, 0) AS days_untold,
       rain.incomplete_days AS days_incomplete,
       rain.days = year.last_day - year.first_day + 1 AND rain.incomplete_days = 0 AS is_complete,
       -- 15 June to 30 September
       rain.monsoon_days = 108 AND rain.incomplete_monsoon_days = 0 AS monsoon_is_complete,
       rain.wet_days, rain.max_day_inches,
       CASE WHEN rain.max_day_inches > 0 THEN rain.max_day END AS max_day,
       rain.sources
FROM rain_extents AS extent
CROSS JOIN LATERAL (
    SELECT number AS water_year, make_date(number - 1, 10, 1) AS first_day, make_date(number, 9, 30) AS last_day
    FROM generate_series(
        extract(year FROM extent.first_day + interval '3 months')::int,
        extract(year FROM extent.last_day + interval '3 months')::int
    ) AS number
) AS year
CROSS JOIN LATERAL (
    SELECT coalesce(sum(upper(span) - lower(span)), 0)::int AS days
    FROM unnest(
        extent.missing_days * datemultirange(daterange(year.first_day, year.last_day, '[]'))
    ) AS span
) AS gap
CROSS JOIN LATERAL (
    SELECT count(*)::int AS days,
           (count(*) FILTER (WHERE reading_date <@ extent.missing_days))::int AS days_in_gaps,
           sum(rainfall_inches) AS total_inches,
           sum(rainfall_inches) FILTER (WHERE in_monsoon) AS monsoon_inches,
           (count(*) FILTER (WHERE in_monsoon))::int AS monsoon_days,
           (count(*) FILTER (WHERE quality = 'incomplete'))::int AS incomplete_days,
           (count(*) FILTER (WHERE quality = 'incomplete' AND in_monsoon))::int AS incomplete_monsoon_days,
           (count(*) FILTER (WHERE rainfall_inches >= 0.01))::int AS wet_days,
           max(rainfall_inches) AS max_day_inches,
           (array_agg(reading_date ORDER BY rainfall_inches DESC, reading_date))[1] AS max_day,
           array_agg(DISTINCT data_source ORDER BY data_source) AS sources
    FROM (
        SELECT reading_date, rainfall_inches, quality, data_source,
               reading_date >= make_date(year.water_year, 6, 15) AS in_monsoon
        FROM rain_readings AS reading
        WHERE reading.station_id = extent.station_id
            AND reading.reading_date BETWEEN year.first_day AND year.last_day
    ) AS day
) AS rain;

COMMENT ON VIEW water_year_rainfall IS 'Rainfall of each gauge and water year from its first value to the end of its record, and how complete it is. The four counts of days add up to the year: present, missing, before the record, untold.';
COMMENT ON COLUMN water_year_rainfall.water_year IS 'Water year N runs from 1 October N-1 to 30 September N.';
COMMENT ON COLUMN water_year_rainfall.total_inches IS 'Sum of the days that are present: a lower bound unless is_complete. NULL where no day is present.';
COMMENT ON COLUMN water_year_rainfall.monsoon_inches IS 'Its part from 15 June to 30 September; NULL where no day of these is present.';
COMMENT ON COLUMN water_year_rainfall.days_present IS 'Days with a value; a dry day is one.';
COMMENT ON COLUMN water_year_rainfall.days_missing IS 'Days without a value that a document calls missing.';
COMMENT ON COLUMN water_year_rainfall.days_before_record IS 'Days before the first value of the gauge. They are not missing.';
COMMENT ON COLUMN water_year_rainfall.days_untold IS 'Days of which no imported document tells: not imported, not published yet, or still to come. They are not missing.';
COMMENT ON COLUMN water_year_rainfall.days_incomplete IS 'Days present whose value is a lower bound, since part of the day is missing.';
COMMENT ON COLUMN water_year_rainfall.is_complete IS 'Every day of the whole year is present and none of them is incomplete. The first and the current year are not.';
COMMENT ON COLUMN water_year_rainfall.monsoon_is_complete IS 'The same of the 108 days of the monsoon.';
COMMENT ON COLUMN water_year_rainfall.wet_days IS 'Days with 0.01 in or more, which is what is called measurable.';
COMMENT ON COLUMN water_year_rainfall.max_day_inches IS 'The most on one day.';
COMMENT ON COLUMN water_year_rainfall.max_day IS 'The first day with the most; NULL where it never rained.';
COMMENT ON COLUMN water_year_rainfall.sources IS 'The documents that set the values.';

CREATE VIEW monthly_rainfall_summary AS
SELECT extent.station_id, month.first_day AS month,
       extract(year FROM month.first_day + interval '3 months')::int AS water_year,
       rain.total_inches, rain.monsoon_inches,
       rain.days AS days_present,
       gap.days - rain.days_in_gaps AS days_missing,
       greatest(extent.first_day - month.first_day, 0) AS days_before_record,
       month.last_day - month.first_day + 1 - rain.days - (gap.days - rain.days_in_gaps)
           - greatest(extent.first_day - month.first_day, 0) AS days_untold,
       rain.incomplete_days AS days_incomplete,
       rain.days = month.last_day - month.first_day + 1 AND rain.incomplete_days = 0 AS is_complete,
       rain.wet_days, rain.max_day_inches,
       CASE WHEN rain.max_day_inches > 0 THEN rain.max_day END AS max_day,
       rain.sources
FROM rain_extents AS extent
CROSS JOIN LATERAL (
    SELECT start::date AS first_day, (start + interval '1 month')::date - 1 AS last_day,
           make_date(extract(year FROM start)::int, 6, 15) AS monsoon_start,
           make_date(extract(year FROM start)::int, 9, 30) AS monsoon_end
    FROM generate_series(
        date_trunc('month', extent.first_day::timestamp), extent.last_day::timestamp, interval '1 month'
    ) AS start
) AS month
CROSS JOIN LATERAL (
    SELECT coalesce(sum(upper(span) - lower(span)), 0)::int AS days
    FROM unnest(
        extent.missing_days * datemultirange(daterange(month.first_day, month.last_day, '[]'))
    ) AS span
) AS gap
CROSS JOIN LATERAL (
    SELECT count(*)::int AS days,
           (count(*) FILTER (WHERE reading_date <@ extent.missing_days))::int AS days_in_gaps,
           sum(rainfall_inches) AS total_inches,
           sum(rainfall_inches) FILTER (
               WHERE reading_date BETWEEN month.monsoon_start AND month.monsoon_end) AS monsoon_inches,
           (count(*) FILTER (WHERE quality = 'incomplete'))::int AS incomplete_days,
           (count(*) FILTER (WHERE rainfall_inches >= 0.01))::int AS wet_days,
           max(rainfall_inches) AS max_day_inches,
           (array_agg(reading_date ORDER BY rainfall_inches DESC, reading_date))[1] AS max_day,
           array_agg(DISTINCT data_source ORDER BY data_source) AS sources
    FROM rain_readings AS reading
    WHERE reading.station_id = extent.station_id
        AND reading.reading_date BETWEEN month.first_day AND month.last_day
) AS rain;

COMMENT ON VIEW monthly_rainfall_summary IS 'Rainfall of each gauge and month from its first value to the end of its record. The columns mean what they mean in water_year_rainfall.';
COMMENT ON COLUMN monthly_rainfall_summary.month IS 'The first day of the month.';
COMMENT ON COLUMN monthly_rainfall_summary.monsoon_inches IS 'Its part from 15 June to 30 September; NULL where no day of these is present or in the month.';
