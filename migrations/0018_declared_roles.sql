-- Which of its roles the operator declared when an invitation was made: an own role of the organization that ends
-- takes its invitations along, even if a role for all organizations has its key.

ALTER TABLE invitations ADD COLUMN declared_roles TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(declared_roles));
