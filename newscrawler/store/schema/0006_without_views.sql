-- Archives of version 5 differed in their views: all of them get those of 0005 anew.
DROP VIEW IF EXISTS article_list;
DROP VIEW IF EXISTS articles_per_month;
DROP VIEW IF EXISTS articles_per_section;
DROP VIEW IF EXISTS articles_per_reporter;
DROP VIEW IF EXISTS keywords_per_year;
DROP VIEW IF EXISTS coverage_by_month;
DROP VIEW IF EXISTS gaps;
DROP VIEW IF EXISTS edits;
DROP VIEW IF EXISTS reprints;
