-- +goose Up
-- When somebody was forgotten: rooms where they still sit take their name away, too.
ALTER TABLE participants ADD COLUMN erased_at INTEGER;
CREATE INDEX participants_erased ON participants (erased_at) WHERE erased_at IS NOT NULL;

-- +goose Down
DROP INDEX participants_erased;
ALTER TABLE participants DROP COLUMN erased_at;
