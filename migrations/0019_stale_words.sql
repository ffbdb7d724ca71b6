-- Deletes the words of one member by the whole beginning of an index. A DELETE with a list of pairs would be planned by
-- the statistics: the planner then reads all words of an organization for each member.
CREATE VIEW stale_member_words AS SELECT organization, user FROM member_words;

CREATE TRIGGER stale_member_words_delete INSTEAD OF INSERT ON stale_member_words
BEGIN
  DELETE FROM member_words WHERE organization = NEW.organization AND unlikely(user = NEW.user);
END;
