-- Adds an entry to the undelivered list, for a receiver and a purpose; it replaces
-- an older one. The list has no bound: no entry is dropped to make room.
--
-- KEYS  1 list              2 list data             3 index by id
--       4 changed
-- ARGV  1 id                2 since, ms               3 why
--       4 submission's local id, or a document's name
--       5 entries of changed to keep, about
-- Answers
--    1  they are on the list
--    0  something newer is; nothing was done

local before = redis.call('ZSCORE', KEYS[1], ARGV[1])
if before and tonumber(before) > tonumber(ARGV[2]) then
  return 0
end
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[3])
redis.call('ZADD', KEYS[3], 0, ARGV[1])
redis.call('XADD', KEYS[4], 'MAXLEN', '~', ARGV[5], '*', string.find(ARGV[4], '/', 1, true) and 'd' or 's', ARGV[4])
return 1
