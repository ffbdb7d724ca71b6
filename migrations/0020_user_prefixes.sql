-- Which prefixes of user ids were in force when the clock ran: `npm run doctor` refuses a deployment that takes one away
-- under which members are stored.

ALTER TABLE ticks ADD COLUMN users TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(users));
