-- Counts the inboxes of members in one round trip. It only reads.
--
-- Besides KEYS it reads the inboxes, whose keys are KEYS[1] and a member's id,
-- in the same slot.
--
-- KEYS  1 prefix of the inboxes' keys (no key itself: it names the slot)
-- ARGV  member ids
-- Answers the counts in the members' order, joined by spaces

local counts = {}
for i = 1, #ARGV do
  counts[i] = redis.call('ZCARD', KEYS[1] .. ARGV[i])
end
return table.concat(counts, ' ')
