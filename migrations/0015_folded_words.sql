-- How far the words by which members are found have been made anew. SQLite cannot fold letters, so the cron does it,
-- a bounded number of members each time, and forgets the place at the end. A later rule for words puts a row here again.
CREATE TABLE member_words_progress (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  organization TEXT NOT NULL,
  user TEXT NOT NULL
) STRICT;

INSERT INTO member_words_progress (id, organization, user) VALUES (1, '', '');
