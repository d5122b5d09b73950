-- Puts somebody on the list of those who could not be told, for a purpose; of
-- several the newest stands. The list is bounded: the oldest give way.
--
-- KEYS  1 list              2 list data             3 changed
-- ARGV  1 id                2 since, ms               3 why
--       4 most              5 submission's local id 6 entries of changed to keep, about
-- Answers
--    1  they are on the list
--    0  something newer is; nothing was done

local before = redis.call('ZSCORE', KEYS[1], ARGV[1])
if before and tonumber(before) > tonumber(ARGV[2]) then
  return 0
end
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[3])
local over = redis.call('ZCARD', KEYS[1]) - tonumber(ARGV[4])
if over > 0 then
  local oldest = redis.call('ZRANGE', KEYS[1], 0, over - 1)
  redis.call('ZREM', KEYS[1], unpack(oldest))
  redis.call('HDEL', KEYS[2], unpack(oldest))
end
redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[6], '*', 's', ARGV[5])
return 1
