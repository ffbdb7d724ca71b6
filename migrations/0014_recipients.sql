-- Where a message goes, in the form that addresses are compared by: erasing a user finds it however the
-- address was written. What was written before is ASCII, for which lower case is that form.
ALTER TABLE messages ADD COLUMN recipient TEXT;

UPDATE messages SET recipient = lower(notice ->> 'to');

DROP INDEX messages_by_recipient;
CREATE INDEX messages_by_recipient ON messages (recipient);
