"""Descriptions of every table, view and column of the archive.

``docs/data-dictionary.md`` and the browser view are made from it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Description:
    about: str
    """What a row is."""
    columns: dict[str, str]


_SITE = "The paper's short name, e.g. amenews."
_IDX = "The article's number in the paper's addresses (view.php?idx=N)."
_ARTICLE_ID = "articles.id"
_POSITION = "1, 2, 3 … in the order of the page."

TABLES = {
    "articles": Description(
        "An article as last seen. Never deleted, even when the paper withdraws it.",
        {
            "id": "The archive's own key; other tables refer to it.",
            "site": _SITE,
            "idx": _IDX + " Unique together with site.",
            "url": "The permalink that the paper prints, whatever address was crawled.",
            "title": "The headline.",
            "subtitle": "The lines under the headline, if the page has them.",
            "section": "The part of the paper by name, if it is on the page or in a list.",
            "section_code": "The same as a code (mcode).",
            "byline": "The writer's line as printed.",
            "published_at": "When published, as printed, with the zone: "
            "2020-11-25T15:28:58+09:00. Empty if the page has no date.",
            "modified_at": "When last modified, as printed; empty if the page does not say so.",
            "body": "The text: paragraphs, a blank line between them; no captions, no boilerplate.",
            "recommend_count": "Recommendations by readers, as last seen.",
            "layout": "The skin of its page: classic, classic_variant, article_head.",
            "content_hash": "Of title, subtitle, body and captions; equal words, equal hash.",
            "duplicate_of": "articles.id of the original, if this is a reprint with the very "
            "same words; empty for the original.",
            "removed_at": "When a crawl first found it withdrawn (UTC); empty if it is not.",
            "first_fetched_at": "When it was first stored (UTC).",
            "last_fetched_at": "When it was last fetched successfully (UTC).",
            "parser_version": "Version of the parser that read it.",
        },
    ),
    "article_reporters": Description(
        "A reporter named in an article's byline.",
        {
            "article_id": _ARTICLE_ID,
            "position": _POSITION,
            "name": "Without the title 기자.",
            "email": "If the byline has one.",
        },
    ),
    "images": Description(
        "A picture of an article.",
        {
            "article_id": _ARTICLE_ID,
            "position": _POSITION,
            "url": "Its address, absolute. The picture itself is not stored.",
            "caption": "The words under it, without ▲; empty if there are none.",
        },
    ),
    "article_keywords": Description(
        "A keyword printed under an article.",
        {"article_id": _ARTICLE_ID, "position": _POSITION, "keyword": "As printed."},
    ),
    "revisions": Description(
        "A distinct text that an article has had, the current one included.",
        {
            "article_id": _ARTICLE_ID,
            "number": "1 is the first that was seen.",
            "fetched_at": "When this text was first seen (UTC).",
            "modified_at": "The modification time that the page then printed.",
            "title": "The headline then.",
            "subtitle": "The lines under it then.",
            "body": "The text then.",
            "content_hash": "As in articles.",
            "capture_id": "captures.id of the answer that brought it, if it was kept.",
        },
    ),
    "revision_texts": Description(
        "The table of the view revisions: the current text is not stored twice.",
        {
            "article_id": _ARTICLE_ID,
            "number": "As in revisions.",
            "fetched_at": "As in revisions.",
            "modified_at": "As in revisions.",
            "title": "Empty for the current text, which is in articles.",
            "subtitle": "Empty for the current text.",
            "body": "Empty for the current text.",
            "content_hash": "As in articles.",
            "capture_id": "As in revisions.",
        },
    ),
    "ledger": Description(
        "A number that was ever asked for, and its state.",
        {
            "site": _SITE,
            "idx": _IDX,
            "state": "Settled: article, missing (the site says that there is nothing), removed "
            "(it says withdrawn, or it was an article before), restricted (members only). "
            "Unsettled: pending (not tried yet), failed (no usable answer), unknown (an answer "
            "that is not understood).",
            "reason": "The evidence for the state, in a few words.",
            "http_status": "Of the last answer.",
            "attempts": "Requests made for it so far.",
            "failures": "Attempts in a row without a usable answer.",
            "last_attempt_at": "When it was last asked for (UTC): a gap was proven then.",
            "next_attempt_at": "When it is due again (UTC); empty: it is not.",
            "etag": "The ETag of the fetched version, for conditional requests.",
            "last_modified": "The Last-Modified of that version.",
            "code": "Why it waits, where that matters to the crawler: future (nothing there yet, "
            "above the highest article), disbelieved (the site called known articles missing "
            "too, or showed one article under many numbers), crashed (a run ended while it "
            "read the answer).",
            "silence": "The form of the last answer, if it had no message: its status, and "
            "its target or a digest of its text.",
            "silent_since": "Since when it has had that answer (UTC).",
        },
    ),
    "captures": Description(
        "A raw answer of the site, kept so that it can be parsed again without a request.",
        {
            "id": "Ascends in the order of arrival.",
            "site": _SITE,
            "idx": "The number that was asked for.",
            "fetched_at": "When it arrived (UTC).",
            "url": "The address that answered, after redirects.",
            "http_status": "The answer's status.",
            "headers": "The answer's headers, if body is not stored here (a JSON list of pairs); "
            "otherwise they are packed with the body.",
            "body": "Headers and body, compressed with zstd; empty if an earlier capture has "
            "the same body.",
            "body_length": "Bytes of the body before compression.",
            "dictionary_id": "dictionaries.id, if one is needed to decompress.",
            "revisit_of": "captures.id of the earlier one with the same body.",
            "digest": "SHA-256 of the body, in hex.",
            "verdict": "The verdict on the answer when it arrived.",
            "layout": "The skin that was recognised.",
            "parser_version": "Version of the parser that last read it.",
        },
    ),
    "dictionaries": Description(
        "A dictionary for the compression of captures, trained on pages of one skin.",
        {
            "id": "captures.dictionary_id",
            "site": _SITE,
            "layout": "The skin.",
            "trained_at": "When (UTC).",
            "samples": "Pages it was trained on.",
            "share": "Compressed bytes per byte of a page, when it was trained.",
            "data": "The dictionary (zstd).",
            "digest": "SHA-256 (hex) of the data; a damaged one makes its captures unreadable.",
        },
    ),
    "runs": Description(
        "A crawl.",
        {
            "id": "Ascends with time.",
            "site": _SITE,
            "selection": "What it was asked to fetch.",
            "started_at": "UTC.",
            "finished_at": "UTC; empty while it runs, or if it was killed.",
            "outcome": "How it ended: complete, unsettled, budget, blocked, down, changed …; "
            "running while it runs, or if it was killed.",
            "exit_code": "The exit code of the command.",
            "diagnosis": "One sentence on why it ended so.",
            "newest": "The highest number known to be published then.",
            "requests": "Requests made.",
            "bytes": "Bytes received.",
            "asked": "Numbers asked for.",
            "articles_new": "Articles stored for the first time.",
            "articles_changed": "Articles whose content had changed.",
            "articles_unchanged": "Articles fetched again without a change.",
            "missing": "Numbers without an article.",
            "removed": "Numbers found withdrawn.",
            "restricted": "Numbers found to be for members only.",
            "pending": "Numbers left in the state pending.",
            "failed": "Numbers without a usable answer.",
            "unknown": "Numbers whose answer was not understood.",
            "retries": "Requests that were retries.",
            "program": "Name and version of the program.",
            "settings": "The settings that differed from the defaults, as JSON.",
            "undated": "Articles without a date.",
            "left_over": "Articles with text in or next to the body that is in no field.",
            "head_words": "Articles with words next to the headline that are in no field.",
            "from_the_future": "Articles dated more than a day after they were fetched.",
            "caught_up_to": "The number up to which this run left no new number to ask for.",
            "reading": "The number whose answer is being read; it stays if the process dies.",
            "feed_dates_apart": "Articles whose date in the feed differs from the one on their "
            "page by more than a minute; counted in runs that read the feed.",
        },
    ),
    "sections": Description(
        "A section of a paper, learned from its menu.",
        {
            "site": _SITE,
            "code": "mcode in addresses; articles.section_code.",
            "name": "As printed in the menu.",
            "seen_at": "When last seen there (UTC).",
        },
    ),
    "gap_fingerprints": Description(
        "How a site answers for a number that cannot exist: equal answers mean a gap.",
        {
            "site": _SITE,
            "fingerprint": "Of the answer's content.",
            "learned_at": "When (UTC).",
            "reason": "What the answer said.",
        },
    ),
    "pairs_not_words": Description(
        "The full-text index (FTS5), not for words: MATCH with a plain word finds nothing in it. "
        "Write WHERE text LIKE '%수소경제%' on the view article_text, or found(id, '수소경제') in "
        "newscrawler sql. It holds pairs of characters; its rowid is articles.id.",
        {
            "body": "Of the body.",
            "title": "Of title and subtitle.",
            "captions": "Of the pictures' captions.",
        },
    ),
    "ledger_blocks": Description(
        "How many numbers of a block are in which state: a count of the ledger that triggers keep.",
        {
            "site": "The paper.",
            "block": "Numbers from 1000 × block to 1000 × block + 999.",
            "state": "As in ledger.",
            "future": "1: numbers that may still be published (ledger.code is future).",
            "numbers": "How many.",
        },
    ),
    "seals": Description(
        "A checksum for the rows of each table, so that verify finds damaged bytes. "
        "After changing rows by hand, delete these rows: the next crawl computes them again.",
        {
            "table_name": "The table that is sealed.",
            "rows": "Its rows.",
            "sum": "The sum of their 128-bit digests (BLAKE2b), in hex.",
        },
    ),
    "section_walks": Description(
        "How far newscrawler crawl --sections has come in a section's list.",
        {
            "site": _SITE,
            "code": "The section's.",
            "next_page": "The next page to read.",
            "finished_at": "When the list was read to its end (UTC); empty while it is not.",
        },
    ),
    "near_duplicates": Description(
        "Two articles that share at least half of their text. Filled by newscrawler duplicates; "
        "easier to read as the view reprints.",
        {
            "article_id": "articles.id of the one stored later.",
            "other_id": "articles.id of the other.",
            "similarity": "Share of the ten-character pieces of both bodies that they have in "
            "common: 0.5 to 1.",
            "found_at": "When (UTC).",
        },
    ),
    "sketches": Description(
        "Which articles have been compared for near_duplicates, and by what.",
        {
            "article_id": _ARTICLE_ID,
            "content_hash": "articles.content_hash of the text that was compared.",
            "method": "How the sketch was made; only equal ones can be compared.",
            "bands": "The sketch: 32-bit numbers, of which similar texts have some in common.",
        },
    ),
    "article_list": Description(
        "An article in one line, with the most used columns.",
        {
            "site": _SITE,
            "idx": _IDX,
            "day": "The day of publication, 2020-11-25.",
            "section": "The section's name, or its code if the name is not known.",
            "title": "The headline.",
            "reporters": "Names, separated by commas.",
            "keywords": "Separated by commas.",
            "pictures": "How many.",
            "characters": "Length of the body.",
            "revisions": "How many distinct texts it has had; 1: never edited.",
            "is_reprint": "1 if it has the very same words as another.",
            "is_removed": "1 if the paper has withdrawn it.",
            "url": "The permalink.",
            "article_id": _ARTICLE_ID,
        },
    ),
    "article_text": Description(
        "An article's words in one column, for a search in any program: "
        "SELECT idx, day, title FROM article_text WHERE text LIKE '%수소경제%'.",
        {
            "article_id": _ARTICLE_ID,
            "site": _SITE,
            "idx": _IDX,
            "day": "The day of publication, 2020-11-25.",
            "title": "The headline.",
            "text": "Title, subtitle, body and captions, separated by blank lines.",
        },
    ),
    "articles_per_month": Description(
        "A month of a paper.",
        {
            "site": _SITE,
            "month": "2020-11; empty for articles without a date.",
            "articles": "Published in it.",
            "reprints": "Of these, exact reprints.",
            "removed": "Of these, withdrawn since.",
            "mean_characters": "Mean length of a body.",
        },
    ),
    "articles_per_section": Description(
        "A section of a paper.",
        {
            "site": _SITE,
            "section": "Name, or code if the name is not known; empty: no section is known.",
            "articles": "In it.",
            "first_day": "Day of the oldest.",
            "last_day": "Day of the newest.",
        },
    ),
    "articles_per_reporter": Description(
        "A reporter of a paper, by name; namesakes are one row.",
        {
            "site": _SITE,
            "reporter": "Name.",
            "articles": "With this name in the byline.",
            "first_day": "Day of the oldest.",
            "last_day": "Day of the newest.",
        },
    ),
    "keywords_per_year": Description(
        "A keyword in a year.",
        {
            "site": _SITE,
            "keyword": "As printed.",
            "year": "Of publication.",
            "articles": "That carry it.",
        },
    ),
    "coverage_by_month": Description(
        "The numbers of a month by state: is the archive complete?",
        {
            "site": _SITE,
            "month": "A number without an article counts to the month of the nearest dated "
            "number below it; empty: there is none below.",
            "numbers": "Asked for.",
            "articles": "Of these, articles.",
            "missing": "Of these, missing.",
            "removed": "Of these, withdrawn.",
            "restricted": "Of these, for members only.",
            "unsettled": "Of these, waiting for another attempt (pending, failed, unknown).",
            "first_idx": "The lowest number.",
            "last_idx": "The highest number.",
        },
    ),
    "gaps": Description(
        "A range of numbers without an article, for one reason.",
        {
            "site": _SITE,
            "first_idx": "Where it begins.",
            "last_idx": "Where it ends, inclusive.",
            "numbers": "How many.",
            "state": "As in ledger; 'never asked' for numbers that no crawl has asked for.",
            "reason": "As in ledger.",
        },
    ),
    "edits": Description(
        "A change of an article's text after it was first seen.",
        {
            "site": _SITE,
            "idx": _IDX,
            "revision": "Number of the changed text, 2 or more.",
            "published_at": "When the article was published.",
            "modified_at": "When it was modified, as printed.",
            "noticed_at": "When a crawl saw the change (UTC).",
            "days_after": "Days from publication to the modification; to noticed_at if the page "
            "prints none.",
            "title_changed": "1 if the headline is another.",
            "body_changed": "1 if the text is another; with neither it was subtitle or caption.",
            "title_before": "The headline before.",
            "title_after": "The headline after.",
            "characters_before": "Length of the body before.",
            "characters_after": "Length of the body after.",
            "article_id": _ARTICLE_ID,
        },
    ),
    "reprints": Description(
        "An article and an earlier one with the same text, or much of it.",
        {
            "site": _SITE,
            "idx": "The later one.",
            "earlier_site": "The earlier one's paper.",
            "earlier_idx": "The earlier one.",
            "kind": "exact (the very same words) or near.",
            "similarity": "1 if exact; otherwise as in near_duplicates.",
            "title": "The later headline.",
            "earlier_title": "The earlier headline.",
            "published_at": "Of the later one.",
            "earlier_published_at": "Of the earlier one.",
        },
    ),
}
"""Tables and views, in the order in which a reader wants to meet them."""
